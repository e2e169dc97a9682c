import { describe, expect, it } from 'vitest'
import { bestOf, columnsOf, evaluationFigures, figures, withStep } from './figures'
import { metrics } from './metrics'

describe('metrics', () => {
  it('and the figures of a run have different names', () => {
    for (const keys of [metrics.map((m) => m.key), figures.map(({ figure }) => figure.key)]) expect(new Set(keys).size).toBe(keys.length)
    const labels = metrics.filter((m) => m.chart).map((m) => m.label)
    expect(new Set(labels).size).toBe(labels.length)
  })
})

describe("a run's figures", () => {
  it('follow from its steps, one after another', () => {
    const steps = [NaN, 2, 1.5, 1.75].map((loss, i) => ({ step: i + 1, loss, tokensPerSecond: 10 * i }))
    expect(steps.reduce(withStep, {})).toEqual({ bestLoss: 1.5, finalLoss: 1.75, tokensPerSecond: 30 })
    // What a step lacks changes nothing.
    expect(withStep({ bestLoss: 1 }, { step: 5, loss: 2 })).toEqual({ bestLoss: 1, finalLoss: 2 })
  })

  it('are those of the kept weights and of the best ones, if they were evaluated', () => {
    const best = { evalLoss: 1, evalPerplexity: 3 }
    expect(evaluationFigures({ evalLoss: 2, evalPerplexity: 7 }, best)).toEqual({ bestPerplexity: 3, finalPerplexity: 7 })
    expect(evaluationFigures(undefined, best)).toEqual({ bestPerplexity: 3 })
    expect(evaluationFigures({ evalLoss: 2 }, undefined)).toEqual({})
  })

  it('come first in tables if runs are not ranked by them', () => {
    const { describing, ranking } = columnsOf('comparison')
    expect(describing.every(({ metric }) => !metric.better)).toBe(true)
    expect(ranking.map(({ figure }) => figure.key)).toEqual([
      'bestPerplexity',
      'finalPerplexity',
      'bestAccuracy',
      'finalAccuracy',
      'exactMatch',
    ])
  })
})

describe('the best value', () => {
  it('is a number, the lowest or the highest', () => {
    expect([bestOf('lower', [3, NaN, 2, undefined]), bestOf('higher', [3, Infinity, 2]), bestOf('lower', [NaN])]).toEqual([2, 3, undefined])
  })
})
