// The slopes of xIELU(x) by a_p and a_n: up = ∂y/∂a_p, down = ∂y/∂a_n, as common/xielu says.   x, up, down: f32 [count]
// One thread: a vector.

struct Params { vectors: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(5) var<storage, read_write> x: array<Vector>;
@group(0) @binding(6) var<storage, read_write> up: array<Vector>;
@group(0) @binding(7) var<storage, read_write> down: array<Vector>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.vectors) { return; }
  // β has no part in these slopes, but is bound with the other numbers.
  _ = beta[0];
  let v = x[i];
  let positive = v > Vector(0.0);
  up[i] = select(Vector(0.0), softplus_slope(a_p[0]) * v * v, positive);
  down[i] = select(softplus_slope(a_n[0]) * negative_part(v), Vector(0.0), positive);
}
