// dx[m, k] (+)= scale · Σ_n dy[m, first + n] · w[n, k] for any K and stride: the plain form, like matmul_any.
//   dy: f32 [M, stride], weights: packed [N, K] (W_ROWS × W_COLS, one part), dx: f32 [M, K]
// One thread: 4 columns of a row.

@group(0) @binding(1) var<storage, read_write> dy: array<f32>;
@group(0) @binding(2) var<storage, read> weights: array<Word>;
@group(0) @binding(3) var<storage, read_write> dx: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  W_ROWS = p.w_rows;
  W_COLS = p.w_cols;
  let i = linear_index(group, groups, local);
  let across = (W_COLS + 3u) / 4u;
  if (i >= p.rows * across) { return; }
  let m = i / across;
  let k = i % across * 4u;
  var sum = vec4<f32>(0.0);
  for (var n = 0u; n < W_ROWS; n++) {
    sum += dy[m * p.stride + p.first + n] * weight4(n, k);
  }
  for (var j = 0u; j < min(4u, W_COLS - k); j++) {
    let at = m * W_COLS + k + j;
    if (p.accumulate == 1u) { dx[at] += sum[j] * p.scale; } else { dx[at] = sum[j] * p.scale; }
  }
}
