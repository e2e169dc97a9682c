// x[places[i, u]] = rows[i], or += with ADD, for each of the U places of a row. In place.
//   rows: f32 [R, C], places: u32 [R, U], each at most once, x: f32 [M, C]
// One thread: a vector at one place.

struct Params { vectors: u32, row_vectors: u32, places: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> places: array<u32>;
@group(0) @binding(2) var<storage, read_write> rows: array<Vector>;
@group(0) @binding(3) var<storage, read_write> x: array<Vector>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.vectors) { return; }
  let place = i / p.row_vectors;
  let c = i % p.row_vectors;
  let to = places[place] * p.row_vectors + c;
  var value = rows[place / p.places * p.row_vectors + c];
  if (ADD) { value += x[to]; }
  x[to] = value;
}
