// Checks that a form of kernels computes the right numbers before tuning uses it, however fast it is.
import { weightFormat } from '../formats/quant/registry'
import type { Gpu } from '../gpu/gpu'
import type { Profile } from '../gpu/profile'
import { copyInto } from '../ops/add'
import { attention } from '../ops/attention'
import { matmul, productInput, productInto, productWeight } from '../ops/matmul'
import { type Weight, trainableWeight } from '../ops/weight'
import type { Tensor } from '../tensor/tensor'
import { Bed } from './launches'

type Checked = 'products' | 'matrices' | 'attention'

/** The plainest forms. Other forms are checked against them, and they are used if the others fail. */
export const plainForms = { matmul: 'register', matrices: undefined, attention: 'plain', attentionRows: 1 } as const

/** The range of keys that each of `length` queries sees: all keys up to its own. */
export function causalRanges(bed: Bed, length: number): Tensor {
  return bed.tensor(
    'ranges',
    [length, 2],
    Uint32Array.from({ length: 2 * length }, (_, i) => (i % 2 ? (i + 1) / 2 : 0)),
    'u32',
  )
}

/** A frozen matrix in NF4, whose blocks have an absmax of 0.5; each word has eight codes. Tiles read the code book from workgroup memory. */
function nf4Matrix(bed: Bed, [n, k]: readonly [number, number], word: (i: number) => number): Weight {
  const { gpuBytes, reader } = weightFormat('nf4')
  const absmax = new Float32Array(Math.ceil((n * k) / 64)).fill(0.5)
  const words = new Uint32Array(gpuBytes(n, k) / 4).map((_, i) => word(i))
  words.set(new Uint32Array(absmax.buffer), words.length - absmax.length)
  const packed = bed.tensor('packed', [words.length], words, 'u32')
  return { name: 'w', shape: [n, k], format: 'nf4', reader: reader(k), parts: [{ firstRow: 0, rows: n, tensor: packed }] }
}

/** The results of a LoRA layer over NF4, forward and backward. Its tiles include the products of low rank. */
function loraOutcome(bed: Bed, [rows, n, k]: readonly [number, number, number]): Tensor[] {
  const base = nf4Matrix(bed, [n, k], (i) => Math.imul(i + 1, 0x9e3779b1))
  const [a, b] = [bed.trained('a', [8, k]), bed.trained('b', [n, 8])]
  const x = bed.active('x', [rows, k])
  const y = matmul(bed.r, x, base)
  const sum = matmul(bed.r, matmul(bed.r, x, trainableWeight(a)), trainableWeight(b), { into: y })
  const [kept, dx] = [bed.tensor('y', [rows, n]), bed.tensor('dx', [rows, k])]
  copyInto(bed.r, sum, kept)
  bed.backward(sum)
  copyInto(bed.r, bed.r.grad(x), dx)
  return [kept, dx, a.grad!, b.grad!]
}

/** A frozen f32 matrix. */
export function frozenMatrix(tensor: Tensor): Weight {
  return { ...trainableWeight(tensor), trainable: undefined }
}

/** Codes of NF4 for -1, 0 and 1, in some order. */
const [minus, zero, plus] = [0, 7, 15]
const wholeCodes = (i: number): number =>
  Array.from({ length: 8 }, (_, at) => [minus, zero, plus][(i * 5 + at * 7 + (i >> 3)) % 3]).reduce(
    (word, code, at) => word | (code << (4 * at)),
    0,
  )

/**
 * Products with frozen matrices, without and with an update of low rank, the latter over NF4. All numbers are halves, so products of halves are exact, and those
 * by subgroup matrices must be as close to the plain form's as if factors were f32. Rows differ in size, up to 2^16 times, and fill a whole
 * tile, so a driver that runs only some of a workgroup's threads is noticed.
 */
function matrixOutcome(bed: Bed, [rows, n, k]: readonly [number, number, number]): Tensor[] {
  const halves = (label: string, [height, width]: readonly [number, number], power: (row: number) => number) => {
    const values = Float32Array.from({ length: height * width }, (_, i) => (((i * 7919) % 65) - 32) * 2 ** power(Math.floor(i / width)))
    return bed.tensor(label, [height, width], values)
  }
  const bySize = (row: number) => ((row * 5) % 17) - 14
  const [x, dy] = [halves('x', [rows, k], bySize), halves('dy', [rows, n], bySize)]
  const base = frozenMatrix(halves('w', [n, k], () => -8))
  const [y, dx, kept, dKept] = [[rows, n] as const, [rows, k] as const, [rows, n] as const, [rows, k] as const].map((shape, i) =>
    bed.tensor(`result ${i}`, shape),
  )
  productInto(bed.r, x, base, y, false)
  productInput(bed.r, dy, base, dx, false)
  const [a, b] = [bed.trained('a', [8, k]), bed.trained('b', [n, 8])]
  x.requiresGrad = true
  const sum = matmul(bed.r, matmul(bed.r, x, trainableWeight(a)), trainableWeight(b), {
    into: matmul(bed.r, x, nf4Matrix(bed, [n, k], wholeCodes)),
  })
  copyInto(bed.r, sum, kept)
  bed.r.passGrad(sum, dy)
  bed.r.backward()
  copyInto(bed.r, bed.r.grad(x), dKept)
  return [y, dx, kept, dKept]
}

/** A recorded check of a form, on small shapes that are no multiples of a tile, and the tensors with its results. */
interface Check {
  bed: Bed
  outcome: readonly Tensor[]
}

/** Records all products, or attention, with a profile. */
export function check(gpu: Gpu, what: Checked, profile: Partial<Profile>): Check {
  const bed = new Bed(gpu.under(profile))
  if (what === 'products') {
    const [rows, n, k] = [72, 68, 80]
    const [x, w, dy] = [bed.tensor('x', [rows, k]), bed.tensor('w', [n, k]), bed.tensor('dy', [rows, n])]
    const [y, dx, dw] = [bed.tensor('y', [rows, n]), bed.tensor('dx', [rows, k]), bed.tensor('dw', [n, k])]
    productInto(bed.r, x, trainableWeight(w), y, false)
    productInput(bed.r, dy, trainableWeight(w), dx, false)
    productWeight(bed.r, dy, x, dw, false)
    return { bed, outcome: [y, dx, dw, ...loraOutcome(bed, [rows, n, k])] }
  }
  if (what === 'matrices') return { bed, outcome: matrixOutcome(bed, [136, 132, 80]) }
  const shape = { batch: 1, length: 40, keys: 40, heads: 2, kvHeads: 1, headDim: 16 }
  const [q, k, v] = [bed.trained('q', [40, 32]), bed.trained('k', [40, 16]), bed.trained('v', [40, 16])]
  const y = attention(bed.r, q, k, v, causalRanges(bed, 40), shape)
  const kept = bed.tensor('y', y.shape)
  copyInto(bed.r, y, kept)
  bed.backward(y)
  return { bed, outcome: [kept, q.grad!, k.grad!, v.grad!] }
}

function outcomeOf(gpu: Gpu, what: Checked, profile: Partial<Profile>): Promise<Float32Array[]> {
  const { bed, outcome } = check(gpu, what, profile)
  return bed.values(outcome)
}

/** Returns a function that checks whether a form gives the same results as the plain one. With some drivers' subgroups it does not (ncnn issue 6778). */
export function checker(gpu: Gpu, what: Checked): (profile: Partial<Profile>) => Promise<boolean> {
  let plain: Promise<Float32Array[]> | undefined
  return async (profile) => {
    const expected = await (plain ??= outcomeOf(gpu, what, plainForms))
    const got = await outcomeOf(gpu, what, profile)
    return expected.every((values, t) => values.every((v, i) => Math.abs(v - got[t][i]) <= 1e-4 * Math.max(1, Math.abs(v))))
  }
}
