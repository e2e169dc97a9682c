// drows[j] += scale · Σ_{m: ids[m] is token j} dx[m], positions in order.
//   ids: u32 [M], tokens: u32 [n, 2] (id, place in rows), dx: f32 [M, C], drows: f32 [n, C]
// One thread: a vector of columns of one token.

struct Params { vectors: u32, row_vectors: u32, positions: u32, scale: f32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> ids: array<u32>;
@group(0) @binding(2) var<storage, read> tokens: array<vec2<u32>>;
@group(0) @binding(3) var<storage, read_write> dx: array<Vector>;
@group(0) @binding(4) var<storage, read_write> drows: array<Vector>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.vectors) { return; }
  let token = tokens[i / p.row_vectors];
  let c = i % p.row_vectors;
  var sum = Vector(0.0);
  for (var m = 0u; m < p.positions; m++) {
    if (ids[m] == token.x) { sum += dx[m * p.row_vectors + c]; }
  }
  drows[token.y * p.row_vectors + c] += sum * p.scale;
}
