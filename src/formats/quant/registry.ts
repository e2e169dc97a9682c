// Registry of the packed weight formats. A format says how many weights and bytes a block has in a file, and how the bytes
// are laid out on the GPU. A new format is a file here, its reader in shaders/quant/<id>.wgsl and one line below.
import { UnsupportedError } from '../../config/errors'
import { say } from '../../config/phrase'
import { bf16 } from './bf16'
import { f16 } from './f16'
import { f32 } from './f32'
import { iq4_nl } from './iq4_nl'
import { iq4_xs } from './iq4_xs'
import { fp4 } from './fp4'
import { groupedFormats } from './grouped'
import { mxfp4 } from './mxfp4'
import { nf4 } from './nf4'
import { nf4Dq } from './nf4-dq'
import { quantiseFp4, quantiseNf4, quantiseNf4Dq } from './nf4-quantise'
import { q2_k } from './q2_k'
import { q3_k } from './q3_k'
import { q4_0 } from './q4_0'
import { q4_1 } from './q4_1'
import { q4_k } from './q4_k'
import { q5_0 } from './q5_0'
import { q5_1 } from './q5_1'
import { q5_k } from './q5_k'
import { q6_k } from './q6_k'
import { q8_0 } from './q8_0'
import type { WeightFormatId } from './format-id'
import type { Quantiser, WeightFormat } from './weight-format'

export const weightFormats: readonly WeightFormat[] = [
  f32,
  f16,
  bf16,
  q4_0,
  q4_1,
  q5_0,
  q5_1,
  q8_0,
  q2_k,
  q3_k,
  q4_k,
  q5_k,
  q6_k,
  iq4_nl,
  iq4_xs,
  mxfp4,
  nf4,
  nf4Dq,
  fp4,
  ...groupedFormats,
]

const quantisers: readonly Quantiser[] = [quantiseNf4, quantiseNf4Dq, quantiseFp4]

/** The format by its name. @throws UnsupportedError naming the formats */
export function weightFormat(id: WeightFormatId): WeightFormat {
  const format = weightFormats.find((f) => f.id === id)
  if (format) return format
  const known = weightFormats.map((f) => f.label).join(', ')
  throw new UnsupportedError(say`weight format: expected one of ${known}, got ${String(id)}. Use a file with one of these types.`)
}

/** The quantiser that makes `id` from float32 values. @throws UnsupportedError naming the formats that can be made */
export function quantiser(id: WeightFormatId): Quantiser {
  const found = quantisers.find((q) => q.id === id)
  if (found) return found
  throw new UnsupportedError(
    say`quantise: expected one of ${quantisers.map((q) => q.id).join(', ')}, got ${id}. Choose one of these as the base precision.`,
  )
}
