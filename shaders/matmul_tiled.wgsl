// y[m, first + n] (+)= scale · Σ_k x[m, k] · w[n, k], tiled for GPUs: weights are unpacked once a tile.
//   x: f32 [M, K], weights: packed [N, K] (W_ROWS × W_COLS, one part of the matrix), y: f32 [M, stride], K a multiple of 16
// One workgroup: 8·SIDE × 8·SIDE of y, 16 columns of x and w at a time in workgroup memory; one thread: SIDE × SIDE outputs,
// SIDE = 4·VECTORS. Rows of the tiles are padded to 5 vectors, so that 8 neighbouring rows lie in different banks.

const STRIDE: u32 = 5u;

@group(0) @binding(1) var<storage, read_write> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> weights: array<Word>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

var<workgroup> x_tile: array<vec4<f32>, 8u * SIDE * STRIDE>;
var<workgroup> w_tile: array<vec4<f32>, 8u * SIDE * STRIDE>;

// Outputs of a thread lie 8 apart, so that a row's lanes store side by side.
fn store(m: u32, n: u32, value: vec4<f32>) {
  if (m >= p.rows) { return; }
  let at = m * p.stride + p.first + n;
  for (var j = 0u; j < 4u; j++) {
    if (n + 8u * j >= W_ROWS) { return; }
    y[at + 8u * j] = value[j] * p.scale + select(0.0, y[at + 8u * j], p.accumulate == 1u);
  }
}

@compute @workgroup_size(8, 8)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  W_ROWS = p.w_rows;
  W_COLS = p.w_cols;
  let n0 = group.x * 8u * SIDE;
  let m0 = group.y * 8u * SIDE;
  let tx = local % 8u;
  let ty = local / 8u;
  var sum = array<vec4<f32>, SIDE * VECTORS>();
  for (var k = 0u; k < p.w_cols; k += 16u) {
    workgroupBarrier();
    for (var row = local / 4u; row < 8u * SIDE; row += 16u) {
      x_tile[row * STRIDE + local % 4u] = x[min(m0 + row, p.rows - 1u) * (W_COLS / 4u) + k / 4u + local % 4u];
    }
    for (var row = local / 2u; row < 8u * SIDE; row += 32u) {
      let w = weight8(min(n0 + row, W_ROWS - 1u), k + (local % 2u) * 8u);
      w_tile[row * STRIDE + (local % 2u) * 2u] = w[0];
      w_tile[row * STRIDE + (local % 2u) * 2u + 1u] = w[1];
    }
    workgroupBarrier();
    for (var q = 0u; q < 4u; q++) {
      var w: array<mat4x4<f32>, VECTORS>;
      // unroll
      for (var v = 0u; v < VECTORS; v++) {
        let at = (tx + 32u * v) * STRIDE + q;
        w[v] = mat4x4<f32>(w_tile[at], w_tile[at + 8u * STRIDE], w_tile[at + 16u * STRIDE], w_tile[at + 24u * STRIDE]);
      }
      // unroll
      for (var r = 0u; r < SIDE; r++) {
        let row = x_tile[(ty + 8u * r) * STRIDE + q];
        // unroll
        for (var v = 0u; v < VECTORS; v++) {
          sum[r * VECTORS + v] += row * w[v];
        }
      }
    }
  }
  // unroll
  for (var r = 0u; r < SIDE; r++) {
    // unroll
    for (var v = 0u; v < VECTORS; v++) {
      store(m0 + ty + 8u * r, n0 + tx + 32u * v, sum[r * VECTORS + v]);
    }
  }
}
