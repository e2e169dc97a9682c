// dx[m, k] (+)= scale · Σ_n dy[m, n] · w[n, k] for any N and K; the plain form beside matmul_any.
//   dy: f32 [M, N], weights: f32 bits [N, K] (w_rows × w_cols), dx: f32 [M, K]
// One thread: one output.

struct Params { rows: u32, w_rows: u32, w_cols: u32, accumulate: u32, scale: f32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> dy: array<f32>;
@group(0) @binding(2) var<storage, read> weights: array<u32>;
@group(0) @binding(3) var<storage, read_write> dx: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.rows * p.w_cols) { return; }
  let m = i / p.w_cols;
  let k = i % p.w_cols;
  var sum = 0.0;
  for (var n = 0u; n < p.w_rows; n++) {
    sum += dy[m * p.w_rows + n] * bitcast<f32>(weights[n * p.w_cols + k]);
  }
  if (p.accumulate == 1u) { dx[i] += sum * p.scale; } else { dx[i] = sum * p.scale; }
}
