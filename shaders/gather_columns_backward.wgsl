// da[j, v] += Σ_{m: ids[m] = v} dy[m, j], positions in order.   ids: u32 [M], dy: f32 [M, R], da: f32 [R, V]
// One thread: one j of the first position with an id; it looks through all later positions.

struct Params { count: u32, rank: u32, columns: u32, rows: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> ids: array<u32>;
@group(0) @binding(2) var<storage, read_write> dy: array<f32>;
@group(0) @binding(3) var<storage, read_write> da: array<f32>;

// Positions that one thread sums before the result is added to the total, so that rounding does not grow with their number.
const BLOCK: u32 = 256u;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.count) { return; }
  let first = i / p.rank;
  let j = i % p.rank;
  let id = ids[first];
  if (id >= p.columns) { return; }
  for (var m = 0u; m < first; m++) {
    if (ids[m] == id) { return; }
  }
  var sum = 0.0;
  for (var block = first; block < p.rows; block += BLOCK) {
    var part = 0.0;
    for (var m = block; m < min(block + BLOCK, p.rows); m++) {
      if (ids[m] == id) { part += dy[m * p.rank + j]; }
    }
    sum += part;
  }
  da[j * p.columns + id] += sum;
}
