// Products and embeddings over packed weights must read the numbers that the format's `decode` gives.
import { describe, expect, it } from 'vitest'
import { quantiser, weightFormat } from '../formats/quant/registry'
import { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { checkOp } from '../testing/check-op'
import { assertSameBits } from '../testing/closeness'
import { testGpus } from '../testing/device'
import { integers, normals } from '../testing/random'
import { embeddingReference } from '../testing/reference/embedding'
import { matmulReference } from '../testing/reference/matmul'
import { type Held, held, runRecorded } from '../testing/run-recorded'
import { tapeKernels } from './add'
import { embedding } from './embedding'
import { matmul } from './matmul'
import { type Weight, trainableWeight } from './weight'

const gpus = testGpus()

interface Packed {
  format: 'q4_0' | 'nf4'
  rows: number
  cols: number
  /** The whole matrix as it is on the GPU. */
  words: Uint32Array<ArrayBuffer>
  /** Its numbers, row by row. */
  values: Float32Array
}

/** The words of rows [from, to), packed as a separate part. */
function packRows(format: 'q4_0', bytes: Uint8Array<ArrayBuffer>, rows: number, cols: number): Uint32Array<ArrayBuffer> {
  const f = weightFormat(format)
  const packed = new Uint8Array(f.gpuBytes(rows, cols))
  for (const piece of f.pack(bytes, { rows, cols }, 0, rows)) packed.set(piece.bytes, piece.offset)
  return new Uint32Array(packed.buffer)
}

/** Random blocks: any nibbles, scales between 2⁻⁵ and 2⁻⁴, of both signs. */
function q4Bytes(rows: number, cols: number): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.from(integers(90, (rows * cols * 18) / 32, 256))
  for (let at = 1; at < bytes.length; at += 18) bytes[at] = (bytes[at] & 0x83) | 0x28
  return bytes
}

function q4(rows: number, cols: number): Packed {
  const bytes = q4Bytes(rows, cols)
  return { format: 'q4_0', rows, cols, words: packRows('q4_0', bytes, rows, cols), values: weightFormat('q4_0').decode(bytes, rows * cols) }
}

function nf4(rows: number, cols: number): Packed {
  const job = quantiser('nf4').start(rows, cols)
  job.add(normals(91, rows * cols, 0.3))
  const bytes = job.finish()
  return {
    format: 'nf4',
    rows,
    cols,
    words: new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4),
    values: weightFormat('nf4').decode(bytes, rows * cols),
  }
}

function weight({ format, rows, cols }: Omit<Packed, 'words' | 'values'>, parts: readonly [Tensor, number][]): Weight {
  let firstRow = 0
  return {
    name: format,
    shape: [rows, cols],
    format,
    reader: weightFormat(format).reader(cols),
    parts: parts.map(([tensor, rows]) => ({ tensor, rows, firstRow: (firstRow += rows) - rows })),
  }
}

describe('packed weights', () => {
  for (const packed of [q4(36, 96), nf4(100, 68), nf4(37, 66), nf4(36, 37), nf4(35, 68)]) {
    for (const positions of [1, 33, 65])
      it(`${packed.format}: ${positions} × ${packed.cols} by ${packed.rows}, and back`, () =>
        checkOp(gpus, {
          inputs: {
            x: { shape: [positions, packed.cols], values: normals(92, positions * packed.cols), gradient: 'activation' },
            w: { shape: [packed.words.length], values: packed.words },
          },
          record: (r, { x, w }) => matmul(r, x, weight(packed, [[w, packed.rows]])),
          reference: ({ x }) => matmulReference(x, packed.values, packed.cols),
        }))

    it(`${packed.format}: embedding, rows of ${packed.cols}`, () => {
      const ids = integers(93, 63, packed.rows)
      return checkOp(gpus, {
        inputs: { ids: { shape: [63], values: ids }, w: { shape: [packed.words.length], values: packed.words } },
        record: (r, { ids, w }) => embedding(r, ids, weight(packed, [[w, packed.rows]])),
        reference: () => embeddingReference(ids, packed.values, packed.cols),
      })
    })
  }

  // Columns of y and rows of w do not mix, so that splitting rows of w changes no bit of y.
  for (const positions of [1, 33, 65])
    it(`q4_0 in two parts gives the bits of one, ${positions} rows`, async () => {
      const [rows, cols, cut] = [68, 96, 32]
      const bytes = q4Bytes(rows, cols)
      const cutAt = (cut * cols * 18) / 32
      const words = [
        packRows('q4_0', bytes, rows, cols),
        packRows('q4_0', bytes.slice(0, cutAt), cut, cols),
        packRows('q4_0', bytes.slice(cutAt), rows - cut, cols),
      ]
      for (const { name, gpu } of gpus) {
        const outputs: Float32Array[] = []
        for (const split of [false, true]) {
          const r = new Recorder(gpu.profile, tapeKernels)
          const x: Held = held('x', [positions, cols], normals(94, positions * cols))
          const parts = words.slice(split ? 1 : 0, split ? 3 : 1).map((w, i) => held(`part ${i}`, [w.length], w))
          const y = matmul(
            r,
            x.tensor,
            weight(
              { format: 'q4_0', rows, cols },
              parts.map((p, i) => [p.tensor, split ? [cut, rows - cut][i] : rows]),
            ),
          )
          outputs.push((await runRecorded(gpu, r.launches, [x, ...parts], 'apart'))(y))
        }
        assertSameBits(`y (${name})`, outputs[1], outputs[0])
      }
    })

  it('a product of unpacked weights has the same bits as one that reads packed weights', async () => {
    const [rows, cols] = [68, 128]
    for (const packed of [q4(rows, cols), nf4(rows, cols)])
      for (const { name, gpu } of gpus.filter((g) => g.gpu.profile.matmul === 'quad')) {
        const files: string[][] = []
        const outputs: Float32Array[] = []
        for (const unpackRows of [Infinity, 64]) {
          const r = new Recorder({ ...gpu.profile, unpackRows }, tapeKernels)
          const x = held('x', [65, cols], normals(96, 65 * cols))
          x.tensor.requiresGrad = true
          const words = held('words', [packed.words.length], packed.words)
          const y = matmul(r, x.tensor, weight(packed, [[words.tensor, rows]]))
          r.passGrad(y, y)
          r.backward()
          files.push(r.launches.map((l) => l.kernel.file))
          outputs.push((await runRecorded(gpu, r.launches, [x, words], 'apart'))(r.grad(x.tensor)))
        }
        expect(files[0]).toEqual(['matmul_quad', 'matmul_input_quad'])
        expect(files[1]).toEqual(['unpack_weights', 'matmul_quad', 'unpack_weights', 'matmul_input_quad'])
        assertSameBits(`dx (${name})`, outputs[1], outputs[0])
      }
  })

  it('products by eight lanes have the same bits as those by four', async ({ skip }) => {
    const [{ gpu }] = gpus
    if (gpu.subgroup < 8) return skip(`${gpu.name} has subgroups of fewer than eight lanes`)
    const [rows, cols, width] = [70, 132, 92]
    const w = normals(98, width * cols)
    const found: { files: string[]; numbers: Float32Array[] }[] = []
    for (const matmulForm of ['quad', 'octet'] as const) {
      const r = new Recorder({ ...gpu.profile, matmul: matmulForm, unpackRows: Infinity }, tapeKernels)
      const [x, trained] = [held('x', [rows, cols], normals(97, rows * cols)), held('w', [width, cols], w)]
      const d = held('d', [width, cols], new Float32Array(width * cols))
      x.tensor.requiresGrad = true
      const parameter = { ...trained.tensor, requiresGrad: true, grad: d.tensor }
      const y = matmul(r, x.tensor, trainableWeight(parameter))
      r.passGrad(y, y)
      r.backward()
      const read = await runRecorded(gpu, r.launches, [x, trained, d], 'apart')
      found.push({ files: r.launches.map((l) => l.kernel.file), numbers: [y, r.grad(x.tensor), d.tensor].map((t) => read(t)) })
    }
    expect(found[0].files).toEqual(['matmul_quad', 'matmul_input_quad', 'matmul_weight_quad'])
    expect(found[1].files).toEqual(['matmul_octet', 'matmul_input_octet', 'matmul_weight_octet'])
    for (const [i, name] of ['y', 'dx', 'dw'].entries()) assertSameBits(name, found[1].numbers[i], found[0].numbers[i])
  })
})
