// The record that judges killed runs and takeovers sees what it is there for.
import { expect, it } from 'vitest'
import type { TrainEvent } from '../../src/worker/api'
import { LossRecord } from './loss-record'

const row = (step: number, loss: number) => ({ step, steps: 9, loss, tokens: 1, totalTokens: step, elapsedMs: step })
const step = (at: number, loss = 1 / at): TrainEvent => ({ type: 'step', metrics: row(at, loss) })
const resumed = (to: number): TrainEvent => ({
  type: 'resumed',
  steps: Array.from({ length: to }, (_, i) => row(i + 1, 1 / (i + 1))),
  evals: [],
})

function heard(...events: TrainEvent[]): LossRecord {
  const record = new LossRecord()
  for (const event of events) record.hear({ event })
  return record
}

it('a run that is resumed with the same losses has no problem', () => {
  const record = heard(step(1), step(2), { type: 'kept', step: 2, sizeBytes: 1 }, step(3), resumed(2), step(3), step(4))
  expect(record).toMatchObject({ problems: [], kept: 2, last: 4, resumedAt: 2, steps: 4 })
})

it('a second trainer, a missing step and a loss with other bits are problems', () => {
  expect(heard(step(1), step(2), step(2)).problems).toEqual([expect.stringMatching(/^step 2 came after step 2: two tabs train/)])
  expect(heard(step(1), step(3)).problems).toEqual([expect.stringMatching(/^step 3 came after step 1/)])
  const other = heard(step(1), step(2), resumed(1), step(2, 0.5 + 2 ** -40))
  expect(other.problems).toEqual([expect.stringMatching(/^step 2 has the loss 0\.50/)])
  expect(other.differences(heard(step(1), step(2)))).toEqual([2])
})
