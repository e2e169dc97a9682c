// y[m, c] = x̂[m, c] · (w[c] + OFFSET) + b[c],  x̂ = (x − μ) · r,  r = 1 / √(mean_c (x − μ)² + ε)   (Ba 2016, section 3.1)
//   x, y: f32 [M, C], w, b: f32 [C], stats: f32 [M, 2] (μ, r)
// LANES threads share a row.

struct Params { rows: u32, row_vectors: u32, epsilon: f32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> x: array<Vector>;
@group(0) @binding(2) var<storage, read> w: array<Vector>;
@group(0) @binding(3) var<storage, read> b: array<Vector>;
@group(0) @binding(4) var<storage, read_write> y: array<Vector>;
@group(0) @binding(5) var<storage, read_write> stats: array<vec2<f32>>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let lane = local % LANES;
  let row = (group.y * groups.x + group.x) * ROWS_PER_GROUP + local / LANES;
  let start = min(row, p.rows - 1u) * p.row_vectors;
  let count = f32(p.row_vectors * WIDTH);
  var sum = 0.0;
  for (var c = lane; c < p.row_vectors; c += LANES) {
    sum += number_sum(x[start + c]);
  }
  let mean = row_sum(sum, lane) / count;
  var squares = 0.0;
  for (var c = lane; c < p.row_vectors; c += LANES) {
    let apart = x[start + c] - mean;
    squares += product_sum(apart, apart);
  }
  let scale = 1.0 / sqrt(row_sum(squares, lane) / count + p.epsilon);
  if (row >= p.rows) { return; }
  for (var c = lane; c < p.row_vectors; c += LANES) {
    y[start + c] = (x[start + c] - mean) * scale * (w[c] + OFFSET) + b[c];
  }
  if (lane == 0u) { stats[row] = vec2<f32>(mean, scale); }
}
