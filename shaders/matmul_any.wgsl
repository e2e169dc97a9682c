// y[m, first + n] (+)= scale · Σ_k x[m, k] · w[n, k] for any K: the plain form, for matrices whose rows are not a multiple of 4
// (odd widths, or LoRA of ranks 1 to 7).
//   x: f32 [M, K], weights: packed [N, K] (W_ROWS × W_COLS, one part of the matrix), y: f32 [M, stride]
// One thread: one output.

@group(0) @binding(1) var<storage, read_write> x: array<f32>;
@group(0) @binding(2) var<storage, read> weights: array<Word>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  W_ROWS = p.w_rows;
  W_COLS = p.w_cols;
  let i = linear_index(group, groups, local);
  if (i >= p.rows * W_ROWS) { return; }
  let m = i / W_ROWS;
  let n = i % W_ROWS;
  var sum = 0.0;
  for (var k = 0u; k < W_COLS; k += 4u) {
    let w = weight4(n, k);
    for (var j = 0u; j < min(4u, W_COLS - k); j++) {
      sum += x[m * W_COLS + k + j] * w[j];
    }
  }
  let at = m * p.stride + p.first + n;
  y[at] = sum * p.scale + select(0.0, y[at], p.accumulate == 1u);
}
