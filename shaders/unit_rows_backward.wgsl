// dx[m] (+)= (dy[m] − y[m] (y[m] · dy[m])) / |x[m]|   y, dy, dx: f32 [M, C], inverse = 1 / |x|: f32 [M]
// LANES threads share a row.

struct Params { rows: u32, row_vectors: u32, accumulate: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> y: array<Vector>;
@group(0) @binding(2) var<storage, read_write> inverse: array<f32>;
@group(0) @binding(3) var<storage, read_write> dy: array<Vector>;
@group(0) @binding(4) var<storage, read_write> dx: array<Vector>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let lane = local % LANES;
  let row = (group.y * groups.x + group.x) * ROWS_PER_GROUP + local / LANES;
  let at = min(row, p.rows - 1u);
  let start = at * p.row_vectors;
  var along = 0.0;
  for (var c = lane; c < p.row_vectors; c += LANES) {
    along += product_sum(y[start + c], dy[start + c]);
  }
  let total = row_sum(along, lane);
  if (row >= p.rows) { return; }
  for (var c = lane; c < p.row_vectors; c += LANES) {
    var change = (dy[start + c] - y[start + c] * total) * inverse[at];
    if (p.accumulate == 1u) { change += dx[start + c]; }
    dx[start + c] = change;
  }
}
