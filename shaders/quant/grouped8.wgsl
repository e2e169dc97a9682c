// Whole numbers of 8 bits with a scale and an offset for each group of GROUP_WEIGHTS weights: w = scale·q + offset. GPU layout, N groups:
//   GROUP_WEIGHTS / 4 words a group: word k has weights 4k … 4k+3
//   then N times two words: scale and offset as f32.

alias Word = u32;

fn at_scales() -> u32 { return W_ROWS * W_COLS / 4u; }

// (scale, offset)
fn affine(index: u32) -> vec2<f32> {
  let at = at_scales() + index / GROUP_WEIGHTS * 2u;
  return bitcast<vec2<f32>>(vec2<u32>(weights[at], weights[at + 1u]));
}

fn bytes_of(word: u32) -> vec4<f32> {
  return vec4<f32>((vec4<u32>(word) >> vec4<u32>(0u, 8u, 16u, 24u)) & vec4<u32>(255u));
}

fn weight4(row: u32, col: u32) -> vec4<f32> {
  let index = row * W_COLS + col;
  let s = affine(index);
  return s.x * bytes_of(weights[index / 4u]) + s.y;
}

fn weight8(row: u32, col: u32) -> array<vec4<f32>, 2> {
  let index = row * W_COLS + col;
  let s = affine(index);
  return array<vec4<f32>, 2>(s.x * bytes_of(weights[index / 4u]) + s.y, s.x * bytes_of(weights[index / 4u + 1u]) + s.y);
}
