// y[m, n] += bias[n], in place.   y: f32 [M, N], bias: f32 [N]
// One workgroup: 64 vectors.

struct Params { vectors: u32, row_vectors: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> bias: array<Vector>;
@group(0) @binding(2) var<storage, read_write> y: array<Vector>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.vectors) { return; }
  y[i] += bias[i % p.row_vectors];
}
