// The shapes of dispatches.
import type { Params } from '../gpu/params'
import type { Profile } from '../gpu/profile'
import type { Recorder } from '../tensor/recorder'
import { type Tensor, count } from '../tensor/tensor'

const maxGroups = 65_535

interface ElementwiseOptions {
  /** Parameters in addition to `vectors`, which every elementwise kernel has. */
  params?: Params
  /** Snippets that the kernel needs in addition to the usual ones. */
  parts?: readonly string[]
  /** Operations per vector. */
  flops?: number
}

/** `groups` workgroups, folded into two dimensions if one is too short. */
function line(groups: number): [number, number, number] {
  const x = Math.max(1, Math.min(groups, maxGroups))
  return [x, Math.max(1, Math.ceil(groups / x)), 1]
}

/** Workgroups of 64 threads for `threads` threads. */
export function threads(total: number): [number, number, number] {
  return line(Math.ceil(total / 64))
}

/** Snippet and workgroups of row-wise kernels for an adapter. */
export function rowParts(profile: Profile): string {
  return profile.lanes === 1 ? 'common/rows_serial' : 'common/rows_workgroup'
}

export function rowGroups(profile: Profile, rows: number): [number, number, number] {
  return line(Math.ceil(rows / (64 / profile.lanes)))
}

/** What elementwise and row-wise kernels handle at once (common/vectors_*): four numbers if that divides all their sizes, else one. */
interface Vectors {
  /** The snippet for this width. */
  part: string
  /** Vectors of `numbers` numbers. */
  of(numbers: number): number
}

export function vectors(...sizes: readonly number[]): Vectors {
  const width = sizes.every((size) => size % 4 === 0) ? 4 : 1
  return { part: `common/vectors_${width}`, of: (numbers) => numbers / width }
}

/** For kernels over the rows of t: its vectors and those of a row, and the snippets that elementwise kernels take. */
export function rowVectors(t: Tensor): { n: number; row: number; part: string; parts: string[] } {
  const length = t.shape[t.shape.length - 1]
  const { part, of } = vectors(length)
  return { n: of(count(t.shape)), row: of(length), part, parts: ['common/index', part] }
}

/** An elementwise launch over the vectors of `over`. */
export function elementwise(
  r: Recorder,
  file: string,
  tensors: readonly Tensor[],
  over: Tensor,
  { params, parts = [], flops = 8 }: ElementwiseOptions = {},
): void {
  const { part, of } = vectors(count(over.shape))
  const n = of(count(over.shape))
  r.launch({
    kernel: { file, parts: ['common/index', part, ...parts] },
    tensors,
    params: { vectors: n, ...params },
    workgroups: threads(n),
    flops: n * flops,
  })
}
