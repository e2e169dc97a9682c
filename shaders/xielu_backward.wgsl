// dx = dy · xIELU′(x), as common/xielu says.   x, dy, dx: f32 [count]
// One thread: a vector.

struct Params { vectors: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(5) var<storage, read_write> x: array<Vector>;
@group(0) @binding(6) var<storage, read_write> dy: array<Vector>;
@group(0) @binding(7) var<storage, read_write> dx: array<Vector>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.vectors) { return; }
  let v = x[i];
  let e = Vector(epsilon[0]);
  // Between ε and 0, e^min(x, ε) does not change with x.
  let m = min(v, e);
  let below = select(Vector(-1.0), exp_rest(m) + m, v < e);
  let slope = select((beta[0] + softplus(a_n[0])) * below, 2.0 * softplus(a_p[0]) * v, v > Vector(0.0));
  dx[i] = dy[i] * (slope + beta[0]);
}
