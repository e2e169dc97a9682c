// Causal attention without a T × T matrix (Dao 2022; online softmax, Milakov & Gimelshein 2018):
//   y[m, h] = Σ_j softmax_j(scale · q[m, h] · k[j, g]) · v[j, g],  j from ranges[m].x to ranges[m].y − 1, g = h / (H / K)
//   q, y: f32 [B · T, H, D], k, v: f32 [B · Tk, K, D], ranges: vec2<u32> [B · T], lse: f32 [B · T, H, 2]
// lse[.., 0] = log Σ_j e^score, kept for the backward pass (which fills [.., 1]).
// With a window, a query sees only the last `window` of them. With CAP > 0, scores are soft-capped (common/soft_cap).
// One thread: ROWS neighbouring queries of one head, all their keys; no workgroup memory.

@group(0) @binding(5) var<storage, read_write> y: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read_write> lse: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  // x: blocks of queries, y: heads, z: batch rows
  let t0 = id.x * ROWS;
  if (t0 >= p.length) { return; }
  let h = id.y;
  let row0 = id.z * p.length;
  let group = h / (p.heads / p.kv_heads);
  var query: array<vec4<f32>, D4_ROWS>;
  var sum: array<vec4<f32>, D4_ROWS>;
  var highest: array<f32, ROWS>;
  var total: array<f32, ROWS>;
  var range: array<vec2<u32>, ROWS>;
  var near = 0xffffffffu;
  var end = 0u;
  for (var r = 0u; r < ROWS; r++) {
    let m = row0 + min(t0 + r, p.length - 1u);
    for (var d = 0u; d < D4; d++) {
      query[r * D4 + d] = q[(m * p.heads + h) * D4 + d] * p.scale;
    }
    highest[r] = -3.4e38;
    range[r] = ranges[m];
    near = min(near, window_start(range[r], p.window));
    end = max(end, range[r].y);
  }
  for (var j = near; j < end; j++) {
    let key = ((id.z * p.keys + j) * p.kv_heads + group) * D4;
    var score = array<f32, ROWS>();
    for (var d = 0u; d < D4; d++) {
      let part = key4(key + d);
      for (var r = 0u; r < ROWS; r++) {
        score[r] += dot(query[r * D4 + d], part);
      }
    }
    var keep = array<f32, ROWS>();
    for (var r = 0u; r < ROWS; r++) {
      if (visible(j, range[r], p.window)) {
        if (CAP > 0.0) { score[r] = soft_cap(score[r], CAP); }
        let higher = max(highest[r], score[r]);
        keep[r] = exp(highest[r] - higher);
        score[r] = exp(score[r] - higher);
        highest[r] = higher;
      } else {
        keep[r] = 1.0;
        score[r] = 0.0;
      }
      total[r] = total[r] * keep[r] + score[r];
    }
    for (var d = 0u; d < D4; d++) {
      let part = value4(key + d);
      for (var r = 0u; r < ROWS; r++) {
        sum[r * D4 + d] = sum[r * D4 + d] * keep[r] + score[r] * part;
      }
    }
  }
  for (var r = 0u; r < ROWS; r++) {
    if (t0 + r >= p.length) { return; }
    let at = (row0 + t0 + r) * p.heads + h;
    // The result is 0 for a query that sees no key.
    let all = select(total[r], 1.0, total[r] == 0.0);
    for (var d = 0u; d < D4; d++) {
      y[at * D4 + d] = sum[r * D4 + d] / all;
    }
    lse[at * 2u] = log(all) + highest[r];
  }
}
