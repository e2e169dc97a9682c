// NF4 with double quantisation as in bitsandbytes: w = code[q]·absmax over blocks of 64 of the flattened matrix,
// absmax = map[c]·nested + offset, nested over blocks of 256 absmax. GPU layout, n = W_ROWS·W_COLS:
//   word 0: offset as f32; words 1 … 256: map as f32 (the values of an 8-bit code, in the file's own rounding)
//   then ⌈n / 16384⌉ words: nested as f32
//   then ⌈n / 256⌉ words: codes c of absmax, four bytes in a word
//   then ⌈n / 8⌉ words of codes q: word k has weights 8k … 8k+7, byte t: low nibble weight 8k+t, high nibble weight 8k+4+t.
// W_COLS may be any number; weights beyond a row's end read as 0.

alias Word = u32;

const NESTED: u32 = 257u;
fn at_absmax() -> u32 { return NESTED + (W_ROWS * W_COLS + 16383u) / 16384u; }
fn at_codes() -> u32 { return at_absmax() + (W_ROWS * W_COLS + 255u) / 256u; }

fn absmax(block: u32) -> f32 {
  let code = (weights[at_absmax() + block / 4u] >> ((block & 3u) * 8u)) & 255u;
  let product = bitcast<f32>(weights[1u + code]) * bitcast<f32>(weights[NESTED + block / 256u]);
  // bitsandbytes rounds the product before it adds. block >> 31 is 0 and keeps compilers from fusing the two.
  return bitcast<f32>(bitcast<u32>(product) + (block >> 31u)) + bitcast<f32>(weights[0]);
}

fn weight_or_zero(row: u32, col: u32) -> f32 {
  if (col >= W_COLS) { return 0.0; }
  let index = row * W_COLS + col;
  let q = weights[at_codes() + index / 8u] >> ((index & 3u) * 8u + (index & 4u));
  return code_values(q).x * absmax(index / 64u);
}

fn weight4(row: u32, col: u32) -> vec4<f32> {
  if (COLS_MOD_8 % 4u != 0u) {
    return vec4<f32>(weight_or_zero(row, col), weight_or_zero(row, col + 1u), weight_or_zero(row, col + 2u), weight_or_zero(row, col + 3u));
  }
  let index = row * W_COLS + col;
  return code_values(weights[at_codes() + index / 8u] >> (index & 4u)) * absmax(index / 64u);
}

fn weight8(row: u32, col: u32) -> array<vec4<f32>, 2> {
  if (COLS_MOD_8 % 8u != 0u) { return array<vec4<f32>, 2>(weight4(row, col), weight4(row, col + 4u)); }
  let index = row * W_COLS + col;
  let word = weights[at_codes() + index / 8u];
  let scale = absmax(index / 64u);
  return array<vec4<f32>, 2>(code_values(word) * scale, code_values(word >> 4u) * scale);
}
