// dx = dy · activate′(x), one of common/activate_*.   x, dy, dx: f32 [count]
// One thread: a vector.

struct Params { vectors: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> x: array<Vector>;
@group(0) @binding(2) var<storage, read_write> dy: array<Vector>;
@group(0) @binding(3) var<storage, read_write> dx: array<Vector>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.vectors) { return; }
  dx[i] = dy[i] * activate_slope(x[i]);
}
