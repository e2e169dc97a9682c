// Q8_0: blocks of 32, w = d·q. GPU layout, N blocks:
//   8 words a block: word k has weights 4k … 4k+3 as signed bytes
//   then N scales d as f16, two in a word.

alias Word = u32;

fn blocks() -> u32 { return W_ROWS * W_COLS / 32u; }
fn at_scales() -> u32 { return blocks() * 8u; }

fn block_scale(block: u32) -> f32 {
  return unpack2x16float(weights[at_scales() + block / 2u] >> ((block & 1u) * 16u)).x;
}

fn signed_bytes(word: u32) -> vec4<f32> {
  return vec4<f32>((vec4<i32>(bitcast<i32>(word)) << vec4<u32>(24u, 16u, 8u, 0u)) >> vec4<u32>(24u));
}

fn weight4(row: u32, col: u32) -> vec4<f32> {
  let index = row * W_COLS + col;
  return block_scale(index / 32u) * signed_bytes(weights[index / 4u]);
}

fn weight8(row: u32, col: u32) -> array<vec4<f32>, 2> {
  let index = row * W_COLS + col;
  let d = block_scale(index / 32u);
  return array<vec4<f32>, 2>(d * signed_bytes(weights[index / 4u]), d * signed_bytes(weights[index / 4u + 1u]));
}
