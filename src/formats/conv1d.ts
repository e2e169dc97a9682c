// Weights of transformers' Conv1D (pytorch_utils.py) are stored as [in, out]. Here they are transposed to [out, in] while they are read.
import type { TensorEntry } from './model-file'
import { weightFormat } from './quant/registry'

const pieceBytes = 16 << 20

const numbers = (bytes: Uint8Array<ArrayBuffer>, size: number) =>
  size === 4
    ? new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
    : new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2)

/**
 * A matrix [in, out] as [out, in]. Every read goes through the whole matrix, at most 16 MiB at a time.
 * Returns other tensors than matrices of plain numbers unchanged.
 */
export function turned(entry: TensorEntry): TensorEntry {
  const { blockWeights, blockBytes: size } = weightFormat(entry.format)
  if (entry.shape.length !== 2 || blockWeights !== 1) return entry
  const [inputs, outputs] = entry.shape as [number, number]
  const step = Math.max(1, Math.floor(pieceBytes / (outputs * size)))
  return {
    ...entry,
    shape: [outputs, inputs],
    async readRows(rowStart, rowCount) {
      const out = new Uint8Array(rowCount * inputs * size)
      const to = numbers(out, size)
      for (let first = 0; first < inputs; first += step) {
        const count = Math.min(step, inputs - first)
        const from = numbers((await entry.readRows(first, count)).slice(), size)
        for (let i = 0; i < count; i++)
          for (let row = 0; row < rowCount; row++) to[row * inputs + first + i] = from[i * outputs + rowStart + row]!
      }
      return out
    },
  }
}
