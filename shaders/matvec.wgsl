// y[m, first + n] (+)= scale · Σ_k x[m, k] · w[n, k] for one or a few rows m (decoding).
//   x: f32 [M, K], weights: packed [N, K] (W_ROWS × W_COLS, one part), y: f32 [M, stride], K a multiple of 4
// LANES threads share an output row n; workgroup z = m.

struct Params { stride: u32, first: u32, w_rows: u32, w_cols: u32, accumulate: u32, scale: f32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> weights: array<Word>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

// The shape is a parameter, not a constant: one pipeline serves all matrices of a format.
var<private> W_ROWS: u32;
var<private> W_COLS: u32;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  W_ROWS = p.w_rows;
  W_COLS = p.w_cols;
  let lane = local % LANES;
  let row = (group.y * groups.x + group.x) * ROWS_PER_GROUP + local / LANES;
  let n = min(row, W_ROWS - 1u);
  let start = group.z * (W_COLS / 4u);
  var sum = 0.0;
  for (var k = lane * 8u; k + 8u <= p.w_cols; k += LANES * 8u) {
    let w = weight8(n, k);
    sum += dot(w[0], x[start + k / 4u]) + dot(w[1], x[start + k / 4u + 1u]);
  }
  if (COLS_MOD_8 != 0u && lane == 0u) {
    sum += dot(weight4(n, W_COLS - 4u), x[start + W_COLS / 4u - 1u]);
  }
  sum = row_sum(sum, lane) * p.scale;
  if (lane != 0u || row >= W_ROWS) { return; }
  let at = group.z * p.stride + p.first + row;
  if (p.accumulate == 1u) { sum += y[at]; }
  y[at] = sum;
}
