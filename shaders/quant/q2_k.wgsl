// Q2_K: blocks of 256 in 16 sub-blocks of 16, w = (d·scale)·q − (dmin·min). GPU layout, 21 words a block:
//   word 0: d, dmin as f16
//   words 1 … 4: a byte per sub-block: scale in the low nibble, min in the high one
//   words 5 … 20: word 5+k has weights 16k … 16k+15 in order, two bits each.

alias Word = u32;

// Undoes a pair's shift in a byte by an exact multiplication.
const PAIR_SCALE = vec4<f32>(1.0, 0.25, 0.0625, 0.015625);

// The four pairs of the low byte.
fn pairs(word: u32) -> vec4<f32> {
  return vec4<f32>(vec4<i32>(vec4<u32>(word) & vec4<u32>(3u, 12u, 48u, 192u))) * PAIR_SCALE;
}

// (d·scale, dmin·min) of the sub-block that has the weight.
fn scale_and_min(block: u32, index: u32) -> vec2<f32> {
  let byte = weights[block + 1u + ((index / 64u) & 3u)] >> ((index / 2u) & 24u);
  return unpack2x16float(weights[block]) * vec2<f32>(vec2<u32>(byte & 15u, (byte >> 4u) & 15u));
}

fn weight4(row: u32, col: u32) -> vec4<f32> {
  let index = row * W_COLS + col;
  let block = index / 256u * 21u;
  let s = scale_and_min(block, index);
  return s.x * pairs(weights[block + 5u + ((index / 16u) & 15u)] >> ((index & 12u) * 2u)) - s.y;
}

fn weight8(row: u32, col: u32) -> array<vec4<f32>, 2> {
  let index = row * W_COLS + col;
  let block = index / 256u * 21u;
  let s = scale_and_min(block, index);
  let word = weights[block + 5u + ((index / 16u) & 15u)] >> ((index & 8u) * 2u);
  return array<vec4<f32>, 2>(s.x * pairs(word) - s.y, s.x * pairs(word >> 8u) - s.y);
}
