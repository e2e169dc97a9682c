// y[m, first + n] (+)= scale · Σ_k x[m, k] · w[n, k]
//   x: f32 [M, K], weights: packed [N, K] (W_ROWS × W_COLS, one part of the matrix), y: f32 [M, stride], K a multiple of 4
// One thread: 8 rows × 4 columns in registers, no workgroup memory; 8 × 8 threads a workgroup.

@group(0) @binding(1) var<storage, read_write> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> weights: array<Word>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

fn store(m: u32, n: u32, value: vec4<f32>) {
  if (m >= p.rows) { return; }
  let at = m * p.stride + p.first + n;
  for (var j = 0u; j < min(4u, W_ROWS - n); j++) {
    y[at + j] = value[j] * p.scale + select(0.0, y[at + j], p.accumulate == 1u);
  }
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  W_ROWS = p.w_rows;
  W_COLS = p.w_cols;
  let n = id.x * 4u;
  let m = id.y * 8u;
  if (n >= W_ROWS || m >= p.rows) { return; }
  let last = W_ROWS - 1u;
  let row_vectors = W_COLS / 4u;
  let x0 = min(m + 0u, p.rows - 1u) * row_vectors;
  let x1 = min(m + 1u, p.rows - 1u) * row_vectors;
  let x2 = min(m + 2u, p.rows - 1u) * row_vectors;
  let x3 = min(m + 3u, p.rows - 1u) * row_vectors;
  let x4 = min(m + 4u, p.rows - 1u) * row_vectors;
  let x5 = min(m + 5u, p.rows - 1u) * row_vectors;
  let x6 = min(m + 6u, p.rows - 1u) * row_vectors;
  let x7 = min(m + 7u, p.rows - 1u) * row_vectors;
  var a0 = vec4<f32>(0.0);
  var a1 = vec4<f32>(0.0);
  var a2 = vec4<f32>(0.0);
  var a3 = vec4<f32>(0.0);
  var a4 = vec4<f32>(0.0);
  var a5 = vec4<f32>(0.0);
  var a6 = vec4<f32>(0.0);
  var a7 = vec4<f32>(0.0);
  var k = 0u;
  for (; k + 8u <= W_COLS; k += 8u) {
    let w0 = weight8(n, k);
    let w1 = weight8(min(n + 1u, last), k);
    let w2 = weight8(min(n + 2u, last), k);
    let w3 = weight8(min(n + 3u, last), k);
    let near = mat4x4<f32>(w0[0], w1[0], w2[0], w3[0]);
    let far = mat4x4<f32>(w0[1], w1[1], w2[1], w3[1]);
    let at = k / 4u;
    a0 += x[x0 + at] * near + x[x0 + at + 1u] * far;
    a1 += x[x1 + at] * near + x[x1 + at + 1u] * far;
    a2 += x[x2 + at] * near + x[x2 + at + 1u] * far;
    a3 += x[x3 + at] * near + x[x3 + at + 1u] * far;
    a4 += x[x4 + at] * near + x[x4 + at + 1u] * far;
    a5 += x[x5 + at] * near + x[x5 + at + 1u] * far;
    a6 += x[x6 + at] * near + x[x6 + at + 1u] * far;
    a7 += x[x7 + at] * near + x[x7 + at + 1u] * far;
  }
  if (COLS_MOD_8 != 0u) {
    let w = mat4x4<f32>(weight4(n, k), weight4(min(n + 1u, last), k), weight4(min(n + 2u, last), k), weight4(min(n + 3u, last), k));
    let at = k / 4u;
    a0 += x[x0 + at] * w;
    a1 += x[x1 + at] * w;
    a2 += x[x2 + at] * w;
    a3 += x[x3 + at] * w;
    a4 += x[x4 + at] * w;
    a5 += x[x5 + at] * w;
    a6 += x[x6 + at] * w;
    a7 += x[x7 + at] * w;
  }
  store(m + 0u, n, a0);
  store(m + 1u, n, a1);
  store(m + 2u, n, a2);
  store(m + 3u, n, a3);
  store(m + 4u, n, a4);
  store(m + 5u, n, a5);
  store(m + 6u, n, a6);
  store(m + 7u, n, a7);
}
