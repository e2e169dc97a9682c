enable subgroups;
diagnostic(off, subgroup_uniformity);
// attention_backward_kv.wgsl for adapters where a load costs more than a multiplication, with the same formulas, shapes and
// parameters. One thread: ROWS neighbouring keys of one key/value head. The four lanes of a quad go through the queries together,
// four at a time: each reads one query and its gradient, and the lanes exchange them.

@group(0) @binding(5) var<storage, read_write> lse: array<vec2<f32>>;
@group(0) @binding(6) var<storage, read_write> dy: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read_write> dk: array<vec4<f32>>;
@group(0) @binding(8) var<storage, read_write> dv: array<vec4<f32>>;

@compute @workgroup_size(32)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let lane = id.x % 4u;
  let j0 = id.x * ROWS;
  let quad_start = (id.x - lane) * ROWS;
  if (quad_start >= p.keys) { return; }
  let group = id.y;
  let row0 = id.z * p.length;
  let shared_by = p.heads / p.kv_heads;
  var key: array<vec4<f32>, D4_ROWS>;
  var value: array<vec4<f32>, D4_ROWS>;
  var key_sum = array<vec4<f32>, D4_ROWS>();
  var value_sum = array<vec4<f32>, D4_ROWS>();
  // unroll
  for (var r = 0u; r < ROWS; r++) {
    let at = ((id.z * p.keys + min(j0 + r, p.keys - 1u)) * p.kv_heads + group) * D4;
    // unroll
    for (var d = 0u; d < D4; d++) {
      key[r * D4 + d] = k[at + d] * p.scale;
      value[r * D4 + d] = v[at + d];
    }
  }
  let start = max(quad_start, p.prefix) - p.prefix;
  var stop = p.length;
  if (p.window < p.keys) { stop = min(p.length, max(quad_start + 4u * ROWS - 1u + p.window, p.prefix) - p.prefix); }
  // One loop over blocks of four queries and the heads that share the key. Two loops would copy all sums more often.
  for (var i = 0u; i < (max(stop, start) - start + 3u) / 4u * shared_by; i++) {
    let t = start + i / shared_by * 4u + lane;
    let m = row0 + min(t, stop - 1u);
    // A query beyond the last sees nothing.
    let range = select(vec2<u32>(0u), ranges[m], t < stop);
    let range_start = quad_vector_u32(range.x);
    let range_end = quad_vector_u32(range.y);
    let at = m * p.heads + group * shared_by + i % shared_by;
    let kept = lse[at];
    let norm = quad_vector(kept.x);
    let delta = quad_vector(kept.y);
    var queries: array<mat4x4<f32>, D4>;
    var upstream: array<mat4x4<f32>, D4>;
    var score = array<vec4<f32>, ROWS>();
    var change = array<vec4<f32>, ROWS>();
    // unroll
    for (var d = 0u; d < D4; d++) {
      queries[d] = quad_matrix(q[at * D4 + d]);
      upstream[d] = quad_matrix(dy[at * D4 + d]);
      // unroll
      for (var r = 0u; r < ROWS; r++) {
        score[r] += key[r * D4 + d] * queries[d];
        change[r] += value[r * D4 + d] * upstream[d];
      }
    }
    // unroll
    for (var r = 0u; r < ROWS; r++) {
      let seen = visible_from(j0 + r, range_start, range_end, p.window);
      let s = capped(score[r]);
      score[r] = select(vec4<f32>(0.0), exp(s - norm), seen);
      change[r] = score[r] * (change[r] - delta) * capped_slope(s);
    }
    // unroll
    for (var d = 0u; d < D4; d++) {
      // unroll
      for (var r = 0u; r < ROWS; r++) {
        key_sum[r * D4 + d] += queries[d] * change[r];
        value_sum[r * D4 + d] += upstream[d] * score[r];
      }
    }
  }
  // unroll
  for (var r = 0u; r < ROWS; r++) {
    if (j0 + r < p.keys) {
      let at = ((id.z * p.keys + j0 + r) * p.kv_heads + group) * D4;
      // unroll
      for (var d = 0u; d < D4; d++) {
        dk[at + d] = key_sum[r * D4 + d] * p.scale;
        dv[at + d] = value_sum[r * D4 + d];
      }
    }
  }
}
