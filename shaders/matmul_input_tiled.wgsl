// dx[m, k] (+)= scale · Σ_n dy[m, first + n] · w[n, k], tiled for GPUs: weights are unpacked once a tile, not transposed.
//   dy: f32 [M, stride], weights: packed [N, K] (W_ROWS × W_COLS, one part), dx: f32 [M, K]; K a multiple of 8, first and stride of 4
// One workgroup: 8·SIDE × 8·SIDE of dx, 16 rows of w at a time in workgroup memory; one thread: SIDE rows × VECTORS vectors,
// SIDE = 4·VECTORS. Rows of dy's tile are padded to 5 vectors, so that 8 neighbouring rows lie in different banks.

const STRIDE: u32 = 5u;

@group(0) @binding(1) var<storage, read_write> dy: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> weights: array<Word>;
@group(0) @binding(3) var<storage, read_write> dx: array<vec4<f32>>;

var<workgroup> dy_tile: array<vec4<f32>, 8u * SIDE * STRIDE>;
var<workgroup> w_tile: array<vec4<f32>, 16u * 8u * VECTORS>;

fn store(m: u32, k: u32, value: vec4<f32>) {
  if (m >= p.rows || k >= W_COLS) { return; }
  let at = m * (W_COLS / 4u) + k / 4u;
  if (p.accumulate == 1u) { dx[at] += value * p.scale; } else { dx[at] = value * p.scale; }
}

@compute @workgroup_size(8, 8)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  W_ROWS = p.w_rows;
  W_COLS = p.w_cols;
  let k0 = group.x * 8u * SIDE;
  let m0 = group.y * 8u * SIDE;
  let tx = local % 8u;
  let ty = local / 8u;
  var sum = array<vec4<f32>, SIDE * VECTORS>();
  for (var n = 0u; n < p.w_rows; n += 16u) {
    workgroupBarrier();
    for (var row = local / 4u; row < 8u * SIDE; row += 16u) {
      let column = n + (local % 4u) * 4u;
      var d = vec4<f32>(0.0);
      if (column < W_ROWS) { d = dy[min(m0 + row, p.rows - 1u) * (p.stride / 4u) + (p.first + column) / 4u]; }
      dy_tile[row * STRIDE + local % 4u] = d;
    }
    for (var i = local; i < 16u * 4u * VECTORS; i += 64u) {
      let row = i / (4u * VECTORS);
      let column = k0 + i % (4u * VECTORS) * 8u;
      var w = array<vec4<f32>, 2>();
      if (n + row < W_ROWS && column < W_COLS) { w = weight8(n + row, column); }
      w_tile[i * 2u] = w[0];
      w_tile[i * 2u + 1u] = w[1];
    }
    workgroupBarrier();
    for (var q = 0u; q < 4u; q++) {
      var w: array<mat4x4<f32>, VECTORS>;
      // unroll
      for (var v = 0u; v < VECTORS; v++) {
        let at = q * 32u * VECTORS + tx + 8u * v;
        w[v] = mat4x4<f32>(w_tile[at], w_tile[at + 8u * VECTORS], w_tile[at + 16u * VECTORS], w_tile[at + 24u * VECTORS]);
      }
      // unroll
      for (var r = 0u; r < SIDE; r++) {
        let d = dy_tile[(ty + 8u * r) * STRIDE + q];
        // unroll
        for (var v = 0u; v < VECTORS; v++) {
          sum[r * VECTORS + v] += w[v] * d;
        }
      }
    }
  }
  // unroll
  for (var r = 0u; r < SIDE; r++) {
    // unroll
    for (var v = 0u; v < VECTORS; v++) {
      store(m0 + ty + 8u * r, k0 + 32u * v + tx * 4u, sum[r * VECTORS + v]);
    }
  }
}
