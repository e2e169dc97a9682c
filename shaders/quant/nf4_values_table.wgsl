// The code book of nf4_values as a table, for adapters where a selection costs more than an indexed load.

const NF4_VALUES = array<f32, 16>(
  -1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635, -0.18477343022823334, -0.09105003625154495, 0.0,
  0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0,
);

fn nf4_values(word: u32) -> vec4<f32> {
  return vec4<f32>(NF4_VALUES[word & 15u], NF4_VALUES[(word >> 8u) & 15u], NF4_VALUES[(word >> 16u) & 15u], NF4_VALUES[(word >> 24u) & 15u]);
}
