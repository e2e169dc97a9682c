// row_norms.wgsl for rows of any length, with the same formulas, shapes and parameters.
// LANES threads share a row, 4 weights at a time.

struct Params { first: u32, rank: u32, scale: f32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> weights: array<Word>;
@group(0) @binding(2) var<storage, read> a: array<f32>;
@group(0) @binding(3) var<storage, read> b: array<f32>;
@group(0) @binding(4) var<storage, read_write> norms: array<f32>;

// Groups of four weights that one lane sums before the result is added to the total, so that rounding does not grow with their number.
const BLOCK: u32 = 32u;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let lane = local % LANES;
  let row = (group.y * groups.x + group.x) * ROWS_PER_GROUP + local / LANES;
  let n = min(row, W_ROWS - 1u);
  var sum = 0.0;
  for (var block = lane * 4u; block < W_COLS; block += BLOCK * LANES * 4u) {
    var part = 0.0;
    for (var k = block; k < min(block + BLOCK * LANES * 4u, W_COLS); k += LANES * 4u) {
      let w = weight4(n, k);
      for (var i = 0u; i < min(4u, W_COLS - k); i++) {
        var value = w[i];
        for (var j = 0u; j < p.rank; j++) {
          value += p.scale * b[(p.first + n) * p.rank + j] * a[j * W_COLS + k + i];
        }
        part += value * value;
      }
    }
    sum += part;
  }
  sum = row_sum(sum, lane);
  if (lane == 0u && row < W_ROWS) { norms[p.first + row] = sqrt(sum); }
}
