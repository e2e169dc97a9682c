// What matmul_tiled and matmul_halves have in common: how weights are read and outputs stored. Both bind `weights` and y: f32 [M, stride].

// Eight weights of row `n` + local / 2. Beyond the last row, the last row is read again, and `store` ignores it.
fn fetch_w(n: u32, k: u32, local: u32) -> array<vec4<f32>, 2> {
  return weight8(min(n + local / 2u, W_ROWS - 1u), k + (local % 2u) * 8u);
}

// Outputs of a thread lie 8 apart, so that a row's lanes store side by side.
fn store(split: u32, m: u32, n: u32, value: vec4<f32>) {
  if (m >= p.rows) { return; }
  let at = (split * p.rows + m) * p.stride + p.first + n;
  for (var j = 0u; j < 4u; j++) {
    if (n + 8u * j >= W_ROWS) { return; }
    y[at + 8u * j] = value[j] * p.scale + select(0.0, y[at + 8u * j], p.accumulate == 1u);
  }
}
