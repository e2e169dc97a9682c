// Reads the f32 matrix of an expert that begins at word W_BASE: rows one after the other, any W_COLS; beyond a row's end, 0.

alias Word = u32;

fn weight_or_zero(row: u32, col: u32) -> f32 {
  if (col >= W_COLS) { return 0.0; }
  return bitcast<f32>(weights[W_BASE + row * W_COLS + col]);
}

fn weight4(row: u32, col: u32) -> vec4<f32> {
  return vec4<f32>(weight_or_zero(row, col), weight_or_zero(row, col + 1u), weight_or_zero(row, col + 2u), weight_or_zero(row, col + 3u));
}
