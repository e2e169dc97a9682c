// y[m, n] (+)= scale · Σ_k x[m, k] · w[n, k] for any K; the plain form for thin or odd matrices (LoRA of rank 1 to 7).
//   x: f32 [M, K], weights: f32 bits [N, K] (w_rows × w_cols), y: f32 [M, N]
// One thread: one output.

struct Params { rows: u32, w_rows: u32, w_cols: u32, accumulate: u32, scale: f32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> x: array<f32>;
@group(0) @binding(2) var<storage, read> weights: array<u32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.rows * p.w_rows) { return; }
  let m = i / p.w_rows;
  let n = i % p.w_rows;
  var sum = 0.0;
  for (var k = 0u; k < p.w_cols; k++) {
    sum += x[m * p.w_cols + k] * bitcast<f32>(weights[n * p.w_cols + k]);
  }
  y[i] = sum * p.scale + select(0.0, y[i], p.accumulate == 1u);
}
