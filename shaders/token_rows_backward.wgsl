// drows[j] += scale · Σ_{m: ids[m] is token j} dx[m], positions in order.
//   ids: u32 [M], tokens: u32 [n, 2] (id, place in rows), dx: f32 [M, C], drows: f32 [n, C]
// One thread: a vector of columns of one token.

struct Params { vectors: u32, row_vectors: u32, positions: u32, scale: f32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> ids: array<u32>;
@group(0) @binding(2) var<storage, read> tokens: array<vec2<u32>>;
@group(0) @binding(3) var<storage, read_write> dx: array<Vector>;
@group(0) @binding(4) var<storage, read_write> drows: array<Vector>;

// Positions that one thread sums before the result is added to the total, so that rounding does not grow with their number.
const BLOCK: u32 = 256u;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.vectors) { return; }
  let token = tokens[i / p.row_vectors];
  let c = i % p.row_vectors;
  var sum = Vector(0.0);
  for (var block = 0u; block < p.positions; block += BLOCK) {
    var part = Vector(0.0);
    for (var m = block; m < min(block + BLOCK, p.positions); m++) {
      if (ids[m] == token.x) { part += dx[m * p.row_vectors + c]; }
    }
    sum += part;
  }
  drows[token.y * p.row_vectors + c] += sum * p.scale;
}
