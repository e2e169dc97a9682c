// y[m] = x[m] / |x[m]|, inverse[m] = 1 / |x[m]|, with the Euclidean length.   x, y: f32 [M, C], inverse: f32 [M]
// LANES threads share a row.

struct Params { rows: u32, row_vectors: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> x: array<Vector>;
@group(0) @binding(2) var<storage, read_write> y: array<Vector>;
@group(0) @binding(3) var<storage, read_write> inverse: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let lane = local % LANES;
  let row = (group.y * groups.x + group.x) * ROWS_PER_GROUP + local / LANES;
  let start = min(row, p.rows - 1u) * p.row_vectors;
  var squares = 0.0;
  for (var c = lane; c < p.row_vectors; c += LANES) {
    squares += product_sum(x[start + c], x[start + c]);
  }
  let scale = 1.0 / sqrt(row_sum(squares, lane));
  if (row >= p.rows) { return; }
  for (var c = lane; c < p.row_vectors; c += LANES) {
    y[start + c] = x[start + c] * scale;
  }
  if (lane == 0u) { inverse[row] = scale; }
}
