// dx[m, k] (+)= scale · Σ_n dy[m, first + n] · w[n, k] if there are few k (LoRA's B): the lanes of a workgroup share each
// sum, as in matmul_thin.
//   dy: f32 [M, stride], weights: packed [N, K] (W_ROWS × W_COLS, one part), dx: f32 [M, K]; K, first and stride multiples of 4
// One workgroup: 4 rows × 8 columns. Each of its 64 threads takes every 64th n, so that neighbouring threads read neighbouring
// numbers; it loads four of them ahead.

@group(0) @binding(1) var<storage, read_write> dy: array<f32>;
@group(0) @binding(2) var<storage, read> weights: array<Word>;
@group(0) @binding(3) var<storage, read_write> dx: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  W_ROWS = p.w_rows;
  W_COLS = p.w_cols;
  let k = group.x * 8u;
  let m = group.y * 4u;
  var sum = array<vec4<f32>, 8>();
  for (var n = lane; n < W_ROWS; n += 256u) {
    var w = array<vec4<f32>, 8>();
    var d = array<f32, 16>();
    // unroll
    for (var t = 0u; t < 4u; t++) {
      let row = min(n + 64u * t, W_ROWS - 1u);
      w[2u * t] = weight4(row, k);
      w[2u * t + 1u] = weight4(row, min(k + 4u, W_COLS - 4u));
      // unroll
      for (var r = 0u; r < 4u; r++) {
        let value = dy[min(m + r, p.rows - 1u) * p.stride + p.first + row];
        d[4u * t + r] = select(0.0, value, n + 64u * t < W_ROWS);
      }
    }
    // unroll
    for (var t = 0u; t < 4u; t++) {
      // unroll
      for (var r = 0u; r < 4u; r++) {
        sum[2u * r] = fma(vec4<f32>(d[4u * t + r]), w[2u * t], sum[2u * r]);
        sum[2u * r + 1u] = fma(vec4<f32>(d[4u * t + r]), w[2u * t + 1u], sum[2u * r + 1u]);
      }
    }
  }
  // unroll
  for (var v = 0u; v < 8u; v++) {
    lane_sums[lane * 8u + v] = sum[v];
  }
  sum_lanes(lane);
  // 32 outputs, one for each lane.
  let row = m + lane / 8u;
  let column = k + lane % 8u;
  if (lane >= 32u || row >= p.rows || column >= W_COLS) { return; }
  let at = row * W_COLS + column;
  let total = lane_sums[lane / 4u][lane % 4u] * p.scale;
  if (p.accumulate == 1u) { dx[at] += total; } else { dx[at] = total; }
}
