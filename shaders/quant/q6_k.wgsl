// Q6_K: blocks of 256 in 16 sub-blocks of 16, w = (d·scale)·(q − 32). GPU layout, N blocks:
//   52 words a block:
//     words 0 … 31: low four bits, word k has weights 8k … 8k+7, byte t: low nibble weight 8k+t, high nibble weight 8k+4+t
//     words 32 … 47: high two bits, word 32+k has weights 16k … 16k+15 in order, two bits each
//     words 48 … 51: 16 scales as signed bytes
//   then N scales d as f16, two in a word.

alias Word = u32;

fn blocks() -> u32 { return W_ROWS * W_COLS / 256u; }
fn at_scales() -> u32 { return blocks() * 52u; }

// Undoes a byte's shift in a word by an exact multiplication, which is faster on adapters without a shift per lane.
const BYTE_SCALE = vec4<f32>(1.0, 0.00390625, 0.0000152587890625, 0.000000059604644775390625);

// The low nibbles of the four bytes of `low`, each with two of the eight lowest bits of `high` above it.
fn six_bits(low: u32, high: u32) -> vec4<f32> {
  let four = vec4<f32>(vec4<i32>(vec4<u32>(low) & vec4<u32>(0xfu, 0xf00u, 0xf0000u, 0xf000000u))) * BYTE_SCALE;
  return four + vec4<f32>(vec4<i32>(vec4<u32>(high) & vec4<u32>(3u, 12u, 48u, 192u))) * vec4<f32>(16.0, 4.0, 1.0, 0.25);
}

fn sub_scale(index: u32) -> f32 {
  let block = index / 256u;
  let d = unpack2x16float(weights[at_scales() + block / 2u] >> ((block & 1u) * 16u)).x;
  let word = bitcast<i32>(weights[block * 52u + 48u + ((index / 64u) & 3u)]);
  return d * f32((word << (24u - ((index / 2u) & 24u))) >> 24u);
}

fn weight4(row: u32, col: u32) -> vec4<f32> {
  let index = row * W_COLS + col;
  let block = index / 256u * 52u;
  let low = weights[block + ((index / 8u) & 31u)] >> (index & 4u);
  let high = weights[block + 32u + ((index / 16u) & 15u)] >> ((index & 12u) * 2u);
  return sub_scale(index) * (six_bits(low, high) - 32.0);
}

fn weight8(row: u32, col: u32) -> array<vec4<f32>, 2> {
  let index = row * W_COLS + col;
  let block = index / 256u * 52u;
  let low = weights[block + ((index / 8u) & 31u)];
  let high = weights[block + 32u + ((index / 16u) & 15u)] >> ((index & 8u) * 2u);
  let d = sub_scale(index);
  return array<vec4<f32>, 2>(d * (six_bits(low, high) - 32.0), d * (six_bits(low >> 4u, high >> 8u) - 32.0));
}
