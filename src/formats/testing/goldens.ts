// The matrices that every reader must decode: slices of real checkpoints and bitsandbytes' tensors under ../shared, and random blocks.
import { packNf4, packNf4Dq } from '../quant/bitsandbytes'
import { halfTable, toHalf } from '../quant/half'
import type { WeightFormatId } from '../quant/format-id'
import { weightFormats } from '../quant/registry'
import { quantiser } from '../quant/registry'
import { floats, halves, numbers, sharedTensors } from './shared'

export interface Golden {
  name: string
  format: WeightFormatId
  rows: number
  cols: number
  /** The bytes as in a file, or as on the GPU for nf4 and nf4-dq. */
  bytes: Uint8Array<ArrayBuffer>
  /** BF16 bits (nearest, ties to even) or float32. */
  expected: Uint16Array | Float32Array
}

const ggufIds = ['q4_0', 'q4_1', 'q5_0', 'q5_1', 'q8_0', 'q2_k', 'q3_k', 'q4_k', 'q5_k', 'q6_k', 'iq4_nl', 'iq4_xs'] as const

/** Slices of real checkpoints, from ../shared/quant. */
export async function checkpointGoldens(): Promise<Golden[]> {
  const goldens: Golden[] = []
  for (const format of ggufIds) {
    const { bytes } = await sharedTensors(`quant/gguf_${format}.safetensors`)
    goldens.push({
      name: `gguf_${format}`,
      format,
      rows: 32,
      cols: 512,
      bytes: bytes.get('packed')!,
      expected: halves(bytes.get('expected')!),
    })
  }
  const plain = (await sharedTensors('quant/bnb_nf4.safetensors')).bytes
  const count = 4096
  const nf4 = packNf4(count, plain.get('packed')!, floats(plain.get('absmax')!))
  goldens.push({ name: 'bnb_nf4', format: 'nf4', rows: 32, cols: 128, bytes: nf4, expected: halves(plain.get('expected')!) })
  const { bytes: double, metadata } = await sharedTensors('quant/bnb_nf4_double_quant.safetensors')
  const nf4Dq = packNf4Dq(count, {
    packed: double.get('packed')!,
    absmax: double.get('absmax_u8')!,
    nested: floats(double.get('nested_absmax')!),
    map: floats(double.get('nested_quant_map')!),
    offset: Number(metadata['nested_offset']),
  })
  goldens.push({
    name: 'bnb_nf4_double_quant',
    format: 'nf4-dq',
    rows: 32,
    cols: 128,
    bytes: nf4Dq,
    expected: halves(double.get('expected')!),
  })
  return goldens
}

interface OracleTensor {
  name: string
  rows: number
  cols: number
  weight: Float32Array
  nf4: Uint8Array<ArrayBuffer>
  nf4Dq: Uint8Array<ArrayBuffer>
  dequantised: Float32Array
  dequantisedDq: Float32Array
}

/** ../shared/oracle/nf4/tensors.safetensors, by tensor. */
export async function nf4Oracle(): Promise<OracleTensor[]> {
  const { bytes, shapes } = await sharedTensors('oracle/nf4/tensors.safetensors')
  const map = floats(bytes.get('dynamic_map_256')!)
  return [...shapes.keys()]
    .filter((key) => key.endsWith('.weight'))
    .map((key) => {
      const name = key.slice(0, -'.weight'.length)
      const of = (part: string) => bytes.get(`${name}.${part}`)!
      const [rows, cols] = shapes.get(key) as [number, number]
      const packed = of('packed')
      return {
        name,
        rows,
        cols,
        weight: floats(of('weight')),
        nf4: packNf4(rows * cols, packed, floats(of('absmax'))),
        nf4Dq: packNf4Dq(rows * cols, {
          packed,
          absmax: of('qabsmax'),
          nested: floats(of('nested_absmax')),
          map,
          offset: floats(of('offset'))[0]!,
        }),
        dequantised: floats(of('dequantised')),
        dequantisedDq: floats(of('dequantised_dq')),
      }
    })
}

export async function nf4Goldens(): Promise<Golden[]> {
  return (await nf4Oracle()).flatMap(({ name, rows, cols, nf4, nf4Dq, dequantised, dequantisedDq }): Golden[] => [
    { name: `${name}, nf4`, format: 'nf4', rows, cols, bytes: nf4, expected: dequantised },
    { name: `${name}, nf4-dq`, format: 'nf4-dq', rows, cols, bytes: nf4Dq, expected: dequantisedDq },
  ])
}

/** The places of f16 numbers in a block; all other bytes may have any value. */
const halvesAt: Partial<Record<WeightFormatId, readonly number[]>> = {
  q4_0: [0],
  q4_1: [0, 2],
  q5_0: [0],
  q5_1: [0, 2],
  q8_0: [0],
  q2_k: [80, 82],
  q3_k: [108],
  q4_k: [0, 2],
  q5_k: [0, 2],
  q6_k: [208],
  iq4_nl: [0],
  iq4_xs: [0],
}

/** Blocks of random codes with ordinary scales of both signs, in every format; with odd numbers of columns if the format allows them. */
export function ownGoldens(): Golden[] {
  const random = numbers(7)
  const normal = () => (random(20001) - 10000) / 10007
  const goldens: Golden[] = []
  for (const { id, blockWeights, blockBytes, decode } of weightFormats) {
    const shapes =
      blockWeights === 1
        ? [
            [3, 1],
            [5, 7],
            [33, 10],
            [40, 64],
          ]
        : blockBytes === 0
          ? [
              [5, 30],
              [1, 150],
              [35, 12],
              [70, 260],
            ]
          : [
              [1, blockWeights],
              [67, 3 * blockWeights],
            ]
    for (const [rows, cols] of shapes as [number, number][]) {
      let bytes: Uint8Array<ArrayBuffer>
      if (blockBytes === 0) {
        const start = quantiser(id).start(rows, cols)
        start.add(Float32Array.from({ length: rows * cols }, normal))
        bytes = start.finish()
      } else if (id === 'f32') bytes = new Uint8Array(Float32Array.from({ length: rows * cols }, normal).buffer)
      else if (blockWeights === 1) {
        const bits = Uint16Array.from({ length: rows * cols }, () =>
          id === 'f16' ? toHalf(normal()) : 0x3c00 + random(1024) + 0x8000 * random(2),
        )
        bytes = new Uint8Array(bits.buffer)
      } else {
        const blocks = (rows * cols) / blockWeights
        bytes = Uint8Array.from({ length: blocks * blockBytes }, () => random(256))
        const view = new DataView(bytes.buffer)
        for (let block = 0; block < blocks; block++) {
          // The exponent of MXFP4 is one byte.
          if (id === 'mxfp4') bytes[block * blockBytes] = 100 + random(50)
          if (id.startsWith('int'))
            for (const at of [blockBytes - 8, blockBytes - 4])
              view.setFloat32(block * blockBytes + at, halfTable()[toHalf(normal() / 16)]!, true)
          for (const at of halvesAt[id] ?? []) view.setUint16(block * blockBytes + at, toHalf(normal() / 16), true)
        }
      }
      goldens.push({ name: `own ${id} ${rows} × ${cols}`, format: id, rows, cols, bytes, expected: decode(bytes, rows * cols) })
    }
  }
  return goldens
}
