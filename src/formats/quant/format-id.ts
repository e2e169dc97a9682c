// Names of the packed weight formats: GGUF's tensor types, and the formats that TabTune makes while loading.

export type WeightFormatId =
  'f32' | 'f16' | 'bf16' | 'q4_0' | 'q4_1' | 'q5_0' | 'q5_1' | 'q8_0' | 'q4_k' | 'q5_k' | 'q6_k' | 'nf4' | 'nf4-dq'
