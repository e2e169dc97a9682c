enable subgroups;
diagnostic(off, subgroup_uniformity);
// y[m, first + n] (+)= scale · Σ_k x[m, k] · w[n, k], for adapters where a load costs more than a multiplication.
//   x: f32 [M, K], weights: packed [N, K] (W_ROWS × W_COLS, one part of the matrix), y: f32 [M, stride]; K, N, stride, first multiples of 4
// A quad (four neighbouring lanes) makes 32 rows × 16 columns: each lane reads 8 rows of x and 4 rows of weights, and the
// lanes exchange their weights. No workgroup memory; four quads side by side a workgroup. Workgroups run down the rows first,
// so that a large matrix is fetched once. Loops of products by quads count down, because Tint then sees that they end and adds no
// check to each turn.

@group(0) @binding(1) var<storage, read_write> x: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4<f32>>;

// ACCUMULATE is a constant, because stores are half of the code to compile.
fn store(at: u32, value: vec4<f32>) {
  if (ACCUMULATE) { y[at] += value; } else { y[at] = value; }
}

@compute @workgroup_size(16)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  W_ROWS = p.w_rows;
  W_COLS = p.w_cols;
  let lane = thread % 4u;
  let n0 = group.y * 64u + thread / 4u * 16u;
  let m0 = group.x * 32u;
  if (n0 >= W_ROWS || m0 >= p.rows) { return; }
  // Lanes beyond the last row or column read the last one again, and `store` ignores them.
  let n = min(n0 + lane * 4u, W_ROWS - 4u);
  let m = m0 + lane * 8u;
  let row_vectors = W_COLS / 4u;
  var x_row: array<u32, 8>;
  var sum0 = array<vec4<f32>, 8>();
  var sum1 = array<vec4<f32>, 8>();
  var sum2 = array<vec4<f32>, 8>();
  var sum3 = array<vec4<f32>, 8>();
  // unroll
  for (var r = 0u; r < 8u; r++) {
    x_row[r] = min(m + r, p.rows - 1u) * row_vectors;
  }
  for (var left = row_vectors; left > 0u; left--) {
    let i = row_vectors - left;
    let k = i * 4u;
    let w = transpose(mat4x4<f32>(weight4(n, k), weight4(n + 1u, k), weight4(n + 2u, k), weight4(n + 3u, k)));
    let w1 = mat4x4<f32>(quadSwapX(w[0]), quadSwapX(w[1]), quadSwapX(w[2]), quadSwapX(w[3]));
    let w2 = mat4x4<f32>(quadSwapY(w[0]), quadSwapY(w[1]), quadSwapY(w[2]), quadSwapY(w[3]));
    let w3 = mat4x4<f32>(quadSwapY(w1[0]), quadSwapY(w1[1]), quadSwapY(w1[2]), quadSwapY(w1[3]));
    // AHEAD: all loads come before the arithmetic.
    var fetched: array<vec4<f32>, 8>;
    if (AHEAD) {
      // unroll
      for (var r = 0u; r < 8u; r++) { fetched[r] = x[x_row[r] + i]; }
    }
    // unroll
    for (var r = 0u; r < 8u; r++) {
      if (!AHEAD) { fetched[r] = x[x_row[r] + i]; }
      let v = fetched[r];
      sum0[r] = plus_product(sum0[r], w, v);
      sum1[r] = plus_product(sum1[r], w1, v);
      sum2[r] = plus_product(sum2[r], w2, v);
      sum3[r] = plus_product(sum3[r], w3, v);
    }
  }
  let rows = p.rows;
  let scale = p.scale;
  let y_row = p.stride / 4u;
  let y_at = (p.first + n0) / 4u;
  let beside = vec4<u32>(lane) ^ vec4<u32>(0u, 1u, 2u, 3u);
  let within = vec4<u32>(n0) + beside * 4u < vec4<u32>(W_ROWS);
  // unroll
  for (var r = 0u; r < 8u; r++) {
    if (m + r < rows) {
      let at = (m + r) * y_row + y_at;
      if (within.x) { store(at + beside.x, sum0[r] * scale); }
      if (within.y) { store(at + beside.y, sum1[r] * scale); }
      if (within.z) { store(at + beside.z, sum2[r] * scale); }
      if (within.w) { store(at + beside.w, sum3[r] * scale); }
    }
  }
}
