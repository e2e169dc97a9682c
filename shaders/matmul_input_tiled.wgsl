// dx[m, k] (+)= scale · Σ_n dy[m, first + n] · w[n, k], tiled for GPUs: weights are unpacked once a tile, not transposed.
//   dy: f32 [M, stride], weights: packed [N, K] (W_ROWS × W_COLS, one part), dx: f32 [M, K]; K a multiple of 8, first and stride of 4
// One workgroup: a 64 × 64 tile of dx, 16 rows of w at a time in workgroup memory; one thread: 8 rows × 2 vectors.

const STRIDE: u32 = 5u;

struct Params { rows: u32, stride: u32, first: u32, w_rows: u32, w_cols: u32, accumulate: u32, scale: f32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> dy: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> weights: array<Word>;
@group(0) @binding(3) var<storage, read_write> dx: array<vec4<f32>>;

// The shape is a parameter, not a constant: one pipeline serves all matrices of a format.
var<private> W_ROWS: u32;
var<private> W_COLS: u32;

var<workgroup> dy_tile: array<vec4<f32>, 64u * STRIDE>;
var<workgroup> w_tile: array<vec4<f32>, 16u * 16u>;

fn store(m: u32, k: u32, value: vec4<f32>) {
  if (m >= p.rows || k >= W_COLS) { return; }
  let at = m * (W_COLS / 4u) + k / 4u;
  if (p.accumulate == 1u) { dx[at] += value * p.scale; } else { dx[at] = value * p.scale; }
}

@compute @workgroup_size(8, 8)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  W_ROWS = p.w_rows;
  W_COLS = p.w_cols;
  let k0 = group.x * 64u;
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
  for (var n = 0u; n < p.w_rows; n += 16u) {
    workgroupBarrier();
    for (var i = 0u; i < 4u; i++) {
      let row = i * 16u + local / 4u;
      let column = n + (local % 4u) * 4u;
      var d = vec4<f32>(0.0);
      if (column < W_ROWS) { d = dy[min(m0 + row, p.rows - 1u) * (p.stride / 4u) + (p.first + column) / 4u]; }
      dy_tile[row * STRIDE + local % 4u] = d;
    }
    for (var i = 0u; i < 2u; i++) {
      let row = i * 8u + local / 8u;
      let column = k0 + (local % 8u) * 8u;
      var w = array<vec4<f32>, 2>();
      if (n + row < W_ROWS && column < W_COLS) { w = weight8(n + row, column); }
      w_tile[row * 16u + (local % 8u) * 2u] = w[0];
      w_tile[row * 16u + (local % 8u) * 2u + 1u] = w[1];
    }
    workgroupBarrier();
    for (var q = 0u; q < 4u; q++) {
      let at = q * 64u + tx;
      let low = mat4x4<f32>(w_tile[at], w_tile[at + 16u], w_tile[at + 32u], w_tile[at + 48u]);
      let high = mat4x4<f32>(w_tile[at + 8u], w_tile[at + 24u], w_tile[at + 40u], w_tile[at + 56u]);
      let d0 = dy_tile[(ty + 0u) * STRIDE + q];
      a0l += low * d0;
      a0h += high * d0;
      let d1 = dy_tile[(ty + 8u) * STRIDE + q];
      a1l += low * d1;
      a1h += high * d1;
      let d2 = dy_tile[(ty + 16u) * STRIDE + q];
      a2l += low * d2;
      a2h += high * d2;
      let d3 = dy_tile[(ty + 24u) * STRIDE + q];
      a3l += low * d3;
      a3h += high * d3;
      let d4 = dy_tile[(ty + 32u) * STRIDE + q];
      a4l += low * d4;
      a4h += high * d4;
      let d5 = dy_tile[(ty + 40u) * STRIDE + q];
      a5l += low * d5;
      a5h += high * d5;
      let d6 = dy_tile[(ty + 48u) * STRIDE + q];
      a6l += low * d6;
      a6h += high * d6;
      let d7 = dy_tile[(ty + 56u) * STRIDE + q];
      a7l += low * d7;
      a7h += high * d7;
    }
  }
  store(m0 + ty + 0u, k0 + tx * 4u, a0l);
  store(m0 + ty + 0u, k0 + 32u + tx * 4u, a0h);
  store(m0 + ty + 8u, k0 + tx * 4u, a1l);
  store(m0 + ty + 8u, k0 + 32u + tx * 4u, a1h);
  store(m0 + ty + 16u, k0 + tx * 4u, a2l);
  store(m0 + ty + 16u, k0 + 32u + tx * 4u, a2h);
  store(m0 + ty + 24u, k0 + tx * 4u, a3l);
  store(m0 + ty + 24u, k0 + 32u + tx * 4u, a3h);
  store(m0 + ty + 32u, k0 + tx * 4u, a4l);
  store(m0 + ty + 32u, k0 + 32u + tx * 4u, a4h);
  store(m0 + ty + 40u, k0 + tx * 4u, a5l);
  store(m0 + ty + 40u, k0 + 32u + tx * 4u, a5h);
  store(m0 + ty + 48u, k0 + tx * 4u, a6l);
  store(m0 + ty + 48u, k0 + 32u + tx * 4u, a6h);
  store(m0 + ty + 56u, k0 + tx * 4u, a7l);
  store(m0 + ty + 56u, k0 + 32u + tx * 4u, a7h);
}
