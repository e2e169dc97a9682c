// Where steps, evaluations and saves of a run are on the axes of charts.
import { expect, it } from 'vitest'
import { createStore } from 'zustand/vanilla'
import { stepMetrics } from '../config/metrics'
import { runSource } from './plot-source'
import type { RunsState } from './runs-state'
import { type RunSeries, appendEval, appendSave, appendStep, columnOf, emptySeries, withSavesOf } from './series'

const gpuBytes = stepMetrics.find(({ key }) => key === 'gpuBytes')!

function steps(count: number, epochs = true): RunSeries {
  const series = emptySeries()
  appendEval(series, { step: 0, evalLoss: 2 })
  for (let step = 1; step <= count; step++) {
    const at = { step, steps: 9, loss: 1, tokens: 5, totalTokens: 5 * step, elapsedMs: 10 * step, gpuBytes: 100 + step }
    appendStep(series, { ...at, ...(epochs && { epoch: step / 4 }) })
    if (step % 2 === 0) appendSave(series, step)
  }
  appendEval(series, { step: count, evalLoss: 1 })
  return series
}

const linesOf = (series: RunSeries, axis: 'step' | 'epoch', metric = gpuBytes) => {
  const curves = { of: () => series }
  const runs = createStore<RunsState>(() => ({ runs: [], curves, loaded: true, problems: [], foundBeside: 0 }))
  const look = { id: 'a', name: 'A', colour: 'red', dash: '', failed: false }
  return runSource(runs, { looks: [look], metric, axis, smoothing: 0, rawName: 'raw' }).lines()
}

it('evaluations and saves are beside the newest step on every axis', () => {
  const series = steps(5)
  expect([...columnOf(series.evals, 'epoch')]).toEqual([0, 1.25])
  expect([...columnOf(series.saves, 'totalTokens')]).toEqual([10, 20])
  expect(linesOf(series, 'epoch').map(({ xs, marks }) => [[...xs], [...(marks ?? [])]])).toEqual([
    [
      [0.25, 0.5, 0.75, 1, 1.25],
      [0.5, 1],
    ],
  ])
  expect([...(linesOf(series, 'step')[0].marks ?? [])]).toEqual([2, 4])
})

it('a run that does not count epochs has no line on that axis', () => {
  const series = steps(3, false)
  expect(linesOf(series, 'epoch')).toEqual([])
  expect(linesOf(series, 'step')).toHaveLength(1)
})

it('saves stay when a run is resumed from one of them, and later ones go', () => {
  const again = withSavesOf(steps(9), { ...steps(4), saves: emptySeries().saves })
  expect([...columnOf(again.saves, 'step')]).toEqual([2, 4])
  appendStep(again, { step: 5, steps: 9, loss: 1, tokens: 5, totalTokens: 25, elapsedMs: 50, epoch: 1.25 })
  appendSave(again, 5)
  expect([...columnOf(again.saves, 'step')]).toEqual([2, 4, 5])
})
