// dx[m, k] (+)= scale · Σ_n dy[m, n] · w[n, k] for any N and K; the plain form beside matmul_any.
//   dy: f32 [M, N], weights: f32 bits [N, K] (W_ROWS × W_COLS), dx: f32 [M, K]
// One thread: one output.

struct Params { rows: u32, scale: f32, accumulate: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> dy: array<f32>;
@group(0) @binding(2) var<storage, read> weights: array<u32>;
@group(0) @binding(3) var<storage, read_write> dx: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.rows * W_COLS) { return; }
  let m = i / W_COLS;
  let k = i % W_COLS;
  var sum = 0.0;
  for (var n = 0u; n < W_ROWS; n++) {
    sum += dy[m * W_ROWS + n] * bitcast<f32>(weights[n * W_COLS + k]);
  }
  if (p.accumulate == 1u) { dx[i] += sum * p.scale; } else { dx[i] = sum * p.scale; }
}
