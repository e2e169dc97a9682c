// dw[v, c] += scale · Σ_{m: ids[m] − first_row = v} dx[m, c], in the order of positions.
//   ids: u32 [M], links: u32 [M, 2] (from same_ids), dx: f32 [M, C], dw: f32 [V, C]
// One thread: a vector of columns of the rows of one id, started at its first position; rows of other ids do not change.

struct Params { vectors: u32, row_vectors: u32, vocab: u32, first_row: u32, scale: f32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> ids: array<u32>;
@group(0) @binding(2) var<storage, read_write> links: array<vec2<u32>>;
@group(0) @binding(3) var<storage, read_write> dx: array<Vector>;
@group(0) @binding(4) var<storage, read_write> dw: array<Vector>;

// Positions that one thread sums before the result is added to the total, so that rounding does not grow with their number.
const BLOCK: u32 = 256u;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.vectors) { return; }
  let first = i / p.row_vectors;
  let c = i % p.row_vectors;
  let id = ids[first] - p.first_row;
  if (links[first].y == 0u || id >= p.vocab) { return; }
  let positions = p.vectors / p.row_vectors;
  var sum = Vector(0.0);
  var m = first;
  while (m < positions) {
    var part = Vector(0.0);
    for (var i = 0u; i < BLOCK && m < positions; i++) {
      part += dx[m * p.row_vectors + c];
      m = links[m].x;
    }
    sum += part;
  }
  dw[id * p.row_vectors + c] += sum * p.scale;
}
