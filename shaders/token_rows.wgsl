// x[m] = scale · rows[j] where ids[m] is the j-th of some tokens; other positions do not change.
//   ids: u32 [M], tokens: u32 [n, 2] (id, place in rows), ids ascending; rows: f32 [n, C], x: f32 [M, C]
// One thread: a vector.

struct Params { vectors: u32, row_vectors: u32, count: u32, scale: f32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> ids: array<u32>;
@group(0) @binding(2) var<storage, read> tokens: array<vec2<u32>>;
@group(0) @binding(3) var<storage, read> rows: array<Vector>;
@group(0) @binding(4) var<storage, read_write> x: array<Vector>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.vectors) { return; }
  let id = ids[i / p.row_vectors];
  var low = 0u;
  var high = p.count;
  while (low + 1u < high) {
    let middle = (low + high) / 2u;
    if (tokens[middle].x <= id) { low = middle; } else { high = middle; }
  }
  if (tokens[low].x == id) {
    x[i] = rows[tokens[low].y * p.row_vectors + i % p.row_vectors] * p.scale;
  }
}
