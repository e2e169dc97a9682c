// What matmul_input_tiled and matmul_input_halves have in common: how weights are read and outputs stored. Both bind `weights` and
// dx: f32 [M, K].

// Eight weights: the `i`-th of a tile of 16 rows.
fn fetch_w(n: u32, k: u32, i: u32) -> array<vec4<f32>, 2> {
  return weight8(min(n + i / COLS, W_ROWS - 1u), min(k + i % COLS * 8u, W_COLS - 8u));
}

fn store(split: u32, m: u32, k: u32, value: vec4<f32>) {
  if (m >= p.rows || k >= W_COLS) { return; }
  let at = (split * p.rows + m) * (W_COLS / 4u) + k / 4u;
  if (p.accumulate == 1u) { dx[at] += value * p.scale; } else { dx[at] = value * p.scale; }
}
