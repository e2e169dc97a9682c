// dx[m] (+)= dy[place[m]], or 0 where place[m] is 0xffffffff: the gradient of gathering the trained-on positions.
//   dy: f32 [R, C], place: u32 [M], dx: f32 [M, C]

struct Params { vectors: u32, row_vectors: u32, accumulate: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> place: array<u32>;
@group(0) @binding(2) var<storage, read_write> dy: array<Vector>;
@group(0) @binding(3) var<storage, read_write> dx: array<Vector>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.vectors) { return; }
  let from_row = place[i / p.row_vectors];
  var value = Vector(0.0);
  if (from_row != 0xffffffffu) { value = dy[from_row * p.row_vectors + i % p.row_vectors]; }
  if (p.accumulate == 1u) { value += dx[i]; }
  dx[i] = value;
}
