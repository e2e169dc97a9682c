// y = xIELU(x), as common/xielu says.   x, y: f32 [count]
// One thread: a vector.

struct Params { vectors: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(5) var<storage, read_write> x: array<Vector>;
@group(0) @binding(6) var<storage, read_write> y: array<Vector>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.vectors) { return; }
  let v = x[i];
  let curve = select((beta[0] + softplus(a_n[0])) * negative_part(v), softplus(a_p[0]) * v * v, v > Vector(0.0));
  y[i] = curve + beta[0] * v;
}
