// Whole numbers of 4 or 8 bits with a scale and an offset for each group of weights of a row: w = scale·q + offset. This is what GPTQ,
// AWQ, MLX and compressed-tensors store, each in its own order (src/formats/prequantised). No file has these blocks: the readers of
// those folders make them, already in the order of the GPU (shaders/quant/grouped4.wgsl).
import { blockFormat, copyBytes } from './block-format'
import type { WeightFormatId } from './format-id'
import { nf4Code } from './nf4'

const number = new Float32Array(1)
const itsBytes = new Uint8Array(number.buffer)

function readFloat(bytes: Uint8Array, at: number): number {
  copyBytes(bytes, at, 4, itsBytes, 0)
  return number[0]!
}

function writeFloat(value: number, bytes: Uint8Array, at: number): void {
  number[0] = value
  copyBytes(itsBytes, 0, 4, bytes, at)
}

const largestFloat = 3.4e38

interface Shape {
  id: WeightFormatId
  bits: 4 | 8
  /** Weights that share a scale. */
  group: 32 | 64 | 128
}

/** The widest groups first: of formats that can hold a matrix, the first takes the least memory. */
const shapes = [
  { id: 'int4-128', bits: 4, group: 128 },
  { id: 'int4-64', bits: 4, group: 64 },
  { id: 'int4-32', bits: 4, group: 32 },
  { id: 'int8-32', bits: 8, group: 32 },
] as const satisfies readonly Shape[]

const codeBytes = ({ bits, group }: Shape) => (group * bits) / 8

function formatOf(shape: Shape) {
  const { id, bits, group } = shape
  const size = codeBytes(shape)
  const block = new Float32Array(group)
  const decodeBlock = (bytes: Uint8Array, at: number, out: Float32Array, to: number): void => {
    const scale = readFloat(bytes, at + size)
    const offset = readFloat(bytes, at + size + 4)
    const codes = bytes.subarray(at, at + size)
    for (let i = 0; i < group; i++) out[to + i] = scale * (bits === 8 ? codes[i]! : nf4Code(codes, i)) + offset
  }
  return blockFormat({
    id,
    label: `INT${bits} in groups of ${group}`,
    parts: [`quant/group_${group}`, `quant/grouped${bits}`],
    blockWeights: group,
    blockBytes: size + 8,
    odd(bytes, at) {
      const [scale, offset] = [readFloat(bytes, at + size), readFloat(bytes, at + size + 4)]
      if (Math.abs(scale) * 255 + Math.abs(offset) < largestFloat) return undefined
      const odd = [scale, offset].find((value) => !Number.isFinite(value))
      decodeBlock(bytes, at, block, 0)
      return odd ?? block.find((value) => !Number.isFinite(value))
    },
    streamBytes: [size, 8],
    packBlock(bytes, at, [codes, scales], block) {
      copyBytes(bytes, at, size, codes!, block * size)
      copyBytes(bytes, at + size, 8, scales!, block * 8)
    },
    decodeBlock,
  })
}

export const groupedFormats = shapes.map(formatOf)

/** The format that holds rows of `cols` codes of up to `bits` bits, whose scales change every `group` weights; undefined if none does. */
export function groupedFormat(bits: number, cols: number, group: number): WeightFormatId | undefined {
  return shapes.find((shape) => bits <= shape.bits && cols % shape.group === 0 && group % shape.group === 0)?.id
}

/** Whole rows of codes, one in each byte, as blocks of `format`. `scales` and `offsets` have one number per `group` weights of each row. */
export function groupedRows(
  format: WeightFormatId,
  { codes, scales, offsets, cols, group }: { codes: Uint8Array; scales: Float32Array; offsets: Float32Array; cols: number; group: number },
): Uint8Array<ArrayBuffer> {
  const shape = shapes.find((s) => s.id === format)!
  const size = codeBytes(shape)
  const blocks = codes.length / shape.group
  const perRow = Math.ceil(cols / group)
  const out = new Uint8Array(blocks * (size + 8))
  for (let block = 0; block < blocks; block++) {
    const from = block * shape.group
    const at = block * (size + 8)
    if (shape.bits === 8) copyBytes(codes, from, size, out, at)
    else
      for (let i = 0; i < shape.group; i += 8)
        for (let t = 0; t < 4; t++) out[at + (i >> 1) + t] = codes[from + i + t]! | (codes[from + i + 4 + t]! << 4)
    const scale = Math.floor(from / cols) * perRow + Math.floor((from % cols) / group)
    writeFloat(scales[scale]!, out, at + size)
    writeFloat(offsets[scale]!, out, at + size + 4)
  }
  return out
}
