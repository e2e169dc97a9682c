// Q4_0: blocks of 32, w = d·(q − 8). GPU layout, N blocks:
//   4 words a block: word k has weights 8k … 8k+7, byte t: low nibble weight 8k+t, high nibble weight 8k+4+t
//   then N scales d as f16, two in a word.

alias Word = u32;

fn blocks() -> u32 { return W_ROWS * W_COLS / 32u; }
fn at_scales() -> u32 { return blocks() * 4u; }

fn block_scale(block: u32) -> f32 {
  return unpack2x16float(weights[at_scales() + block / 2u] >> ((block & 1u) * 16u)).x;
}

// Undoes a byte's shift in a word by an exact multiplication, which is faster on adapters without a shift per lane.
const BYTE_SCALE = vec4<f32>(1.0, 0.00390625, 0.0000152587890625, 0.000000059604644775390625);

// The low nibbles of the four bytes.
fn nibbles(word: u32) -> vec4<f32> {
  return vec4<f32>(vec4<i32>(vec4<u32>(word) & vec4<u32>(0xfu, 0xf00u, 0xf0000u, 0xf000000u))) * BYTE_SCALE;
}

fn weight4(row: u32, col: u32) -> vec4<f32> {
  let index = row * W_COLS + col;
  return block_scale(index / 32u) * (nibbles(weights[index / 8u] >> (index & 4u)) - 8.0);
}

fn weight8(row: u32, col: u32) -> array<vec4<f32>, 2> {
  let index = row * W_COLS + col;
  let word = weights[index / 8u];
  let d = block_scale(index / 32u);
  return array<vec4<f32>, 2>(d * (nibbles(word) - 8.0), d * (nibbles(word >> 4u) - 8.0));
}
