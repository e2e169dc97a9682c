// z[m, n] = (y[m, n] − bias[n]) · magnitude[n] / norms[n] + bias[n]   (Liu 2024, eq. 5; the bias is not scaled)
//   y, z: f32 [M, N], magnitude, bias, norms: f32 [N]; without BIASED, any tensor may be bound as the bias
// One thread: a vector.

struct Params { vectors: u32, row_vectors: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> magnitude: array<Vector>;
@group(0) @binding(2) var<storage, read> bias: array<Vector>;
@group(0) @binding(3) var<storage, read_write> norms: array<Vector>;
@group(0) @binding(4) var<storage, read_write> y: array<Vector>;
@group(0) @binding(5) var<storage, read_write> z: array<Vector>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.vectors) { return; }
  let n = i % p.row_vectors;
  let shift = select(Vector(0.0), bias[n], BIASED);
  z[i] = (y[i] - shift) * (magnitude[n] / norms[n]) + shift;
}
