// Subgroup matrices (`chromium-experimental-subgroup-matrix`, a draft): which of those that an adapter lists products can use.

import { type Phrase, say } from '../config/phrase'

/** Matrices of m × k and k × n factors, whose products are added up in f32. */
export interface MatrixShape {
  factors: 'f16' | 'f32'
  m: number
  n: number
  k: number
}

/** How a product uses them. */
export interface MatrixForm extends MatrixShape {
  /** Rows of outputs that a subgroup holds; it holds 32 columns of them. */
  rows: number
  /** Threads of the largest subgroup. A workgroup has four times as many. */
  lanes: number
  /** The kernel asks for subgroups of this size, because the device also has smaller ones. */
  pinned: boolean
}

interface KnownShape extends MatrixShape {
  /** Where adapters list it. */
  seen: string
  /** Where our kernels gave the right results with it; undefined = nowhere yet, because nobody had such an adapter. */
  tried: Phrase | undefined
}

/** What adapters are known to list with sums in f32. Others are used too, and count as not tried. */
const knownShapes: readonly KnownShape[] = [
  { factors: 'f32', m: 8, n: 8, k: 8, seen: 'Apple', tried: say`right on lavapipe 26.1 with a longer list than its own` },
  { factors: 'f16', m: 8, n: 8, k: 8, seen: 'Apple, lavapipe', tried: say`right on lavapipe 26.1` },
  { factors: 'f16', m: 16, n: 16, k: 16, seen: 'NVIDIA, AMD', tried: undefined },
  { factors: 'f16', m: 16, n: 8, k: 16, seen: 'NVIDIA', tried: undefined },
  { factors: 'f16', m: 16, n: 8, k: 8, seen: 'NVIDIA', tried: undefined },
  { factors: 'f16', m: 8, n: 16, k: 16, seen: 'Intel', tried: undefined },
]

const sameShape = (a: MatrixShape, b: MatrixShape) => a.factors === b.factors && a.m === b.m && a.n === b.n && a.k === b.k

/** Where the shape was tried; undefined = nowhere. */
export function triedOn(shape: MatrixShape): Phrase | undefined {
  return knownShapes.find((known) => sameShape(known, shape))?.tried
}

/** Columns of both factors that are in workgroup memory at once, and by how many numbers (16 bytes) a line of a tile is padded. */
export function turnOf({ factors }: MatrixShape): { turn: number; pad: number } {
  return factors === 'f16' ? { turn: 32, pad: 8 } : { turn: 16, pad: 4 }
}

/** Bytes of workgroup memory that a product needs in either direction, with a reader's table. */
function workgroupBytes({ factors, m, rows }: MatrixForm): number {
  const { turn, pad } = turnOf({ factors, m, n: 0, k: 0 })
  const lines = 2 * rows * (turn + pad) + Math.max(64 * (turn + pad), turn * (64 + pad))
  return lines * (factors === 'f16' ? 2 : 4) + 4 * m * 32 * 4 + 1024
}

/** What an adapter says of itself, as far as subgroup matrices need it. */
export interface MatrixSource {
  /** Entries of `GPUAdapterInfo.subgroupMatrixConfigs`. */
  configs: Iterable<{ componentType: string; resultComponentType: string; M: number; N: number; K: number }>
  subgroupMinSize: number
  subgroupMaxSize: number
  /** The device has `subgroup-size-control`. */
  sizeControl: boolean
  limits: Pick<GPUSupportedLimits, 'maxComputeWorkgroupStorageSize' | 'maxComputeInvocationsPerWorkgroup' | 'maxComputeWorkgroupSizeX'>
}

/** The forms of products that a device can run, in the order of its list. Sums are always f32. */
export function matrixForms({ configs, subgroupMinSize, subgroupMaxSize: lanes, sizeControl, limits }: MatrixSource): MatrixForm[] {
  if (!(4 * lanes <= Math.min(limits.maxComputeInvocationsPerWorkgroup, limits.maxComputeWorkgroupSizeX))) return []
  const pinned = sizeControl && subgroupMinSize < lanes
  return [...configs].flatMap(({ componentType: factors, resultComponentType, M: m, N: n, K: k }) => {
    if ((factors !== 'f16' && factors !== 'f32') || resultComponentType !== 'f32') return []
    const fits = 32 % m === 0 && 32 % n === 0 && turnOf({ factors, m, n, k }).turn % k === 0
    return [32, 64]
      .map((rows): MatrixForm => ({ factors, m, n, k, rows, lanes, pinned }))
      .filter((form) => fits && workgroupBytes(form) <= limits.maxComputeWorkgroupStorageSize)
  })
}

/** Whether a value from outside is one of these forms. */
export function isOneOf(forms: readonly MatrixForm[], found: unknown): boolean {
  const text = (form: MatrixForm) => JSON.stringify(Object.entries(form).sort())
  return typeof found === 'object' && found !== null && forms.some((form) => text(form) === text(found as MatrixForm))
}
