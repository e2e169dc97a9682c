// The best evaluation of a run, for the page and for what the engine keeps.
import { expect, it } from 'vitest'
import type { EvalMetrics } from '../config/run-reports'
import { bestEvaluation } from '../train/keep-run'
import { type Run, withEval } from './run'

const evals = (...losses: number[]): EvalMetrics[] => losses.map((evalLoss, step) => ({ step, evalLoss, evalPerplexity: 1 }))
const shown = (all: readonly EvalMetrics[]) => all.reduce(withEval, { figures: {} } as Run).bestEval?.step

it('the best evaluation is the same one for the page and the engine, and never one without a number', () => {
  for (const [losses, best] of [
    [[3, NaN, 2, NaN], 2],
    [[NaN, 3, 3], 1],
    [[2, 1, NaN], 1],
    [[Infinity, NaN, 5], 2],
    [[NaN], undefined],
  ] as const) {
    const all = evals(...losses)
    expect([bestEvaluation(all)?.step, shown(all)], losses.join()).toEqual([best, best])
  }
})
