// Decodes a batch whose rows have different adapters (or none) on one base model, so that its weights are read once for all rows.
import { putRows, takeRows } from '../ops/part'
import type { BaseModel } from '../models/base-model'
import type { BatchShape, Hooks } from '../models/hooks'
import type { MethodHooks } from '../peft/method'
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'

/** Rows of a batch that have the same adapter. */
export interface Lane {
  hooks: Hooks
  rows: number
}

/** Hooks that see only a row's own positions. `parameter` is allowed if it replaces no tensor; `extraLoss`, `routed` and `finished` matter only in training. */
const byRow: ReadonlySet<string> = new Set<keyof MethodHooks>([
  'virtualTokens',
  'embeds',
  'linearInput',
  'linear',
  'sublayer',
  'parameter',
  'extraLoss',
  'routed',
  'finished',
])

/** Whether rows with these hooks can share a batch with other rows: the hooks must not change the base model's tensors, vocabulary or attention. */
export function standsBeside({ hooks, base }: { hooks: Hooks; base: BaseModel }): boolean {
  const others = Object.entries(hooks).some(([name, hook]) => hook !== undefined && !byRow.has(name))
  const names = [...base.matrices.keys(), ...base.experts.keys(), ...base.vectors.keys()]
  return !others && !names.some((name) => hooks.parameter?.(name) ?? hooks.parameter?.(name, true))
}

/** The first row of lane `i` in the batch. */
export function firstRow(lanes: readonly Lane[], i: number): number {
  return lanes.slice(0, i).reduce((sum, lane) => sum + lane.rows, 0)
}

const samePlace = (a: Tensor, b: Tensor) => a.space === b.space && a.offset === b.offset

/**
 * Calls `change` with each lane's rows of all `given` [B · T, …]. `change` may overwrite the last of them; its result goes to the lane's
 * rows of `into`. Lanes that it does not change record nothing.
 */
function byLane(
  r: Recorder,
  lanes: readonly Lane[],
  given: readonly Tensor[],
  into: Tensor,
  change: (hooks: Hooks, parts: readonly Tensor[], lane: number) => Tensor,
): void {
  const last = given.length - 1
  const length = given[0].shape[0] / firstRow(lanes, lanes.length)
  lanes.forEach(({ hooks, rows }, i) => {
    const first = firstRow(lanes, i) * length
    const present = given[last] === into
    let touched = false
    // If no hook changes the rows, taking them out is not recorded either.
    r.tentatively(() => {
      const taken = given.map((x) => takeRows(r, x, first, rows * length))
      const before = r.launches.length
      const made = change(
        hooks,
        taken.map(({ part }) => part),
        i,
      )
      const moved = !samePlace(made, taken[last].part)
      touched = moved || r.launches.length > before
      if (touched && (moved || !present || !taken[last].inPlace)) putRows(r, made, into, first)
      return touched
    })
    if (!touched && !present) putRows(r, takeRows(r, given[last], first, rows * length).part, into, first)
  })
}

/** Hooks for a batch whose rows belong to `lanes`, in order. `idsOf` returns a lane's ids [rows · T] as a tensor. Not for training. */
export function sideBySide(lanes: readonly Lane[], idsOf: (lane: number, positions: number) => Tensor): Hooks {
  return {
    embeds(r, x, _ids, { length }: BatchShape) {
      byLane(r, lanes, [x], x, (hooks, [part], i) => {
        const { rows } = lanes[i]
        return hooks.embeds?.(r, part, idsOf(i, rows * length), { batch: rows, length }) ?? part
      })
      return x
    },
    linearInput(r, site, x) {
      if (!lanes.some(({ hooks }) => hooks.linearInput)) return x
      const y = r.empty(`${site.name} input`, x.shape)
      let changed = false
      r.tentatively(() => {
        byLane(r, lanes, [x], y, (hooks, [part]) => {
          const made = hooks.linearInput?.(r, site, part) ?? part
          changed ||= made !== part
          return made
        })
        return changed
      })
      return changed ? y : x
    },
    linear(r, site, x, y) {
      byLane(r, lanes, [x, y], y, (hooks, [input, out]) => hooks.linear?.(r, site, input, out) ?? out)
      return y
    },
    sublayer(r, site, h, x) {
      byLane(r, lanes, [x, h], h, (hooks, [residual, part]) => hooks.sublayer?.(r, site, part, residual) ?? part)
      return h
    },
  }
}
