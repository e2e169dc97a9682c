// F32, F16 and BF16: one weight after the other. On the GPU, each row is padded to whole words.
import { ShapeError } from '../../config/errors'
import { say } from '../../config/phrase'
import { anyOdd, firstOdd } from './finite'
import type { WeightFormat } from './weight-format'

/** A WeightFormat of plain numbers; `toFloat` converts the bits of a value to float32. */
export function floatFormat(
  id: 'f32' | 'f16' | 'bf16',
  label: string,
  size: 2 | 4,
  toFloats: (bytes: Uint8Array, out: Float32Array) => void,
): WeightFormat {
  const rowBytes = (cols: number) => Math.ceil((cols * size) / 4) * 4
  const check = (bytes: Uint8Array, count: number) => {
    if (bytes.length !== count * size) {
      throw new ShapeError(
        say`${label}: expected ${count * size} bytes for ${count} weights, got ${bytes.length}. The file may be damaged; download it again.`,
      )
    }
  }
  return {
    id,
    label,
    blockWeights: 1,
    blockBytes: size,
    reader: (cols) => [id === 'f32' && cols % 4 === 0 ? 'quant/f32_vectors' : `quant/${id}`],
    gpuBytes: (rows, cols) => rows * rowBytes(cols),
    pack(bytes, part, rowStart, rowCount) {
      check(bytes, rowCount * part.cols)
      const stride = rowBytes(part.cols)
      const used = part.cols * size
      if (stride === used) return [{ offset: rowStart * stride, bytes }]
      const padded = new Uint8Array(rowCount * stride)
      for (let row = 0; row < rowCount; row++) padded.set(bytes.subarray(row * used, (row + 1) * used), row * stride)
      return [{ offset: rowStart * stride, bytes: padded }]
    },
    oddWeight(bytes, count) {
      check(bytes, count)
      return anyOdd(bytes, id) ? firstOdd(this.decode(bytes, count)) : undefined
    },
    decode(bytes, count) {
      check(bytes, count)
      const out = new Float32Array(count)
      toFloats(bytes, out)
      return out
    },
  }
}
