// y[m, to + c] = x[m, from + c] for c < width: takes columns out of a matrix, or puts them in.
//   x: f32 [M, X], y: f32 [M, Y]; widths, from and to in vectors
// One thread: a vector.

struct Params { vectors: u32, width: u32, x_row: u32, from_column: u32, y_row: u32, to_column: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> x: array<Vector>;
@group(0) @binding(2) var<storage, read_write> y: array<Vector>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.vectors) { return; }
  let m = i / p.width;
  let c = i % p.width;
  y[m * p.y_row + p.to_column + c] = x[m * p.x_row + p.from_column + c];
}
