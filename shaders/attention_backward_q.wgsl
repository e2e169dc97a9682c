// dq of attention.wgsl, recomputing the probabilities from lse (Dao 2022, algorithm 4):
//   p_j = e^(scale q·k_j − lse), δ = dy · y, ds_j = p_j (dy · v_j − δ), dq = scale Σ_j ds_j k_j (ds times the soft cap's slope where CAP > 0);  δ is left in lse[.., 1]
//   q, y, dy, dq: f32 [B · T, H, D], k, v: f32 [B · Tk, K, D], ranges: vec2<u32> [B · T], lse: f32 [B · T, H, 2]
// One thread: ROWS neighbouring queries of one head, all their keys.

@group(0) @binding(5) var<storage, read_write> y: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read_write> lse: array<f32>;
@group(0) @binding(7) var<storage, read_write> dy: array<vec4<f32>>;
@group(0) @binding(8) var<storage, read_write> dq: array<vec4<f32>>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let t0 = id.x * ROWS;
  if (t0 >= p.length) { return; }
  let h = id.y;
  let row0 = id.z * p.length;
  let group = h / (p.heads / p.kv_heads);
  var query: array<vec4<f32>, D4_ROWS>;
  var upstream: array<vec4<f32>, D4_ROWS>;
  var sum: array<vec4<f32>, D4_ROWS>;
  var delta: array<f32, ROWS>;
  var norm: array<f32, ROWS>;
  var range: array<vec2<u32>, ROWS>;
  var near = 0xffffffffu;
  var end = 0u;
  for (var r = 0u; r < ROWS; r++) {
    let m = row0 + min(t0 + r, p.length - 1u);
    let at = m * p.heads + h;
    for (var d = 0u; d < D4; d++) {
      query[r * D4 + d] = q[at * D4 + d] * p.scale;
      upstream[r * D4 + d] = dy[at * D4 + d];
      delta[r] += dot(dy[at * D4 + d], y[at * D4 + d]);
    }
    norm[r] = lse[at * 2u];
    range[r] = ranges[m];
    near = min(near, window_start(range[r], p.window));
    end = max(end, range[r].y);
  }
  for (var j = near; j < end; j++) {
    let key = ((id.z * p.keys + j) * p.kv_heads + group) * D4;
    var score = array<f32, ROWS>();
    var change = array<f32, ROWS>();
    for (var d = 0u; d < D4; d++) {
      let k_part = k[key + d];
      let v_part = v[key + d];
      for (var r = 0u; r < ROWS; r++) {
        score[r] += dot(query[r * D4 + d], k_part);
        change[r] += dot(upstream[r * D4 + d], v_part);
      }
    }
    for (var r = 0u; r < ROWS; r++) {
      let seen = visible(j, range[r], p.window);
      var slope = 1.0;
      if (CAP > 0.0) {
        score[r] = soft_cap(score[r], CAP);
        slope = soft_cap_slope(score[r], CAP);
      }
      score[r] = select(0.0, exp(score[r] - norm[r]) * (change[r] - delta[r]) * slope, seen);
    }
    for (var d = 0u; d < D4; d++) {
      let k_part = k[key + d];
      for (var r = 0u; r < ROWS; r++) {
        sum[r * D4 + d] += score[r] * k_part;
      }
    }
  }
  for (var r = 0u; r < ROWS; r++) {
    if (t0 + r >= p.length) { return; }
    let at = (row0 + t0 + r) * p.heads + h;
    for (var d = 0u; d < D4; d++) {
      dq[at * D4 + d] = sum[r * D4 + d] * p.scale;
    }
    lse[at * 2u + 1u] = delta[r];
  }
}
