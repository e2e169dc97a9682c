enable subgroups;
diagnostic(off, subgroup_uniformity);
// dx[m, k] (+)= scale · Σ_n dy[m, first + n] · w[n, k]: the gradient of a product's input, for adapters where a load costs
// more than a multiplication.
//   dy: f32 [M, stride], weights: packed [N, K] (W_ROWS × W_COLS, one part), dx: f32 [M, K]; K, N, stride, first multiples of 4
// A quad (four neighbouring lanes) makes 32 rows × 16 columns, as in matmul_quad.

@group(0) @binding(1) var<storage, read_write> dy: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> dx: array<vec4<f32>>;

// ACCUMULATE is a constant, because stores are half of the code to compile.
fn store(at: u32, value: vec4<f32>) {
  if (ACCUMULATE) { dx[at] += value; } else { dx[at] = value; }
}

@compute @workgroup_size(16)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  W_ROWS = p.w_rows;
  W_COLS = p.w_cols;
  let lane = thread % 4u;
  let k0 = group.x * 64u + thread / 4u * 16u;
  let m0 = group.y * 32u;
  if (k0 >= W_COLS || m0 >= p.rows) { return; }
  // Lanes beyond the last row or column read the last one again, and `store` ignores them.
  let k = min(k0 + lane * 4u, W_COLS - 4u);
  let m = m0 + lane * 8u;
  var dy_row: array<u32, 8>;
  var sum0 = array<vec4<f32>, 8>();
  var sum1 = array<vec4<f32>, 8>();
  var sum2 = array<vec4<f32>, 8>();
  var sum3 = array<vec4<f32>, 8>();
  // unroll
  for (var r = 0u; r < 8u; r++) {
    dy_row[r] = (min(m + r, p.rows - 1u) * p.stride + p.first) / 4u;
  }
  let turns = W_ROWS / 4u;
  for (var left = turns; left > 0u; left--) {
    let i = turns - left;
    let n = i * 4u;
    let w = mat4x4<f32>(weight4(n, k), weight4(n + 1u, k), weight4(n + 2u, k), weight4(n + 3u, k));
    let w1 = mat4x4<f32>(quadSwapX(w[0]), quadSwapX(w[1]), quadSwapX(w[2]), quadSwapX(w[3]));
    let w2 = mat4x4<f32>(quadSwapY(w[0]), quadSwapY(w[1]), quadSwapY(w[2]), quadSwapY(w[3]));
    let w3 = mat4x4<f32>(quadSwapY(w1[0]), quadSwapY(w1[1]), quadSwapY(w1[2]), quadSwapY(w1[3]));
    // AHEAD: all loads come before the arithmetic.
    var fetched: array<vec4<f32>, 8>;
    if (AHEAD) {
      // unroll
      for (var r = 0u; r < 8u; r++) { fetched[r] = dy[dy_row[r] + i]; }
    }
    // unroll
    for (var r = 0u; r < 8u; r++) {
      if (!AHEAD) { fetched[r] = dy[dy_row[r] + i]; }
      let v = fetched[r];
      sum0[r] = plus_product(sum0[r], w, v);
      sum1[r] = plus_product(sum1[r], w1, v);
      sum2[r] = plus_product(sum2[r], w2, v);
      sum3[r] = plus_product(sum3[r], w3, v);
    }
  }
  let rows = p.rows;
  let scale = p.scale;
  let beside = vec4<u32>(lane) ^ vec4<u32>(0u, 1u, 2u, 3u);
  let within = vec4<u32>(k0) + beside * 4u < vec4<u32>(W_COLS);
  // unroll
  for (var r = 0u; r < 8u; r++) {
    if (m + r < rows) {
      let at = ((m + r) * W_COLS + k0) / 4u;
      if (within.x) { store(at + beside.x, sum0[r] * scale); }
      if (within.y) { store(at + beside.y, sum1[r] * scale); }
      if (within.z) { store(at + beside.z, sum2[r] * scale); }
      if (within.w) { store(at + beside.w, sum3[r] * scale); }
    }
  }
}
