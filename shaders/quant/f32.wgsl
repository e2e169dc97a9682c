// F32. GPU layout: one word per weight, rows one after the other: word row·W_COLS + col.
// W_COLS may be any number; weights beyond a row's end read as 0.

alias Word = u32;

fn weight_or_zero(row: u32, col: u32) -> f32 {
  if (col >= W_COLS) { return 0.0; }
  return bitcast<f32>(weights[row * W_COLS + col]);
}

fn weight4(row: u32, col: u32) -> vec4<f32> {
  if (COLS_MOD_8 % 4u != 0u) {
    return vec4<f32>(weight_or_zero(row, col), weight_or_zero(row, col + 1u), weight_or_zero(row, col + 2u), weight_or_zero(row, col + 3u));
  }
  let at = row * W_COLS + col;
  return bitcast<vec4<f32>>(vec4<u32>(weights[at], weights[at + 1u], weights[at + 2u], weights[at + 3u]));
}

fn weight8(row: u32, col: u32) -> array<vec4<f32>, 2> {
  return array<vec4<f32>, 2>(weight4(row, col), weight4(row, col + 4u));
}
