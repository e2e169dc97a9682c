// dl[n] += Σ_m dy[m, n] · x[m, n]: the gradient of a column's factor.   dy, x: f32 [M, N], dl: f32 [N]
// One thread: a vector of columns, all rows in order, in blocks.

struct Params { rows: u32, row_vectors: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> dy: array<Vector>;
@group(0) @binding(2) var<storage, read_write> x: array<Vector>;
@group(0) @binding(3) var<storage, read_write> dl: array<Vector>;

// Rows that are summed before the result is added to the total, so that rounding does not grow with their number.
const BLOCK: u32 = 256u;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let n = linear_index(group, groups, local);
  if (n >= p.row_vectors) { return; }
  var sum = Vector(0.0);
  for (var block = 0u; block < p.rows; block += BLOCK) {
    var part = Vector(0.0);
    for (var m = block; m < min(block + BLOCK, p.rows); m++) {
      part += dy[m * p.row_vectors + n] * x[m * p.row_vectors + n];
    }
    sum += part;
  }
  dl[n] += sum;
}
