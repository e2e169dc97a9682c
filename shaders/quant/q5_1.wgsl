// Q5_1: blocks of 32, w = d·q + m. GPU layout, 6 words a block:
//   word 0: d, m as f16; word 1: the fifth bits, bit i of weight i; words 2 … 5: word 2+k has weights 8k … 8k+7,
//   byte t: low nibble weight 8k+t, high nibble weight 8k+4+t.

alias Word = u32;

// Undoes a byte's shift in a word by an exact multiplication, which is faster on adapters without a shift per lane.
const BYTE_SCALE = vec4<f32>(1.0, 0.00390625, 0.0000152587890625, 0.000000059604644775390625);

// The low nibbles of the four bytes of `word`, each with one of the four lowest bits of `high` above it.
fn five_bits(word: u32, high: u32) -> vec4<f32> {
  let low = vec4<f32>(vec4<i32>(vec4<u32>(word) & vec4<u32>(0xfu, 0xf00u, 0xf0000u, 0xf000000u))) * BYTE_SCALE;
  return low + vec4<f32>(vec4<i32>(vec4<u32>(high) & vec4<u32>(1u, 2u, 4u, 8u))) * vec4<f32>(16.0, 8.0, 4.0, 2.0);
}

fn weight4(row: u32, col: u32) -> vec4<f32> {
  let index = row * W_COLS + col;
  let block = index / 32u * 6u;
  let dm = unpack2x16float(weights[block]);
  let word = weights[block + 2u + ((index / 8u) & 3u)] >> (index & 4u);
  return dm.x * five_bits(word, weights[block + 1u] >> (index & 28u)) + dm.y;
}

fn weight8(row: u32, col: u32) -> array<vec4<f32>, 2> {
  let index = row * W_COLS + col;
  let block = index / 32u * 6u;
  let dm = unpack2x16float(weights[block]);
  let high = weights[block + 1u] >> (index & 24u);
  let word = weights[block + 2u + ((index / 8u) & 3u)];
  return array<vec4<f32>, 2>(dm.x * five_bits(word, high) + dm.y, dm.x * five_bits(word >> 4u, high >> 4u) + dm.y);
}
