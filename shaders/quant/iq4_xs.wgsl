// IQ4_XS: blocks of 256 in 8 sub-blocks of 32, w = (d·(scale − 32))·CODE[q]. GPU layout, 34 words a block:
//   word 0: d as f16, then the high two bits of the eight scales in order
//   word 1: the low four bits of the eight scales in order
//   words 2 … 33: word 2+k has weights 8k … 8k+7, byte t: low nibble weight 8k+t, high nibble weight 8k+4+t.

alias Word = u32;

fn sub_scale(block: u32, sub: u32) -> f32 {
  let first = weights[block];
  let scale = ((weights[block + 1u] >> (4u * sub)) & 15u) | (((first >> (16u + 2u * sub)) & 3u) << 4u);
  return unpack2x16float(first).x * (f32(scale) - 32.0);
}

fn weight4(row: u32, col: u32) -> vec4<f32> {
  let index = row * W_COLS + col;
  let block = index / 256u * 34u;
  return sub_scale(block, (index / 32u) & 7u) * code_values(weights[block + 2u + ((index / 8u) & 31u)] >> (index & 4u));
}

fn weight8(row: u32, col: u32) -> array<vec4<f32>, 2> {
  let index = row * W_COLS + col;
  let block = index / 256u * 34u;
  let d = sub_scale(block, (index / 32u) & 7u);
  let word = weights[block + 2u + ((index / 8u) & 31u)];
  return array<vec4<f32>, 2>(d * code_values(word), d * code_values(word >> 4u));
}
