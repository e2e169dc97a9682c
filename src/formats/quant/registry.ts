// The packed weight formats: how many weights and bytes a block has in a file, and how the bytes
// are laid out on the GPU. A new format is a file here, its reader in shaders/quant/<id>.wgsl and one line below.
import type { WeightFormat } from './weight-format'

export type WeightFormatId =
  | 'f32' | 'f16' | 'bf16'
  | 'q4_0' | 'q4_1' | 'q5_0' | 'q5_1' | 'q8_0'
  | 'q4_k' | 'q5_k' | 'q6_k'
  | 'nf4' | 'nf4-dq'

/** @throws UnsupportedError naming what is supported */
export declare function weightFormat(id: WeightFormatId): WeightFormat
