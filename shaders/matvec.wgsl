// y[m, first + n] (+)= scale · Σ_k x[m, k] · w[n, k] for one or a few rows m (decoding), each weight read once for all of them.
//   x: f32 [ROWS, K], weights: packed [N, K] (W_ROWS × W_COLS, one part), y: f32 [ROWS, stride], K a multiple of 4
// LANES threads share an output row n.

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
  var sum = array<f32, ROWS>();
  for (var k = lane * 8u; k + 8u <= p.w_cols; k += LANES * 8u) {
    let w = weight8(n, k);
    // unroll
    for (var m = 0u; m < ROWS; m++) {
      let at = (m * W_COLS + k) / 4u;
      sum[m] += dot(w[0], x[at]) + dot(w[1], x[at + 1u]);
    }
  }
  if (COLS_MOD_8 != 0u && lane == 0u) {
    let w = weight4(n, W_COLS - 4u);
    // unroll
    for (var m = 0u; m < ROWS; m++) {
      sum[m] += dot(w, x[(m + 1u) * (W_COLS / 4u) - 1u]);
    }
  }
  // unroll
  for (var m = 0u; m < ROWS; m++) {
    var total = row_sum(sum[m], lane) * p.scale;
    if (lane == 0u && row < W_ROWS) {
      let at = m * p.stride + p.first + row;
      if (p.accumulate == 1u) { total += y[at]; }
      y[at] = total;
    }
  }
}
