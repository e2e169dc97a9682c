// dx (+)= r · (dy − mean_c dy − x̂ · mean_c(dy · x̂)),  x̂ = (x − μ) · r: the gradient of a layer norm without weight and bias.
//   x, dy, dx: f32 [M, C], stats: f32 [M, 2] (μ, r)
// LANES threads share a row.

struct Params { rows: u32, row_vectors: u32, accumulate: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> x: array<Vector>;
@group(0) @binding(2) var<storage, read_write> stats: array<vec2<f32>>;
@group(0) @binding(3) var<storage, read_write> dy: array<Vector>;
@group(0) @binding(4) var<storage, read_write> dx: array<Vector>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let lane = local % LANES;
  let row = (group.y * groups.x + group.x) * ROWS_PER_GROUP + local / LANES;
  let at = min(row, p.rows - 1u);
  let start = at * p.row_vectors;
  let count = f32(p.row_vectors * WIDTH);
  let mean = stats[at].x;
  let scale = stats[at].y;
  var sum = 0.0;
  var product = 0.0;
  for (var c = lane; c < p.row_vectors; c += LANES) {
    let g = dy[start + c];
    sum += number_sum(g);
    product += product_sum(g, (x[start + c] - mean) * scale);
  }
  sum = row_sum(sum, lane) / count;
  product = row_sum(product, lane) / count;
  if (row >= p.rows) { return; }
  for (var c = lane; c < p.row_vectors; c += LANES) {
    var d = scale * (dy[start + c] - sum - (x[start + c] - mean) * scale * product);
    if (p.accumulate == 1u) { d += dx[start + c]; }
    dx[start + c] = d;
  }
}
