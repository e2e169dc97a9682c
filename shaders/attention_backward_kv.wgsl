// dk and dv of attention.wgsl (Dao 2022, algorithm 4), summed over the queries and the heads that share a key:
//   dv_j = Σ p dy, dk_j = scale Σ ds q;  lse holds (log-sum-exp, δ) from the previous two kernels
//   q, dy: f32 [B · T, H, D], k, v, dk, dv: f32 [B · Tk, K, D], ranges: vec2<u32> [B · T], lse: f32 [B · T, H, 2]
// One thread: ROWS neighbouring keys of one key/value head, all queries that see them. Queries t to t + window − 1 see the key
// prefix + t; keys of the prefix have a negative t.

@group(0) @binding(5) var<storage, read_write> lse: array<f32>;
@group(0) @binding(6) var<storage, read_write> dy: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read_write> dk: array<vec4<f32>>;
@group(0) @binding(8) var<storage, read_write> dv: array<vec4<f32>>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let j0 = id.x * ROWS;
  if (j0 >= p.keys) { return; }
  let group = id.y;
  let row0 = id.z * p.length;
  let shared_by = p.heads / p.kv_heads;
  var key: array<vec4<f32>, D4_ROWS>;
  var value: array<vec4<f32>, D4_ROWS>;
  var key_sum: array<vec4<f32>, D4_ROWS>;
  var value_sum: array<vec4<f32>, D4_ROWS>;
  for (var r = 0u; r < ROWS; r++) {
    let at = ((id.z * p.keys + min(j0 + r, p.keys - 1u)) * p.kv_heads + group) * D4;
    for (var d = 0u; d < D4; d++) {
      key[r * D4 + d] = k[at + d] * p.scale;
      value[r * D4 + d] = v[at + d];
    }
  }
  let from_query = max(j0, p.prefix) - p.prefix;
  var end_query = p.length;
  if (p.window < p.keys) { end_query = min(p.length, max(j0 + ROWS - 1u + p.window, p.prefix) - p.prefix); }
  for (var t = from_query; t < end_query; t++) {
    let m = row0 + t;
    let range = ranges[m];
    if (range.x >= j0 + ROWS || range.y <= j0) { continue; }
    for (var i = 0u; i < shared_by; i++) {
      let at = m * p.heads + group * shared_by + i;
      let norm = lse[at * 2u];
      let delta = lse[at * 2u + 1u];
      var score = array<f32, ROWS>();
      var change = array<f32, ROWS>();
      for (var d = 0u; d < D4; d++) {
        let q_part = q[at * D4 + d];
        let dy_part = dy[at * D4 + d];
        for (var r = 0u; r < ROWS; r++) {
          score[r] += dot(key[r * D4 + d], q_part);
          change[r] += dot(value[r * D4 + d], dy_part);
        }
      }
      for (var r = 0u; r < ROWS; r++) {
        let seen = visible(j0 + r, range, p.window);
        var slope = 1.0;
        if (CAP > 0.0) {
          score[r] = soft_cap(score[r], CAP);
          slope = soft_cap_slope(score[r], CAP);
        }
        score[r] = select(0.0, exp(score[r] - norm), seen);
        change[r] = score[r] * (change[r] - delta) * slope;
      }
      for (var d = 0u; d < D4; d++) {
        let q_part = q[at * D4 + d];
        let dy_part = dy[at * D4 + d];
        for (var r = 0u; r < ROWS; r++) {
          key_sum[r * D4 + d] += change[r] * q_part;
          value_sum[r * D4 + d] += score[r] * dy_part;
        }
      }
    }
  }
  for (var r = 0u; r < ROWS; r++) {
    if (j0 + r >= p.keys) { return; }
    let at = ((id.z * p.keys + j0 + r) * p.kv_heads + group) * D4;
    for (var d = 0u; d < D4; d++) {
      dk[at + d] = key_sum[r * D4 + d] * p.scale;
      dv[at + d] = value_sum[r * D4 + d];
    }
  }
}
