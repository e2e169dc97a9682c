import { expect, test } from 'vitest'
import { sentence } from '../../config/phrase'
import { type TrainingSettings, defaultTraining } from '../../config/run-config'
import type { EvalMetrics, Sign, StepMetrics } from '../../config/run-reports'
import { seededRandom } from '../../data/random'
import { watchRun } from './registry'

interface Curve {
  loss(step: number): number
  gradNorm?(step: number): number
  tokens?: number
  evals?: EvalMetrics[]
}

/** What is said about a run of 200 steps with these curves and some noise. */
function signs({ loss, gradNorm = () => 1, tokens = 30, evals = [] }: Curve, training: Partial<TrainingSettings> = {}): Sign[] {
  const random = seededRandom(2)
  const steps = Array.from({ length: 200 }, (_, i): StepMetrics => {
    const step = i + 1
    return {
      step,
      steps: 200,
      loss: loss(step) * (0.9 + 0.2 * random()),
      gradNorm: gradNorm(step) * (0.5 + random()),
      tokens,
      totalTokens: 100 * step,
      elapsedMs: step,
    }
  })
  const found: Sign[] = []
  watchRun(defaultTraining(training), (sign) => found.push(sign)).replay(steps, evals)
  return found
}

const falls = (step: number) => 1 + 3 * Math.exp(-step / 40)
const evalsAt = (losses: number[]) => losses.map((evalLoss, i) => ({ step: 20 * i, evalLoss }))
const names = (found: readonly Sign[]) => found.map(({ name }) => name)

test('nothing is said about a run that goes well, or that has one bad step', () => {
  expect(signs({ loss: falls, evals: evalsAt([4, 3, 2, 1.6, 1.5, 1.45, 1.44, 1.446, 1.44]) })).toEqual([])
  expect(signs({ loss: (step) => (step === 90 ? 6 : falls(step)), gradNorm: (step) => (step === 90 ? 90 : 1) })).toEqual([])
})

test.each<[string, Curve, step: (step: number) => boolean, words: string]>([
  [
    'rising-loss',
    { loss: (step) => (step < 100 ? falls(step) : 1.2 + (step - 100) / 50) },
    (s) => s > 120 && s < 170,
    'Stop the run and lower the',
  ],
  ['spiking-loss', { loss: (step) => falls(step) * (step % 40 === 0 ? 3 : 1) }, (s) => s === 120, 'Lower the learning rate, or accumulate'],
  ['nothing-learned', { loss: () => 4 }, (s) => s === 70, 'Raise the learning rate (now 0.0002)'],
  ['exploding-gradient', { loss: falls, gradNorm: (step) => (step < 150 ? 1 : 500) }, (s) => s === 152, 'Lower the learning rate.'],
  ['everything-masked', { loss: falls, tokens: 0 }, (s) => s === 5, 'none of the 500 tokens of 5 steps is trained on'],
  [
    'overfitting',
    { loss: falls, evals: evalsAt([4, 3, 2, 2.1, 2.3, 2.6, 3]) },
    (s) => s === 80,
    'Stop the run: the adapter of step 40 is kept',
  ],
])('%s is said once, with what to do', (name, curve, at, words) => {
  const found = signs(curve)
  expect(names(found)).toEqual([name])
  expect([at(found[0]!.step), sentence(found[0]!.words)]).toEqual([true, expect.stringContaining(words)])
})

test('advice follows from the settings', () => {
  const exploding = { loss: falls, gradNorm: (step: number) => (step < 150 ? 1 : 500) }
  expect(sentence(signs(exploding, { clip: 0 })[0]!.words)).toContain('Clip the gradient, and lower the learning rate.')
  expect(sentence(signs({ loss: falls, evals: evalsAt([4, 3, 2, 2.1, 2.3]) }, { patience: 9 })[0]!.words)).toContain(
    'Early stopping ends the run',
  )
  expect(sentence(signs({ loss: falls, tokens: 0.5 })[0]!.words)).toContain('Nearly everything is masked: 2.5 of the 500 tokens')
})
