// drows[i] (+)= Σ_u dx[places[i, u]], u in order: the gradient of place_rows.
//   places: u32 [R, U], dx: f32 [M, C], drows: f32 [R, C]
// One thread: a vector.

struct Params { vectors: u32, row_vectors: u32, places: u32, accumulate: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> places: array<u32>;
@group(0) @binding(2) var<storage, read_write> dx: array<Vector>;
@group(0) @binding(3) var<storage, read_write> drows: array<Vector>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.vectors) { return; }
  let row = i / p.row_vectors;
  let c = i % p.row_vectors;
  var sum = Vector(0.0);
  for (var u = 0u; u < p.places; u++) {
    sum += dx[places[row * p.places + u] * p.row_vectors + c];
  }
  if (p.accumulate == 1u) { sum += drows[i]; }
  drows[i] = sum;
}
