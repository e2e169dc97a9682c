// dx[m, k] (+)= scale · Σ_n dy[m, first + n] · w[n, k]: the gradient of a product's input, without a transposed copy.
//   dy: f32 [M, stride], weights: packed [N, K] (W_ROWS × W_COLS, one part), dx: f32 [M, K]; K, first and stride multiples of 4
// One thread: 4 rows × 8 columns in registers, no workgroup memory; 8 × 8 threads a workgroup.

@group(0) @binding(1) var<storage, read_write> dy: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> weights: array<Word>;
@group(0) @binding(3) var<storage, read_write> dx: array<vec4<f32>>;

fn store(m: u32, k: u32, near: vec4<f32>, far: vec4<f32>) {
  if (m >= p.rows) { return; }
  let at = m * (W_COLS / 4u) + k / 4u;
  if (p.accumulate == 1u) {
    dx[at] += near * p.scale;
    if (k + 4u < W_COLS) { dx[at + 1u] += far * p.scale; }
  } else {
    dx[at] = near * p.scale;
    if (k + 4u < W_COLS) { dx[at + 1u] = far * p.scale; }
  }
}

fn columns(n: u32, k: u32) -> array<vec4<f32>, 2> {
  if (n >= W_ROWS) { return array<vec4<f32>, 2>(); }
  if (COLS_MOD_8 == 0u) { return weight8(n, k); }
  if (k + 4u < W_COLS) { return array<vec4<f32>, 2>(weight4(n, k), weight4(n, k + 4u)); }
  return array<vec4<f32>, 2>(weight4(n, k), vec4<f32>(0.0));
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  W_ROWS = p.w_rows;
  W_COLS = p.w_cols;
  let k = id.x * 8u;
  let m = id.y * 4u;
  if (k >= W_COLS || m >= p.rows) { return; }
  let row_vectors = p.stride / 4u;
  let y0 = min(m + 0u, p.rows - 1u) * row_vectors + p.first / 4u;
  let y1 = min(m + 1u, p.rows - 1u) * row_vectors + p.first / 4u;
  let y2 = min(m + 2u, p.rows - 1u) * row_vectors + p.first / 4u;
  let y3 = min(m + 3u, p.rows - 1u) * row_vectors + p.first / 4u;
  var near0 = vec4<f32>(0.0);
  var near1 = vec4<f32>(0.0);
  var near2 = vec4<f32>(0.0);
  var near3 = vec4<f32>(0.0);
  var far0 = vec4<f32>(0.0);
  var far1 = vec4<f32>(0.0);
  var far2 = vec4<f32>(0.0);
  var far3 = vec4<f32>(0.0);
  for (var n = 0u; n < W_ROWS; n += 4u) {
    let w0 = columns(n, k);
    let w1 = columns(n + 1u, k);
    let w2 = columns(n + 2u, k);
    let w3 = columns(n + 3u, k);
    let near = mat4x4<f32>(w0[0], w1[0], w2[0], w3[0]);
    let far = mat4x4<f32>(w0[1], w1[1], w2[1], w3[1]);
    let d0 = dy[y0 + n / 4u];
    near0 += near * d0;
    far0 += far * d0;
    let d1 = dy[y1 + n / 4u];
    near1 += near * d1;
    far1 += far * d1;
    let d2 = dy[y2 + n / 4u];
    near2 += near * d2;
    far2 += far * d2;
    let d3 = dy[y3 + n / 4u];
    near3 += near * d3;
    far3 += far * d3;
  }
  store(m + 0u, k, near0, far0);
  store(m + 1u, k, near1, far1);
  store(m + 2u, k, near2, far2);
  store(m + 3u, k, near3, far3);
}
