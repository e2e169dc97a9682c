// IQ4_NL: blocks of 32, w = d·CODE[q]. GPU layout, N blocks:
//   4 words a block: word k has weights 8k … 8k+7, byte t: low nibble weight 8k+t, high nibble weight 8k+4+t
//   then N scales d as f16, two in a word.

alias Word = u32;

fn blocks() -> u32 { return W_ROWS * W_COLS / 32u; }
fn at_scales() -> u32 { return blocks() * 4u; }

fn block_scale(block: u32) -> f32 {
  return unpack2x16float(weights[at_scales() + block / 2u] >> ((block & 1u) * 16u)).x;
}

fn weight4(row: u32, col: u32) -> vec4<f32> {
  let index = row * W_COLS + col;
  return block_scale(index / 32u) * code_values(weights[index / 8u] >> (index & 4u));
}

fn weight8(row: u32, col: u32) -> array<vec4<f32>, 2> {
  let index = row * W_COLS + col;
  let word = weights[index / 8u];
  let d = block_scale(index / 32u);
  return array<vec4<f32>, 2>(d * code_values(word), d * code_values(word >> 4u));
}
