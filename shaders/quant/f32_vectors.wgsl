// F32, rows of a multiple of 4 weights. GPU layout: that of f32, read four words at a time.

alias Word = vec4<f32>;

fn weight4(row: u32, col: u32) -> vec4<f32> {
  return weights[(row * W_COLS + col) / 4u];
}

fn weight8(row: u32, col: u32) -> array<vec4<f32>, 2> {
  let at = (row * W_COLS + col) / 4u;
  return array<vec4<f32>, 2>(weights[at], weights[at + 1u]);
}
