// norms[first + n] = ‖w[n] + scale · Σ_j b[first + n, j] · a[j]‖₂: rows of a packed matrix with its low-rank update (Liu 2024, eq. 5).
//   weights: packed [N, K] (W_ROWS × W_COLS, one part), a: f32 [R, K], b: f32 [all rows, R], norms: f32 [all rows], K a multiple of 4
// LANES threads share a row.

struct Params { first: u32, rank: u32, scale: f32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> weights: array<Word>;
@group(0) @binding(2) var<storage, read> a: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> b: array<f32>;
@group(0) @binding(4) var<storage, read_write> norms: array<f32>;

const ROW_VECTORS: u32 = W_COLS / 4u;

fn squared(w: vec4<f32>, row: u32, at: u32) -> f32 {
  var value = w;
  for (var j = 0u; j < p.rank; j++) {
    value += p.scale * b[row * p.rank + j] * a[j * ROW_VECTORS + at];
  }
  return dot(value, value);
}

// Groups of eight weights that one lane sums before the result is added to the total, so that rounding does not grow with their number.
const BLOCK: u32 = 16u;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let lane = local % LANES;
  let row = (group.y * groups.x + group.x) * ROWS_PER_GROUP + local / LANES;
  let n = min(row, W_ROWS - 1u);
  var sum = 0.0;
  for (var block = lane * 8u; block + 8u <= W_COLS; block += BLOCK * LANES * 8u) {
    var part = 0.0;
    for (var k = block; k < min(block + BLOCK * LANES * 8u, W_COLS - 7u); k += LANES * 8u) {
      let w = weight8(n, k);
      part += squared(w[0], p.first + n, k / 4u) + squared(w[1], p.first + n, k / 4u + 1u);
    }
    sum += part;
  }
  if (W_COLS % 8u != 0u && lane == 0u) {
    sum += squared(weight4(n, W_COLS - 4u), p.first + n, ROW_VECTORS - 1u);
  }
  sum = row_sum(sum, lane);
  if (lane == 0u && row < W_ROWS) { norms[p.first + row] = sqrt(sum); }
}
