// Whole numbers of 4 bits with a scale and an offset for each group of GROUP_WEIGHTS weights: w = scale·q + offset. GPU layout, N groups:
//   GROUP_WEIGHTS / 8 words a group: word k has weights 8k … 8k+7, byte t: low nibble weight 8k+t, high nibble weight 8k+4+t
//   then N times two words: scale and offset as f32.

alias Word = u32;

fn at_scales() -> u32 { return W_ROWS * W_COLS / 8u; }

// (scale, offset)
fn affine(index: u32) -> vec2<f32> {
  let at = at_scales() + index / GROUP_WEIGHTS * 2u;
  return bitcast<vec2<f32>>(vec2<u32>(weights[at], weights[at + 1u]));
}

// Undoes a byte's shift in a word by an exact multiplication, which is faster on adapters without a shift per lane.
const BYTE_SCALE = vec4<f32>(1.0, 0.00390625, 0.0000152587890625, 0.000000059604644775390625);

// The low nibbles of the four bytes.
fn nibbles(word: u32) -> vec4<f32> {
  return vec4<f32>(vec4<i32>(vec4<u32>(word) & vec4<u32>(0xfu, 0xf00u, 0xf0000u, 0xf000000u))) * BYTE_SCALE;
}

fn weight4(row: u32, col: u32) -> vec4<f32> {
  let index = row * W_COLS + col;
  let s = affine(index);
  return s.x * nibbles(weights[index / 8u] >> (index & 4u)) + s.y;
}

fn weight8(row: u32, col: u32) -> array<vec4<f32>, 2> {
  let index = row * W_COLS + col;
  let word = weights[index / 8u];
  let s = affine(index);
  return array<vec4<f32>, 2>(s.x * nibbles(word) + s.y, s.x * nibbles(word >> 4u) + s.y);
}
