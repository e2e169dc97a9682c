// Which kernel makes a product, by shape and adapter, and how many workgroups of it.
import { ShapeError } from '../config/errors'
import type { Kernel, KernelConstant } from '../gpu/kernel'
import type { Recorder } from '../tensor/recorder'
import { rowGroups, rowParts, threads } from './grid'
import { type Weight, type WeightPart, readerParts, remainder } from './weight'

export interface Form {
  kernel: Kernel
  groups: [number, number, number]
  /** Parameters in front of the shape. */
  place: number[]
}

const ceil = (a: number, b: number) => Math.ceil(a / b)

/** Thin, odd or small products take the register form whatever the adapter: a tile would idle. */
function useTiles(r: Recorder, rows: number, width: number, inner: number): boolean {
  return r.profile.matmul === 'tiled' && rows >= 32 && width >= 32 && inner >= 16
}

/** Few outputs of long sums leave a GPU idle unless lanes share a sum. */
function useShared(r: Recorder, width: number, inner: number): boolean {
  return r.profile.lanes > 1 && width <= 32 && inner >= 128
}

/** Outputs along a side of a thread's tile: large tiles read less, where there are enough of them to keep the adapter busy. */
function tileSide(r: Recorder, rows: number, width: number): 4 | 8 {
  return ceil(rows, 64) * ceil(width, 64) >= r.profile.busyGroups ? 8 : 4
}

function tileConstants(side: number): Record<string, KernelConstant> {
  return { SIDE: side, VECTORS: side / 4 }
}

/** Fewer rows would leave lanes of a quad idle, and it stores whole vectors. */
function useQuads(r: Recorder, rows: number, part: WeightPart, stride: number): boolean {
  return r.profile.matmul === 'quad' && rows >= 16 && part.rows % 4 === 0 && part.firstRow % 4 === 0 && stride % 4 === 0
}

/** The plain forms read whole f32 matrices only. @throws ShapeError for packed or divided ones, which they would misread. */
function checkPlain({ name, format, parts, shape }: Weight): void {
  if (format !== 'f32' || parts.length > 1)
    throw new ShapeError(
      `${name}: expected a matrix whose sides are multiples of 4, got ${shape.join(' × ')}. Models with such sizes are not supported.`,
    )
}

/** For y [rows, stride] from x [rows, K] by a part of the matrix. @throws ShapeError for packed matrices of odd width */
export function forwardForm(r: Recorder, weight: Weight, part: WeightPart, rows: number, stride: number, accumulate: boolean): Form {
  const constants = remainder(weight)
  const k = weight.shape[1]
  if (k % 4) {
    checkPlain(weight)
    return { kernel: { file: 'matmul_any', parts: ['common/index'] }, groups: threads(rows * part.rows), place: [rows] }
  }
  const reader = readerParts(r.profile, weight)
  if (rows < 4) {
    const [x, y] = rowGroups(r.profile, part.rows)
    return {
      kernel: { file: 'matvec', parts: [...reader, rowParts(r.profile)], constants },
      groups: [x, y, rows],
      place: [stride, part.firstRow],
    }
  }
  const parts = ['common/product', ...reader]
  const place = [rows, stride, part.firstRow]
  if (useQuads(r, rows, part, stride))
    return {
      kernel: { file: 'matmul_quad', parts, constants: { ...constants, ACCUMULATE: accumulate } },
      groups: [ceil(rows, 32), ceil(part.rows, 64), 1],
      place,
    }
  if (useShared(r, part.rows, k))
    return {
      kernel: { file: 'matmul_thin', parts: [...parts, 'common/sum_lanes'], constants },
      groups: [ceil(part.rows, 8), ceil(rows, 4), 1],
      place,
    }
  if (!useTiles(r, rows, part.rows, k) || k % 16)
    return { kernel: { file: 'matmul', parts, constants }, groups: [ceil(part.rows, 32), ceil(rows, 64), 1], place }
  const side = tileSide(r, rows, part.rows)
  const kernel = { file: 'matmul_tiled', parts, constants: { ...constants, ...tileConstants(side) } }
  return { kernel, groups: [ceil(part.rows, 8 * side), ceil(rows, 8 * side), 1], place }
}

/** For dx [rows, K] from dy [rows, stride] by a part of the matrix. @throws ShapeError for packed matrices of odd width */
export function inputForm(r: Recorder, weight: Weight, part: WeightPart, rows: number, stride: number, accumulate: boolean): Form {
  const constants = remainder(weight)
  const k = weight.shape[1]
  if (k % 4 || stride % 4) {
    checkPlain(weight)
    return { kernel: { file: 'matmul_input_any', parts: ['common/index'] }, groups: threads(rows * k), place: [rows] }
  }
  const parts = ['common/product', ...readerParts(r.profile, weight)]
  const place = [rows, stride, part.firstRow]
  if (useQuads(r, rows, part, stride))
    return {
      kernel: { file: 'matmul_input_quad', parts, constants: { ...constants, ACCUMULATE: accumulate } },
      groups: [ceil(k, 64), ceil(rows, 32), 1],
      place,
    }
  if (useShared(r, k, part.rows))
    return {
      kernel: { file: 'matmul_input_thin', parts: [...parts, 'common/sum_lanes'], constants },
      groups: [ceil(k, 8), ceil(rows, 4), 1],
      place,
    }
  if (!useTiles(r, rows, k, part.rows) || k % 8)
    return { kernel: { file: 'matmul_input', parts, constants }, groups: [ceil(k, 64), ceil(rows, 32), 1], place }
  const side = tileSide(r, rows, k)
  const kernel = { file: 'matmul_input_tiled', parts, constants: { ...constants, ...tileConstants(side) } }
  return { kernel, groups: [ceil(k, 8 * side), ceil(rows, 8 * side), 1], place }
}

/** Tiles, and splits of the rows that keep the adapter busy, at least 64 rows each. */
function splitGroups(r: Recorder, rows: number, x: number, y: number): [number, number, number] {
  const splits = Math.min(ceil(r.profile.busyGroups, x * y), Math.floor(rows / 64), 64)
  return [x, y, Math.max(1, splits)]
}

/** For dW [n, k] from dy [rows, stride] and x [rows, k]; the third number of workgroups is that of the splits over the rows. */
export function weightForm(r: Recorder, rows: number, stride: number, n: number, k: number, accumulate: boolean): Omit<Form, 'place'> {
  const whole = n % 4 === 0 && k % 4 === 0 && stride % 4 === 0
  if (whole && r.profile.matmul === 'quad') {
    // A thin matrix would leave lanes idle on wide tiles.
    const vectors = n < 32 ? 1 : 2
    const groups = splitGroups(r, rows, ceil(k, 64), ceil(n, 16 * vectors))
    const constants = { VECTORS: vectors, ROWS: 4 * vectors, ACCUMULATE: accumulate && groups[2] === 1 }
    return { kernel: { file: 'matmul_weight_quad', constants }, groups }
  }
  if (whole && useTiles(r, n, k, rows)) {
    const side = tileSide(r, n, k)
    return {
      kernel: { file: 'matmul_weight_tiled', constants: tileConstants(side) },
      groups: splitGroups(r, rows, ceil(k, 8 * side), ceil(n, 8 * side)),
    }
  }
  return { kernel: { file: 'matmul_weight' }, groups: splitGroups(r, rows, ceil(k, 32), ceil(n, 32)) }
}
