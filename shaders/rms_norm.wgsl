// y[m, c] = x[m, c] · r[m] · (w[c] + OFFSET),  r[m] = 1 / √(mean_c x² + ε)   (Zhang & Sennrich 2019, eq. 4)
//   x, y: f32 [M, C], w: f32 [C], r: f32 [M]
// LANES threads share a row.

struct Params { rows: u32, row_vectors: u32, epsilon: f32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> x: array<Vector>;
@group(0) @binding(2) var<storage, read> w: array<Vector>;
@group(0) @binding(3) var<storage, read_write> y: array<Vector>;
@group(0) @binding(4) var<storage, read_write> r: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let lane = local % LANES;
  let row = (group.y * groups.x + group.x) * ROWS_PER_GROUP + local / LANES;
  let start = min(row, p.rows - 1u) * p.row_vectors;
  var squares = 0.0;
  for (var c = lane; c < p.row_vectors; c += LANES) {
    let value = x[start + c];
    squares += product_sum(value, value);
  }
  let scale = 1.0 / sqrt(row_sum(squares, lane) / f32(p.row_vectors * WIDTH) + p.epsilon);
  if (row >= p.rows) { return; }
  for (var c = lane; c < p.row_vectors; c += LANES) {
    y[start + c] = x[start + c] * scale * (w[c] + OFFSET);
  }
  if (lane == 0u) { r[row] = scale; }
}
