// y[m, first + n] (+)= scale · Σ_k x[m, k] · w[n, k], tiled for GPUs: weights are unpacked once a tile.
//   x: f32 [M, K], weights: packed [N, K] (W_ROWS × W_COLS, one part of the matrix), y: f32 [M, stride], K a multiple of 16
// One workgroup: a 64 × 64 tile of y, 16 columns of x and w at a time in workgroup memory; one thread: 8 × 8 outputs.
// Rows of the tiles are padded to 5 vectors, so that 8 neighbouring rows lie in different banks.

const STRIDE: u32 = 5u;

struct Params { rows: u32, stride: u32, first: u32, w_rows: u32, w_cols: u32, accumulate: u32, scale: f32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> weights: array<Word>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

// The shape is a parameter, not a constant: one pipeline serves all matrices of a format.
var<private> W_ROWS: u32;
var<private> W_COLS: u32;

var<workgroup> x_tile: array<vec4<f32>, 64u * STRIDE>;
var<workgroup> w_tile: array<vec4<f32>, 64u * STRIDE>;

// Outputs of a thread lie 8 apart: rows ty + 8 i, columns tx + 8 j, so that a row's lanes store side by side.
fn store(m: u32, n: u32, low: vec4<f32>, high: vec4<f32>) {
  if (m >= p.rows) { return; }
  let at = m * p.stride + p.first + n;
  for (var j = 0u; j < 8u; j++) {
    if (n + 8u * j >= W_ROWS) { return; }
    var value = select(high[j & 3u], low[j & 3u], j < 4u) * p.scale;
    if (p.accumulate == 1u) { value += y[at + 8u * j]; }
    y[at + 8u * j] = value;
  }
}

@compute @workgroup_size(8, 8)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  W_ROWS = p.w_rows;
  W_COLS = p.w_cols;
  let n0 = group.x * 64u;
  let m0 = group.y * 64u;
  let tx = local % 8u;
  let ty = local / 8u;
  var a0l = vec4<f32>(0.0);
  var a0h = vec4<f32>(0.0);
  var a1l = vec4<f32>(0.0);
  var a1h = vec4<f32>(0.0);
  var a2l = vec4<f32>(0.0);
  var a2h = vec4<f32>(0.0);
  var a3l = vec4<f32>(0.0);
  var a3h = vec4<f32>(0.0);
  var a4l = vec4<f32>(0.0);
  var a4h = vec4<f32>(0.0);
  var a5l = vec4<f32>(0.0);
  var a5h = vec4<f32>(0.0);
  var a6l = vec4<f32>(0.0);
  var a6h = vec4<f32>(0.0);
  var a7l = vec4<f32>(0.0);
  var a7h = vec4<f32>(0.0);
  for (var k = 0u; k < p.w_cols; k += 16u) {
    workgroupBarrier();
    for (var i = 0u; i < 4u; i++) {
      let row = i * 16u + local / 4u;
      x_tile[row * STRIDE + local % 4u] = x[min(m0 + row, p.rows - 1u) * (W_COLS / 4u) + k / 4u + local % 4u];
    }
    for (var i = 0u; i < 2u; i++) {
      let row = i * 32u + local / 2u;
      let w = weight8(min(n0 + row, W_ROWS - 1u), k + (local % 2u) * 8u);
      w_tile[row * STRIDE + (local % 2u) * 2u] = w[0];
      w_tile[row * STRIDE + (local % 2u) * 2u + 1u] = w[1];
    }
    workgroupBarrier();
    for (var q = 0u; q < 4u; q++) {
      let low = mat4x4<f32>(w_tile[tx * STRIDE + q], w_tile[(tx + 8u) * STRIDE + q], w_tile[(tx + 16u) * STRIDE + q], w_tile[(tx + 24u) * STRIDE + q]);
      let high = mat4x4<f32>(w_tile[(tx + 32u) * STRIDE + q], w_tile[(tx + 40u) * STRIDE + q], w_tile[(tx + 48u) * STRIDE + q], w_tile[(tx + 56u) * STRIDE + q]);
      let x0 = x_tile[(ty + 0u) * STRIDE + q];
      a0l += x0 * low;
      a0h += x0 * high;
      let x1 = x_tile[(ty + 8u) * STRIDE + q];
      a1l += x1 * low;
      a1h += x1 * high;
      let x2 = x_tile[(ty + 16u) * STRIDE + q];
      a2l += x2 * low;
      a2h += x2 * high;
      let x3 = x_tile[(ty + 24u) * STRIDE + q];
      a3l += x3 * low;
      a3h += x3 * high;
      let x4 = x_tile[(ty + 32u) * STRIDE + q];
      a4l += x4 * low;
      a4h += x4 * high;
      let x5 = x_tile[(ty + 40u) * STRIDE + q];
      a5l += x5 * low;
      a5h += x5 * high;
      let x6 = x_tile[(ty + 48u) * STRIDE + q];
      a6l += x6 * low;
      a6h += x6 * high;
      let x7 = x_tile[(ty + 56u) * STRIDE + q];
      a7l += x7 * low;
      a7h += x7 * high;
    }
  }
  store(m0 + ty + 0u, n0 + tx, a0l, a0h);
  store(m0 + ty + 8u, n0 + tx, a1l, a1h);
  store(m0 + ty + 16u, n0 + tx, a2l, a2h);
  store(m0 + ty + 24u, n0 + tx, a3l, a3h);
  store(m0 + ty + 32u, n0 + tx, a4l, a4h);
  store(m0 + ty + 40u, n0 + tx, a5l, a5h);
  store(m0 + ty + 48u, n0 + tx, a6l, a6h);
  store(m0 + ty + 56u, n0 + tx, a7l, a7h);
}
