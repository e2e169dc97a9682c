// NF4 and FP4 as in bitsandbytes: w = CODE[q]·absmax over blocks of 64 of the flattened matrix. GPU layout, n = W_ROWS·W_COLS:
//   ⌈n / 8⌉ words of codes: word k has weights 8k … 8k+7, byte t: low nibble weight 8k+t, high nibble weight 8k+4+t
//   then ⌈n / 64⌉ words: absmax as f32.
// W_COLS may be any number; weights beyond a row's end read as 0.

alias Word = u32;

fn at_absmax() -> u32 { return (W_ROWS * W_COLS + 7u) / 8u; }

fn absmax(block: u32) -> f32 {
  return bitcast<f32>(weights[at_absmax() + block]);
}

fn weight_or_zero(row: u32, col: u32) -> f32 {
  if (col >= W_COLS) { return 0.0; }
  let index = row * W_COLS + col;
  let q = weights[index / 8u] >> ((index & 3u) * 8u + (index & 4u));
  return code_values(q).x * absmax(index / 64u);
}

fn weight4(row: u32, col: u32) -> vec4<f32> {
  if (COLS_MOD_8 % 4u != 0u) {
    return vec4<f32>(weight_or_zero(row, col), weight_or_zero(row, col + 1u), weight_or_zero(row, col + 2u), weight_or_zero(row, col + 3u));
  }
  let index = row * W_COLS + col;
  return code_values(weights[index / 8u] >> (index & 4u)) * absmax(index / 64u);
}

fn weight8(row: u32, col: u32) -> array<vec4<f32>, 2> {
  if (COLS_MOD_8 % 8u != 0u) { return array<vec4<f32>, 2>(weight4(row, col), weight4(row, col + 4u)); }
  let index = row * W_COLS + col;
  let word = weights[index / 8u];
  let scale = absmax(index / 64u);
  return array<vec4<f32>, 2>(code_values(word) * scale, code_values(word >> 4u) * scale);
}
