// A code book as a table, for adapters where a selection costs more than an indexed load.

fn code_values(word: u32) -> vec4<f32> {
  return vec4<f32>(CODE[word & 15u], CODE[(word >> 8u) & 15u], CODE[(word >> 16u) & 15u], CODE[(word >> 24u) & 15u]);
}
