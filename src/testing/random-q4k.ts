// A random model whose linear layers are in Q4_K, as in a GGUF file: valid blocks of random bits that only the readers decode.
import type { ModelFile, TensorEntry } from '../formats/model-file'
import { toHalf } from '../formats/quant/half'
import { familyOf } from '../models/registry'
import { integers } from './random'

const blockBytes = 144
const blockWeights = 256

/** d and dmin that give weights around 0 with a standard deviation of about `deviation`: w = d·scale·q − dmin·min, scale and min 0…63, q 0…15. */
function scaled(bytes: Uint8Array<ArrayBuffer>, deviation: number): Uint8Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer)
  const d = deviation / 240
  for (let at = 0; at < bytes.length; at += blockBytes) {
    view.setUint16(at, toHalf(d), true)
    view.setUint16(at + 2, toHalf(7.5 * d), true)
  }
  return bytes
}

function packed(entry: TensorEntry, index: number): TensorEntry {
  const [rows, cols] = entry.shape as [number, number]
  const rowBytes = (cols / blockWeights) * blockBytes
  const bytes = scaled(Uint8Array.from(integers(index, rows * rowBytes, 256)), 1 / Math.sqrt(cols))
  return {
    ...entry,
    format: 'q4_k',
    sizeBytes: bytes.length,
    readRows: async (first, count) => bytes.slice(first * rowBytes, (first + count) * rowBytes),
  }
}

/** The same model with Q4_K in place of every linear layer's values; rows must be multiples of 256. */
export function inQ4K(model: ModelFile): ModelFile {
  const linear = new Set(
    familyOf(model)
      .tensors(model.config)
      .filter((t) => t.kind === 'linear')
      .map((t) => t.name),
  )
  const tensors = new Map([...model.tensors].map(([name, entry], i) => [name, linear.has(name) ? packed(entry, i + 1) : entry]))
  return { ...model, tensors }
}
