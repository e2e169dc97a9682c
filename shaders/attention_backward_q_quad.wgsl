enable subgroups;
diagnostic(off, subgroup_uniformity);
// attention_backward_q.wgsl for adapters where a load costs more than a multiplication, with the same formulas, shapes and
// parameters. One thread: ROWS neighbouring queries of one head; a quad goes through the keys together, as in attention_quad.

@group(0) @binding(5) var<storage, read_write> y: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read_write> lse: array<f32>;
@group(0) @binding(7) var<storage, read_write> dy: array<vec4<f32>>;
@group(0) @binding(8) var<storage, read_write> dq: array<vec4<f32>>;

@compute @workgroup_size(32)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let lane = id.x % 4u;
  let t0 = id.x * ROWS;
  if ((id.x - lane) * ROWS >= p.length) { return; }
  let h = id.y;
  let row0 = id.z * p.length;
  let group = h / (p.heads / p.kv_heads);
  var query: array<vec4<f32>, D4_ROWS>;
  var upstream: array<vec4<f32>, D4_ROWS>;
  var sum = array<vec4<f32>, D4_ROWS>();
  var delta = array<f32, ROWS>();
  var norm: array<f32, ROWS>;
  var range: array<vec2<u32>, ROWS>;
  var near = 0xffffffffu;
  var end = 0u;
  // unroll
  for (var r = 0u; r < ROWS; r++) {
    let m = row0 + min(t0 + r, p.length - 1u);
    let at = m * p.heads + h;
    // unroll
    for (var d = 0u; d < D4; d++) {
      query[r * D4 + d] = q[at * D4 + d] * p.scale;
      upstream[r * D4 + d] = dy[at * D4 + d];
      delta[r] += dot(upstream[r * D4 + d], y[at * D4 + d]);
    }
    norm[r] = lse[at * 2u];
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
    var keys: array<mat4x4<f32>, D4>;
    var score = array<vec4<f32>, ROWS>();
    var change = array<vec4<f32>, ROWS>();
    // unroll
    for (var d = 0u; d < D4; d++) {
      keys[d] = quad_matrix(k[key + d]);
      let values = quad_matrix(v[key + d]);
      // unroll
      for (var r = 0u; r < ROWS; r++) {
        score[r] += query[r * D4 + d] * keys[d];
        change[r] += upstream[r * D4 + d] * values;
      }
    }
    // unroll
    for (var r = 0u; r < ROWS; r++) {
      let seen = visible_keys(j, range[r], p.window);
      let s = capped(score[r]);
      score[r] = select(vec4<f32>(0.0), exp(s - norm[r]) * (change[r] - delta[r]) * capped_slope(s), seen);
    }
    // unroll
    for (var d = 0u; d < D4; d++) {
      // unroll
      for (var r = 0u; r < ROWS; r++) {
        sum[r * D4 + d] += keys[d] * score[r];
      }
    }
  }
  // unroll
  for (var r = 0u; r < ROWS; r++) {
    if (t0 + r < p.length) {
      let at = (row0 + t0 + r) * p.heads + h;
      // unroll
      for (var d = 0u; d < D4; d++) {
        dq[at * D4 + d] = sum[r * D4 + d] * p.scale;
      }
      lse[at * 2u + 1u] = delta[r];
    }
  }
}
