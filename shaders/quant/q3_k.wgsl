// Q3_K: blocks of 256 in 16 sub-blocks of 16, w = (d·(scale − 32))·(q − 4). GPU layout, N blocks:
//   27 words a block:
//     words 0 … 15: low two bits, word k has weights 16k … 16k+15 in order, two bits each
//     words 16 … 23: third bit, word 16+k has weights 32k … 32k+31 in order
//     words 24 … 26: 16 scales of six bits, one after the other
//   then N scales d as f16, two in a word.

alias Word = u32;

fn blocks() -> u32 { return W_ROWS * W_COLS / 256u; }
fn at_scales() -> u32 { return blocks() * 27u; }

// The four pairs of the low byte of `low`, each with one of the four lowest bits of `high` above it.
fn three_bits(low: u32, high: u32) -> vec4<f32> {
  let two = vec4<f32>(vec4<i32>(vec4<u32>(low) & vec4<u32>(3u, 12u, 48u, 192u))) * vec4<f32>(1.0, 0.25, 0.0625, 0.015625);
  return two + vec4<f32>(vec4<i32>(vec4<u32>(high) & vec4<u32>(1u, 2u, 4u, 8u))) * vec4<f32>(4.0, 2.0, 1.0, 0.5);
}

// d·(scale − 32) of the sub-block that has the weight. The scales of two sub-blocks cross the end of a word.
fn sub_scale(index: u32) -> f32 {
  let block = index / 256u;
  let d = unpack2x16float(weights[at_scales() + block / 2u] >> ((block & 1u) * 16u)).x;
  let bit = ((index / 16u) & 15u) * 6u;
  let at = block * 27u + 24u + bit / 32u;
  let shift = bit & 31u;
  var field = weights[at] >> shift;
  if (shift > 26u) { field |= weights[at + 1u] << (32u - shift); }
  return d * (f32(field & 63u) - 32.0);
}

fn weight4(row: u32, col: u32) -> vec4<f32> {
  let index = row * W_COLS + col;
  let block = index / 256u * 27u;
  let low = weights[block + ((index / 16u) & 15u)] >> ((index & 12u) * 2u);
  let high = weights[block + 16u + ((index / 32u) & 7u)] >> (index & 28u);
  return sub_scale(index) * (three_bits(low, high) - 4.0);
}

fn weight8(row: u32, col: u32) -> array<vec4<f32>, 2> {
  let index = row * W_COLS + col;
  let block = index / 256u * 27u;
  let low = weights[block + ((index / 16u) & 15u)] >> ((index & 8u) * 2u);
  let high = weights[block + 16u + ((index / 32u) & 7u)] >> (index & 24u);
  let d = sub_scale(index);
  return array<vec4<f32>, 2>(d * (three_bits(low, high) - 4.0), d * (three_bits(low >> 8u, high >> 4u) - 4.0));
}
