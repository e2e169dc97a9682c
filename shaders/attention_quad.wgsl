enable subgroups;
diagnostic(off, subgroup_uniformity);
// attention.wgsl for adapters where a load costs more than a multiplication, with the same formulas, shapes and parameters.
// One thread: ROWS neighbouring queries of one head. The four lanes of a quad go through the keys together, four at a time:
// each reads one key and one value, and the lanes exchange them.

@group(0) @binding(5) var<storage, read_write> y: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read_write> lse: array<f32>;

@compute @workgroup_size(32)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  // x: blocks of queries, y: heads, z: batch rows
  let lane = id.x % 4u;
  let t0 = id.x * ROWS;
  if ((id.x - lane) * ROWS >= p.length) { return; }
  let h = id.y;
  let row0 = id.z * p.length;
  let group = h / (p.heads / p.kv_heads);
  var query: array<vec4<f32>, D4_ROWS>;
  var sum = array<vec4<f32>, D4_ROWS>();
  var highest: array<f32, ROWS>;
  var total: array<f32, ROWS>;
  var range: array<vec2<u32>, ROWS>;
  var near = 0xffffffffu;
  var end = 0u;
  // unroll
  for (var r = 0u; r < ROWS; r++) {
    let m = row0 + min(t0 + r, p.length - 1u);
    // unroll
    for (var d = 0u; d < D4; d++) {
      query[r * D4 + d] = q[(m * p.heads + h) * D4 + d] * p.scale;
    }
    highest[r] = -3.4e38;
    total[r] = 0.0;
    range[r] = ranges[m];
    near = min(near, window_start(range[r], p.window));
    end = max(end, range[r].y);
  }
  near = quad_min(near);
  end = quad_max(end);
  // Blocks of four keys.
  for (var j0 = near; j0 < end; j0 += 4u) {
    let key = ((id.z * p.keys + min(j0 + lane, end - 1u)) * p.kv_heads + group) * D4;
    let j = vec4<u32>(j0) + (vec4<u32>(lane) ^ vec4<u32>(0u, 1u, 2u, 3u));
    var score = array<vec4<f32>, ROWS>();
    var keep: array<f32, ROWS>;
    // unroll
    for (var d = 0u; d < D4; d++) {
      let keys = quad_matrix(key4(key + d));
      // unroll
      for (var r = 0u; r < ROWS; r++) {
        score[r] += query[r * D4 + d] * keys;
      }
    }
    // unroll
    for (var r = 0u; r < ROWS; r++) {
      let seen = visible_keys(j, range[r], p.window);
      let s = select(vec4<f32>(-3.4e38), capped(score[r]), seen);
      let higher = max(highest[r], max(max(s.x, s.y), max(s.z, s.w)));
      keep[r] = exp(highest[r] - higher);
      highest[r] = higher;
      score[r] = select(vec4<f32>(0.0), exp(s - higher), seen);
      total[r] = total[r] * keep[r] + dot(score[r], vec4<f32>(1.0));
    }
    // unroll
    for (var d = 0u; d < D4; d++) {
      let values = quad_matrix(value4(key + d));
      // unroll
      for (var r = 0u; r < ROWS; r++) {
        sum[r * D4 + d] = sum[r * D4 + d] * keep[r] + values * score[r];
      }
    }
  }
  // unroll
  for (var r = 0u; r < ROWS; r++) {
    if (t0 + r < p.length) {
      let at = (row0 + t0 + r) * p.heads + h;
      let all = select(total[r], 1.0, total[r] == 0.0);
      // unroll
      for (var d = 0u; d < D4; d++) {
        y[at * D4 + d] = sum[r * D4 + d] / all;
      }
      lse[at * 2u] = log(all) + highest[r];
    }
  }
}
