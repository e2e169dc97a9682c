// The shares of experts are curves like others: they grow with the steps, and a run without experts has none.
import { expect, it } from 'vitest'
import { createStore } from 'zustand/vanilla'
import { expertShares, mostExperts } from '../config/expert-shares'
import { NumberRows } from '../train/number-rows'
import type { StepMetrics } from '../worker/api'
import { expertSource } from './expert-source'
import { stepMetrics } from './kept-run'
import type { RunsState } from './runs-state'
import { type RunSeries, appendStep, emptySeries, snapshot } from './series'
import * as v from 'valibot'

const step = (at: number, counts?: number[]): StepMetrics => ({
  step: at,
  steps: 3,
  loss: 1,
  tokens: 4,
  totalTokens: 4 * at,
  elapsedMs: at,
  ...expertShares(counts),
})

function linesOf(series: RunSeries) {
  const runs = createStore<RunsState>(() => ({ runs: [], curves: { of: () => series }, loaded: true, problems: [], foundBeside: 0 }))
  const source = expertSource(runs, 'a', (e) => ({ name: `E${e}`, colour: 'red', dash: '' }))
  return source.lines().map(({ name, xs, ys }) => [name, [...xs], [...ys]])
}

it('shares of all choices', () => {
  expect(expertShares([3, 1, 0])).toEqual({ expert1: 0.75, expert2: 0.25, expert3: 0 })
  expect(expertShares([0, 0])).toEqual({})
  expect(expertShares()).toEqual({})
  expect(Object.keys(expertShares(Array.from({ length: mostExperts }, () => 1)))).toHaveLength(mostExperts)
})

it('a line for each expert, which is kept, resumed and told to other tabs with the step', () => {
  const series = emptySeries()
  const steps = [step(1, [3, 1]), step(2, [2, 2])]
  // As snapshots hold metrics, and as other tabs read them.
  for (const metrics of new NumberRows(steps)) appendStep(series, v.parse(stepMetrics, metrics) as StepMetrics)
  expect(linesOf(snapshot(series))).toEqual([
    ['E0', [1, 2], [0.75, 0.5]],
    ['E1', [1, 2], [0.25, 0.5]],
  ])
})

it('none for a run without experts', () => {
  const series = emptySeries()
  appendStep(series, step(1))
  expect(linesOf(series)).toEqual([])
})
