// y[m, first + n] (+)= scale · Σ_k x[m, k] · w[n, k] if there are few n (LoRA's A). A tile of outputs would leave a GPU
// idle, so the lanes of a workgroup share each sum.
//   x: f32 [M, K], weights: packed [N, K] (W_ROWS × W_COLS, one part of the matrix), y: f32 [M, stride], K a multiple of 4
// One workgroup: 4 rows × 8 columns; each of its 64 threads takes every 64th vector of k.

@group(0) @binding(1) var<storage, read_write> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> weights: array<Word>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  W_ROWS = p.w_rows;
  W_COLS = p.w_cols;
  let n = group.x * 8u;
  let m = group.y * 4u;
  var sum = array<vec4<f32>, 8>();
  for (var i = lane; i < W_COLS / 4u; i += 64u) {
    // unroll
    for (var v = 0u; v < 2u; v++) {
      let at = n + 4u * v;
      let last = W_ROWS - 1u;
      let w = mat4x4<f32>(
        weight4(min(at, last), i * 4u), weight4(min(at + 1u, last), i * 4u), weight4(min(at + 2u, last), i * 4u), weight4(min(at + 3u, last), i * 4u),
      );
      // unroll
      for (var r = 0u; r < 4u; r++) {
        sum[2u * r + v] += x[min(m + r, p.rows - 1u) * (W_COLS / 4u) + i] * w;
      }
    }
  }
  // unroll
  for (var v = 0u; v < 8u; v++) {
    lane_sums[lane * 8u + v] = sum[v];
  }
  sum_lanes(lane);
  // 32 outputs, one for each lane.
  let row = m + lane / 8u;
  let column = n + lane % 8u;
  if (lane >= 32u || row >= p.rows || column >= W_ROWS) { return; }
  let at = row * p.stride + p.first + column;
  let total = lane_sums[lane / 4u][lane % 4u] * p.scale;
  if (p.accumulate == 1u) { y[at] += total; } else { y[at] = total; }
}
