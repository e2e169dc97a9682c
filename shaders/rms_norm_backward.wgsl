// dx (+)= r · (g − x̂ · mean_c(g · x̂)),  g = dy · (w + OFFSET), x̂ = x · r
//   x, dy, dx: f32 [M, C], w: f32 [C], r: f32 [M]
// LANES threads share a row.

struct Params { rows: u32, row_vectors: u32, accumulate: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> x: array<Vector>;
@group(0) @binding(2) var<storage, read> w: array<Vector>;
@group(0) @binding(3) var<storage, read_write> r: array<f32>;
@group(0) @binding(4) var<storage, read_write> dy: array<Vector>;
@group(0) @binding(5) var<storage, read_write> dx: array<Vector>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let lane = local % LANES;
  let row = (group.y * groups.x + group.x) * ROWS_PER_GROUP + local / LANES;
  let at = min(row, p.rows - 1u);
  let start = at * p.row_vectors;
  let scale = r[at];
  var product = 0.0;
  for (var c = lane; c < p.row_vectors; c += LANES) {
    product += product_sum(dy[start + c] * (w[c] + OFFSET), x[start + c]);
  }
  let mean = row_sum(product, lane) * scale / f32(p.row_vectors * WIDTH);
  if (row >= p.rows) { return; }
  for (var c = lane; c < p.row_vectors; c += LANES) {
    var d = scale * (dy[start + c] * (w[c] + OFFSET) - x[start + c] * scale * mean);
    if (p.accumulate == 1u) { d += dx[start + c]; }
    dx[start + c] = d;
  }
}
