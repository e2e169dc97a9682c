// Q4_1: blocks of 32, w = d·q + m. GPU layout, 5 words a block:
//   word 0: d, m as f16; words 1 … 4: word 1+k has weights 8k … 8k+7, byte t: low nibble weight 8k+t, high nibble weight 8k+4+t.

alias Word = u32;

// Undoes a byte's shift in a word by an exact multiplication, which is faster on adapters without a shift per lane.
const BYTE_SCALE = vec4<f32>(1.0, 0.00390625, 0.0000152587890625, 0.000000059604644775390625);

// The low nibbles of the four bytes.
fn nibbles(word: u32) -> vec4<f32> {
  return vec4<f32>(vec4<i32>(vec4<u32>(word) & vec4<u32>(0xfu, 0xf00u, 0xf0000u, 0xf000000u))) * BYTE_SCALE;
}

fn weight4(row: u32, col: u32) -> vec4<f32> {
  let index = row * W_COLS + col;
  let block = index / 32u * 5u;
  let dm = unpack2x16float(weights[block]);
  return dm.x * nibbles(weights[block + 1u + ((index / 8u) & 3u)] >> (index & 4u)) + dm.y;
}

fn weight8(row: u32, col: u32) -> array<vec4<f32>, 2> {
  let index = row * W_COLS + col;
  let block = index / 32u * 5u;
  let dm = unpack2x16float(weights[block]);
  let word = weights[block + 1u + ((index / 8u) & 3u)];
  return array<vec4<f32>, 2>(dm.x * nibbles(word) + dm.y, dm.x * nibbles(word >> 4u) + dm.y);
}
