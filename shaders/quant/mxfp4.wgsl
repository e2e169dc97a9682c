// MXFP4 (OCP Microscaling Formats 1.0): blocks of 32, w = 2^(e − 127)·CODE[q]. GPU layout, N blocks:
//   4 words a block: word k has weights 8k … 8k+7, byte t: low nibble weight 8k+t, high nibble weight 8k+4+t
//   then N exponents e, four in a word.

alias Word = u32;

fn blocks() -> u32 { return W_ROWS * W_COLS / 32u; }
fn at_exponents() -> u32 { return blocks() * 4u; }

// 2^(e − 127), whose bits are e in the place of a float's exponent. 2^-127 has no such bits: adapters may round it to 0.
fn block_scale(block: u32) -> f32 {
  let e = (weights[at_exponents() + block / 4u] >> ((block & 3u) * 8u)) & 255u;
  return bitcast<f32>(e << 23u);
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
