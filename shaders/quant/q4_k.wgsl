// Q4_K: blocks of 256 in 8 sub-blocks of 32, w = (d·scale)·q − (dmin·min). GPU layout, 36 words a block:
//   word 0: d, dmin as f16
//   words 1 … 3: 12 bits per sub-block one after the other: scale in the low 6, min in the high 6
//   words 4 … 35: word 4+k has weights 8k … 8k+7, byte t: low nibble weight 8k+t, high nibble weight 8k+4+t.

alias Word = u32;

// Undoes a byte's shift in a word by an exact multiplication, which is faster on adapters without a shift per lane.
const BYTE_SCALE = vec4<f32>(1.0, 0.00390625, 0.0000152587890625, 0.000000059604644775390625);

// The low nibbles of the four bytes.
fn nibbles(word: u32) -> vec4<f32> {
  return vec4<f32>(vec4<i32>(vec4<u32>(word) & vec4<u32>(0xfu, 0xf00u, 0xf0000u, 0xf000000u))) * BYTE_SCALE;
}

// (d·scale, dmin·min) of a sub-block; two of the eight cross the end of a word.
fn scale_and_min(block: u32, sub: u32) -> vec2<f32> {
  let bit = sub * 12u;
  let at = block + 1u + bit / 32u;
  let shift = bit & 31u;
  var field = weights[at] >> shift;
  if (shift > 20u) { field |= weights[at + 1u] << (32u - shift); }
  return unpack2x16float(weights[block]) * vec2<f32>(vec2<u32>(field & 63u, (field >> 6u) & 63u));
}

fn weight4(row: u32, col: u32) -> vec4<f32> {
  let index = row * W_COLS + col;
  let block = index / 256u * 36u;
  let s = scale_and_min(block, (index / 32u) & 7u);
  return s.x * nibbles(weights[block + 4u + ((index / 8u) & 31u)] >> (index & 4u)) - s.y;
}

fn weight8(row: u32, col: u32) -> array<vec4<f32>, 2> {
  let index = row * W_COLS + col;
  let block = index / 256u * 36u;
  let s = scale_and_min(block, (index / 32u) & 7u);
  let word = weights[block + 4u + ((index / 8u) & 31u)];
  return array<vec4<f32>, 2>(s.x * nibbles(word) - s.y, s.x * nibbles(word >> 4u) - s.y);
}
