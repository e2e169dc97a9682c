// The code book of nf4_values as a table, for adapters where a selection costs more than an indexed load.

fn nf4_values(word: u32) -> vec4<f32> {
  return vec4<f32>(NF4_VALUES[word & 15u], NF4_VALUES[(word >> 8u) & 15u], NF4_VALUES[(word >> 16u) & 15u], NF4_VALUES[(word >> 24u) & 15u]);
}
