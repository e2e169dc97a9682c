// What follows from several rows of a comparison: spikes, time to a perplexity, the share of full fine-tuning's gain, means and spread.
import { describe, expect, it } from 'vitest'
import { type ComparisonRow, comparisonCsv, comparisonMarkdown } from './comparison'
import { sentence } from './phrase'
import { completed } from './repetitions'
import { stabilityOf } from './stability'

const steps = (...parts: [loss: number, count: number][]): number[] => parts.flatMap(([loss, count]) => Array<number>(count).fill(loss))

describe('spikes', () => {
  it('are rises of the mean of five losses by more than a fifth above the lowest before, each counted once', () => {
    expect(stabilityOf(steps([3, 10], [2, 10]))).toEqual({ spikes: 0 })
    // One bad batch: the mean of five rises from 2 to 2.2, which is no spike.
    expect(stabilityOf(steps([2, 10], [3, 1], [2, 10]))).toEqual({ spikes: 0 })
    expect(stabilityOf(steps([2, 10], [5, 5], [2, 10], [4, 5], [2, 5]))).toEqual({ spikes: 2, spikeHeight: 3 })
    // A rise that lasts is one spike.
    expect(stabilityOf(steps([2, 10], [4, 50]))).toEqual({ spikes: 1, spikeHeight: 2 })
    // Near zero, a tenth of a nat is needed.
    expect(stabilityOf(steps([0.1, 10], [0.19, 10]))).toEqual({ spikes: 0 })
    expect(stabilityOf([3, 2, NaN, 2])).toEqual({ spikes: 1, spikeHeight: Infinity })
    expect(stabilityOf([3, 9])).toEqual({ spikes: 0 })
  })
})

const row = (method: string, finalPerplexity: number, more: Partial<ComparisonRow> = {}): ComparisonRow => ({
  method,
  base: 'native',
  finalPerplexity,
  bestPerplexity: finalPerplexity,
  ...more,
})
const seeded = (r: number, values: number[]): ComparisonRow[] =>
  values.map((value, i) => row('lora', value, { group: `LoRA r ${r}`, variant: `LoRA r ${r}, seed ${i}`, trainableParameters: 10 }))

describe('the rows of a comparison', () => {
  it('have their share of what full fine-tuning gained, in nats, against the base of the same precision', () => {
    const e = Math.E
    const rows = completed([
      row('base', e ** 5),
      row('base', e ** 6, { base: 'nf4' }),
      row('full', e ** 1),
      row('lora', e ** 2),
      row('qlora', e ** 4, { base: 'nf4' }),
    ])
    expect(rows.map(({ gainShare }) => gainShare && Number(gainShare.toFixed(6)))).toEqual([undefined, undefined, 1, 0.75, 0.5])
    expect(completed([row('base', 9), row('lora', 3)])[1].gainShare).toBeUndefined()
    // Full fine-tuning that gained nothing is no measure.
    expect(completed([row('base', 3), row('full', 9), row('lora', 2)])[2].gainShare).toBeUndefined()
  })

  it('have the time until a perplexity, and the rise after the best evaluation', () => {
    const evals = [
      { step: 0, seconds: 0, perplexity: 9 },
      { step: 5, seconds: 2, perplexity: 3 },
      { step: 9, seconds: 4, perplexity: 4 },
    ]
    const [lora] = completed([row('lora', 4, { bestPerplexity: 3, evals })], { targetPerplexity: 4 })
    expect(lora).toMatchObject({ secondsToTarget: 2, finalMinusBest: 1 })
    expect(completed([row('lora', 4, { evals })], { targetPerplexity: 2 })[0].secondsToTarget).toBeUndefined()
  })

  it('have the mean of each group of seeds with its standard deviation, and say where a difference is no larger', () => {
    const rows = completed([...seeded(8, [4, 6]), ...seeded(16, [5, 5.5]), ...seeded(32, [9, 9.1]), row('ia3', 7, { group: 'IA3' })])
    const means = rows.filter(({ seeds }) => seeds)
    expect(means.map(({ variant, finalPerplexity, trainableParameters }) => [variant, finalPerplexity, trainableParameters])).toEqual([
      ['LoRA r 8, mean of 2 seeds', 5, 10],
      ['LoRA r 16, mean of 2 seeds', 5.25, 10],
      ['LoRA r 32, mean of 2 seeds', 9.05, 10],
    ])
    expect(means[0].spread?.finalPerplexity).toBeCloseTo(Math.SQRT2, 12)
    expect(means[0].spread).not.toHaveProperty('trainableParameters')
    expect(rows.flatMap(({ notes = [] }) => notes.map((note) => sentence(note)))).toEqual([
      'LoRA r 16 and LoRA r 8: their difference in final perplexity (0.250) is not larger than the spread between seeds (1.414), so it may be chance.',
    ])
    expect(comparisonMarkdown(rows)).toContain(
      '| lora | LoRA r 8, mean of 2 seeds | native | 10 | 0.000 ± 0.000 | 5.000 ± 1.414 | 5.000 ± 1.414 |',
    )
    const [head, , , mean] = comparisonCsv(rows).split('\r\n')
    expect(head).toBe(
      'method,variant,base,trainable,final minus best,final minus best spread,best perplexity,best perplexity spread,final perplexity,final perplexity spread,seeds,note',
    )
    expect(mean).toMatch(/^lora,"LoRA r 8, mean of 2 seeds",native,10,0,0,5,1\.414\d+,5,1\.414\d+,2,$/)
  })

  it('of several models have no perplexity per token', () => {
    const of = (model: string, perplexity: number) => row('lora', perplexity, { model, characterPerplexity: perplexity / 2 })
    expect(
      comparisonCsv(completed([of('a', 4), of('b', 6)]))
        .split('\r\n')
        .slice(0, 2),
    ).toEqual(['method,model,base,perplexity per character', 'lora,a,native,2'])
  })

  it('have scores with their intervals', () => {
    const score = { key: 'f1', label: 'SQL F1', form: 'share', value: 0.5, interval: [0.25, 0.75] } as const
    const rows = [row('lora', 4, { scores: [score] })]
    expect(comparisonMarkdown(rows)).toContain('| 50.0 % (25.0 % to 75.0 %) |')
    expect(comparisonCsv(rows)).toContain('sql f1,sql f1 low,sql f1 high\r\n')
  })
})
