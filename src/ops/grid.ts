// Shapes of dispatches, in one place.
import type { Profile } from '../gpu/profile'
import type { Recorder } from '../tensor/recorder'
import { type Tensor, count } from '../tensor/tensor'
import { ShapeError } from '../config/errors'

const maxGroups = 65_535

/** Workgroups for `groups` in a line, folded into two dimensions where one is too short. */
export function line(groups: number): [number, number, number] {
  const x = Math.max(1, Math.min(groups, maxGroups))
  return [x, Math.max(1, Math.ceil(groups / x)), 1]
}

/** Workgroups of 64 threads for `threads` of them. */
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

/** Number of 4-vectors of a tensor. @throws ShapeError where its size is no multiple of 4. */
export function vectors(t: Tensor): number {
  const n = count(t.shape)
  if (n % 4) throw new ShapeError(`${t.label}: expected a multiple of 4 values, got ${n}. Models with such sizes are not supported.`)
  return n / 4
}

/** Length of the last dimension in 4-vectors. @throws ShapeError likewise. */
export function rowVectors(t: Tensor): number {
  const n = t.shape[t.shape.length - 1]
  if (n % 4)
    throw new ShapeError(`${t.label}: expected rows of a multiple of 4 values, got ${n}. Models with such sizes are not supported.`)
  return n / 4
}

/** An elementwise launch over 4-vectors. */
export function elementwise(
  r: Recorder,
  file: string,
  tensors: readonly Tensor[],
  over: Tensor,
  params: readonly (number | { f32: number })[] = [],
): void {
  const n = vectors(over)
  r.launch({ file, parts: ['common/index'] }, tensors, [n, ...params], threads(n), n * 8)
}
