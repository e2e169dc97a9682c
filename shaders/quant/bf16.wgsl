// BF16. GPU layout: two weights per word, the first in the low half; each row is padded to whole words with a 0,
// so that row r starts at word r·⌈W_COLS / 2⌉. Weights beyond a row's end read as 0.

alias Word = u32;

fn row_words() -> u32 { return (W_COLS + 1u) / 2u; }

fn weight_pair(row: u32, pair: u32) -> vec2<f32> {
  if (COLS_MOD_8 % 4u != 0u && pair >= row_words()) { return vec2<f32>(0.0); }
  let word = weights[row * row_words() + pair];
  return bitcast<vec2<f32>>(vec2<u32>(word << 16u, word & 0xffff0000u));
}

fn weight4(row: u32, col: u32) -> vec4<f32> {
  return vec4<f32>(weight_pair(row, col / 2u), weight_pair(row, col / 2u + 1u));
}

fn weight8(row: u32, col: u32) -> array<vec4<f32>, 2> {
  return array<vec4<f32>, 2>(weight4(row, col), weight4(row, col + 4u));
}
