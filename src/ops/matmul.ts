// y = scale · x Wᵀ over packed or trainable weights, with its three products: forward, to the input, to the weight.
import { ShapeError } from '../config/errors'
import type { Kernel } from '../gpu/kernel'
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { rowGroups, rowParts, threads } from './grid'
import { type Weight, type WeightPart, readerParts, remainder } from './weight'

export interface MatmulOptions {
  scale?: number
  /** Add to this tensor [M, N] instead of making a new one; its old values must not be needed any more. */
  into?: Tensor
  label?: string
}

const ceil = (a: number, b: number) => Math.ceil(a / b)

/** Thin, odd or small products take the register form whatever the adapter: a 64-wide tile would idle. */
function useTiles(r: Recorder, rows: number, width: number, inner: number): boolean {
  return r.profile.matmul === 'tiled' && rows >= 32 && width >= 32 && inner >= 16
}

/** Fewer rows would leave lanes of a quad idle, and it stores whole vectors. */
function useQuads(r: Recorder, rows: number, part: WeightPart, stride: number): boolean {
  return r.profile.quads && rows >= 16 && part.rows % 4 === 0 && part.firstRow % 4 === 0 && stride % 4 === 0
}

/** The plain forms read whole f32 matrices only. @throws ShapeError for packed or divided ones, which they would misread. */
function checkPlain({ name, format, parts, shape }: Weight): void {
  if (format !== 'f32' || parts.length > 1)
    throw new ShapeError(
      `${name}: expected a matrix whose sides are multiples of 4, got ${shape.join(' × ')}. Models with such sizes are not supported.`,
    )
}

interface Form {
  kernel: Kernel
  groups: [number, number, number]
  /** Parameters in front of the shape. */
  place: number[]
}

function forwardForm(r: Recorder, weight: Weight, part: WeightPart, rows: number, stride: number): Form {
  const constants = remainder(weight)
  const k = weight.shape[1]
  if (k % 4) {
    checkPlain(weight)
    return { kernel: { file: 'matmul_any', parts: ['common/index'] }, groups: threads(rows * part.rows), place: [rows] }
  }
  if (rows < 4) {
    const [x, y] = rowGroups(r.profile, part.rows)
    return {
      kernel: { file: 'matvec', parts: [...readerParts(r.profile, weight), rowParts(r.profile)], constants },
      groups: [x, y, rows],
      place: [stride, part.firstRow],
    }
  }
  const place = [rows, stride, part.firstRow]
  const kernel = (file: string) => ({ file, parts: readerParts(r.profile, weight), constants })
  if (useQuads(r, rows, part, stride)) return { kernel: kernel('matmul_quad'), groups: [ceil(part.rows, 64), ceil(rows, 32), 1], place }
  if (useTiles(r, rows, part.rows, k) && k % 16 === 0)
    return { kernel: kernel('matmul_tiled'), groups: [ceil(part.rows, 64), ceil(rows, 64), 1], place }
  return { kernel: kernel('matmul'), groups: [ceil(part.rows, 32), ceil(rows, 64), 1], place }
}

/** y [M, N] at column `first` of rows `stride` long (+)= scale · x [M, K] Wᵀ, off the tape. */
export function productInto(r: Recorder, x: Tensor, weight: Weight, y: Tensor, accumulate: boolean, scale = 1): void {
  const rows = x.shape[0]
  const k = weight.shape[1]
  for (const part of weight.parts) {
    const { kernel, groups, place } = forwardForm(r, weight, part, rows, y.shape[1])
    r.launch(kernel, [x, part.tensor, y], [...place, part.rows, k, accumulate ? 1 : 0, { f32: scale }], groups, 2 * rows * part.rows * k)
  }
}

function inputForm(r: Recorder, weight: Weight, part: WeightPart, rows: number, stride: number): Form {
  const k = weight.shape[1]
  if (k % 4 || stride % 4) {
    checkPlain(weight)
    return { kernel: { file: 'matmul_input_any', parts: ['common/index'] }, groups: threads(rows * k), place: [rows] }
  }
  const place = [rows, stride, part.firstRow]
  const kernel = (file: string) => ({ file, parts: readerParts(r.profile, weight), constants: remainder(weight) })
  if (useQuads(r, rows, part, stride)) return { kernel: kernel('matmul_input_quad'), groups: [ceil(k, 64), ceil(rows, 32), 1], place }
  if (useTiles(r, rows, k, part.rows) && k % 8 === 0)
    return { kernel: kernel('matmul_input_tiled'), groups: [ceil(k, 64), ceil(rows, 64), 1], place }
  return { kernel: kernel('matmul_input'), groups: [ceil(k, 64), ceil(rows, 32), 1], place }
}

/** dx [M, K] (+)= scale · dy [M, N] W, off the tape. */
export function productInput(r: Recorder, dy: Tensor, weight: Weight, dx: Tensor, accumulate: boolean, scale = 1): void {
  const [rows, stride] = dy.shape
  const k = weight.shape[1]
  weight.parts.forEach((part, i) => {
    const { kernel, groups, place } = inputForm(r, weight, part, rows, stride)
    r.launch(
      kernel,
      [dy, part.tensor, dx],
      [...place, part.rows, k, accumulate || i > 0 ? 1 : 0, { f32: scale }],
      groups,
      2 * rows * part.rows * k,
    )
  })
}

/** Splits of the rows for a weight gradient: what the adapter wants to keep busy, at least 64 rows each. */
function splitsFor(rows: number, wanted: number): number {
  return Math.max(1, Math.min(wanted, Math.floor(rows / 64), 64))
}

/** dW [N, K] (+)= scale · dyᵀ x over f32 tensors, off the tape; rows of dy may be longer than N. */
export function productWeight(r: Recorder, dy: Tensor, x: Tensor, dw: Tensor, accumulate: boolean, scale = 1): void {
  const [rows, stride] = dy.shape
  const [n, k] = dw.shape
  const quads = r.profile.quads && n % 4 === 0 && k % 4 === 0 && stride % 4 === 0
  // A thin matrix would leave lanes idle on wide tiles.
  const vectors = n < 32 ? 1 : 2
  const kernel = quads ? { file: 'matmul_weight_quad', constants: { VECTORS: vectors, ROWS: 4 * vectors } } : { file: 'matmul_weight' }
  const tiles = [ceil(k, quads ? 64 : 32), ceil(n, quads ? 16 * vectors : 32)]
  const splits = splitsFor(rows, quads ? ceil(32, tiles[0] * tiles[1]) : ceil(16_384, ceil(n, 4) * ceil(k, 4)))
  const into = splits === 1 ? dw : r.empty(`${dw.label} splits`, [splits, n, k])
  r.launch(
    kernel,
    [dy, x, into],
    [rows, stride, n, k, ceil(rows, splits), { f32: scale }, splits === 1 && accumulate ? 1 : 0],
    [tiles[0], tiles[1], splits],
    2 * rows * n * k,
  )
  if (splits > 1)
    r.launch(
      { file: 'split_sum', parts: ['common/index'] },
      [into, dw],
      [n * k, splits, accumulate ? 1 : 0],
      threads(n * k),
      splits * n * k,
    )
}

/** y [M, N] = scale · x [M, K] Wᵀ (+ into). */
export function matmul(r: Recorder, x: Tensor, weight: Weight, options: MatmulOptions = {}): Tensor {
  const scale = options.scale ?? 1
  const before = options.into
  const y = before ? r.view(before) : r.empty(options.label ?? `${weight.name} x`, [x.shape[0], weight.shape[0]])
  productInto(r, x, weight, y, before !== undefined, scale)
  const inputs = [x, ...(before ? [before] : []), ...(weight.trainable ? [weight.trainable] : [])]
  r.record([y], inputs, () => {
    const dy = r.grad(y)
    if (x.requiresGrad) {
      const dx = r.gradTarget(x)
      productInput(r, dy, weight, dx.tensor, dx.accumulate, scale)
    }
    if (weight.trainable?.requiresGrad) {
      const dw = r.gradTarget(weight.trainable)
      productWeight(r, dy, x, dw.tensor, dw.accumulate, scale)
    }
    if (before) r.passGrad(before, dy)
  })
  return y
}
