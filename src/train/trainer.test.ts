import { describe, expect, it, test } from 'vitest'
import { type TrainingSettings, defaultTraining } from '../config/run-config'
import type { RunProgress } from '../config/run-reports'
import type { MicroBatch } from '../data/micro-batch'
import type { Gpu } from '../gpu/gpu'
import type { BatchSource } from './batches'
import { TimeLeft } from './clock'
import { Control } from './control'
import { type Outcome, type TrainerOptions, train } from './trainer'

const none = { ids: new Uint32Array(0), targets: new Int32Array(0), positions: new Uint32Array(0), first: new Uint32Array(0) }
const batch: MicroBatch = { ...none, rows: 4, length: 8, supervised: 10, tokens: 20 }
const batches = (count: number, rows: number): BatchSource => ({
  count,
  rows,
  padded: () => 1,
  epochs: (seen) => seen / 4,
  get: () => [batch],
})

interface Watched {
  outcome: Promise<Outcome>
  /** Steps after which an evaluation finished. */
  evalSteps: number[]
  control: Control
  progress: RunProgress[]
  paused: boolean[]
  /** Steps after which a snapshot was taken. */
  kept: number[]
  /** Number of micro-batches that evaluations computed. */
  evaluated: () => number
}

/**
 * A run without a GPU: 6 steps, with evaluations of 5 micro-batches before the first step, after every second step and after the last.
 * `at` is called before each micro-batch.
 */
function run(
  at: (control: Control, where: { step: number; evalBatch?: number }) => void,
  notFinite?: number,
  more: Partial<TrainingSettings> = {},
): Watched {
  const control = new Control()
  const progress: RunProgress[] = []
  const paused: boolean[] = []
  const evalSteps: number[] = []
  const kept: number[] = []
  let [step, evaluated] = [0, 0]
  const session: TrainerOptions['session'] = {
    kind: 'text',
    async step(_gpu, _batches, _rate, number) {
      at(control, { step: (step = number) })
      return { loss: 1 / number, gradNorm: 1, clipFactor: 1, halted: 0, finite: number !== notFinite }
    },
    async evaluate(_gpu, source, onBatch) {
      await onBatch?.(0)
      for (let i = 0; i < source.count; i++) {
        at(control, { step, evalBatch: i })
        evaluated += 1
        await onBatch?.(i + 1)
      }
      return { loss: 2, supervised: 1 }
    },
  }
  const outcome = train({
    gpu: {} as Gpu,
    session,
    training: defaultTraining({ evalEvery: 2, ...more }),
    steps: 6,
    train: batches(6, 24),
    evaluation: batches(5, 18),
    control,
    keep: { stored: true, snapshot: async (state) => void kept.push(state.step) },
    events: {
      onStep: () => undefined,
      onEval: (m) => evalSteps.push(m.step),
      onPaused: (p) => paused.push(p),
      onProgress: (p) => progress.push(p),
    },
  })
  return { outcome, control, progress, paused, evalSteps, kept, evaluated: () => evaluated }
}

describe('a run', () => {
  it('evaluates before the first step, during training and at the end, and reports how many rows are done', async () => {
    const { outcome, progress, evalSteps } = run(() => undefined)
    expect(await outcome).toMatchObject({ status: 'finished', steps: 6, figures: { bestLoss: 1 / 6, finalLoss: 1 / 6 } })
    expect(evalSteps).toEqual([0, 2, 4, 6])
    const evaluating = progress.filter((p) => p.phase === 'evaluating')
    expect(evaluating.slice(0, 5).map((p) => p.rows?.done)).toEqual([0, 4, 8, 12, 16])
    expect(evaluating[0]).toMatchObject({ rows: { all: 18 }, fraction: 0, closing: false })
    expect(evaluating.map((p) => p.closing)).toEqual([...new Array(15).fill(false), ...new Array(5).fill(true)])
  })

  it('that is stopped before its first step ends at once without an evaluation', async () => {
    const { outcome, evaluated, evalSteps } = run((control, { evalBatch }) => evalBatch === 1 && control.stop())
    expect(await outcome).toMatchObject({ status: 'stopped', steps: 0 })
    expect(evalSteps).toEqual([])
    expect(evaluated()).toBe(2)
  })

  it('that is stopped between steps is evaluated once more, unless that is skipped', async () => {
    const stopped = run((control, { step }) => step === 3 && control.stop())
    expect(await stopped.outcome).toMatchObject({ status: 'stopped', steps: 3 })
    expect(stopped.evalSteps).toEqual([0, 2, 3])
    const skipped = run((control, { step, evalBatch }) => {
      if (step === 3) control.stop()
      if (step === 3 && evalBatch === 2) control.skip()
    })
    await skipped.outcome
    expect(skipped.evalSteps).toEqual([0, 2])
    expect(skipped.evaluated()).toBe(5 + 5 + 3)
    expect(skipped.progress.at(-1)).toMatchObject({ phase: 'evaluating', closing: true, rows: { done: 8, all: 18 } })
  })

  it('that is stopped during an evaluation keeps its result and does not evaluate again', async () => {
    const { outcome, evaluated, progress, evalSteps } = run(
      (control, { step, evalBatch }) => step === 2 && evalBatch === 1 && control.stop(),
    )
    expect(await outcome).toMatchObject({ status: 'stopped', steps: 2 })
    expect(evalSteps).toEqual([0, 2])
    expect(evaluated()).toBe(10)
    expect(progress.filter((p) => p.phase === 'evaluating' && p.closing)).toHaveLength(3)
  })

  it('continues with the next step after an evaluation that is passed, which has no figure', async () => {
    const { outcome, evalSteps, evaluated } = run((control, { step, evalBatch }) => {
      if (step === 2 && evalBatch === 1) control.pass()
      // Outside an evaluation there is nothing to pass.
      if (step === 3 && evalBatch === undefined) control.pass()
    })
    expect(await outcome).toMatchObject({ status: 'finished', steps: 6 })
    expect([evalSteps, evaluated()]).toEqual([[0, 4, 6], 17])
  })

  it('whose closing evaluation is skipped is finished, and its last evaluation is an older one', async () => {
    const { outcome, evalSteps } = run((control, { step, evalBatch }) => step === 6 && evalBatch === 3 && control.skip())
    expect(await outcome).toMatchObject({ status: 'finished', steps: 6 })
    expect(evalSteps).toEqual([0, 2, 4])
  })

  it('waits during an evaluation while it is paused, and a stop ends the wait', async () => {
    const paused = run((control, { step, evalBatch }) => step === 2 && evalBatch === 1 && control.pause())
    await expect.poll(() => paused.paused).toEqual([true])
    const before = paused.evaluated()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(paused.evaluated()).toBe(before)
    paused.control.resume()
    await paused.outcome
    expect(paused.evalSteps).toEqual([0, 2, 4, 6])
    expect(paused.paused).toEqual([true, false])

    const opening = run((control, { step, evalBatch }) => step === 0 && evalBatch === 0 && control.pause())
    await expect.poll(() => opening.paused).toEqual([true])
    opening.control.stop()
    expect(await opening.outcome).toMatchObject({ status: 'stopped', steps: 0 })
    expect(opening.evalSteps).toEqual([])
  })

  it('that is left ends at a snapshot without an adapter, during steps, evaluations and pauses', async () => {
    const cancelled = { kind: 'Cancelled' }
    const between = run((control, { step, evalBatch }) => step === 3 && evalBatch === undefined && control.leave())
    await expect(between.outcome).rejects.toMatchObject(cancelled)
    expect([between.kept.at(-1), between.evalSteps]).toEqual([3, [0, 2]])
    const measuring = run((control, { step, evalBatch }) => step === 4 && evalBatch === 1 && control.leave())
    await expect(measuring.outcome).rejects.toMatchObject(cancelled)
    expect([measuring.kept.at(-1), measuring.evalSteps, measuring.evaluated()]).toEqual([4, [0, 2], 12])
    const closing = run((control, { step, evalBatch }) => step === 6 && evalBatch === 1 && control.leave())
    await expect(closing.outcome).rejects.toMatchObject(cancelled)
    expect([closing.kept.at(-1), closing.evalSteps]).toEqual([6, [0, 2, 4]])
    const paused = run((control, { step }) => step === 5 && control.pause())
    await expect.poll(() => paused.paused).toEqual([true])
    paused.control.leave()
    await expect(paused.outcome).rejects.toMatchObject(cancelled)
    expect(paused.kept.at(-1)).toBe(5)
  })

  it('whose loss is NaN fails at that step and is not evaluated again', async () => {
    const { outcome, evalSteps } = run(() => undefined, 4)
    const out = await outcome
    expect(out).toMatchObject({ status: 'failed', steps: 3, failure: { message: expect.stringContaining('at step 4') } })
    expect(evalSteps).toEqual([0, 2])
    const { failure } = await run(() => undefined, 4, { precision: 'fast' }).outcome
    expect(failure?.message).toMatch(/Fast products take weights up to ±255\. Choose exact products, or lower the learning rate\.$/)
    expect(failure?.settings).toEqual(['precision', 'learningRate'])
  })
})

test('passing the evaluation at the end of a run skips it', () => {
  const control = new Control()
  control.closing = true
  control.pass()
  expect([control.skipped, control.passes()]).toEqual([true, false])
})

describe('Ctrl-C', () => {
  it('stops first and then skips; if all steps are done it skips at once', () => {
    const going = new Control()
    expect([going.interrupt(), going.stopped, going.skipped]).toEqual(['stop', true, false])
    expect([going.interrupt(), going.skipped]).toEqual(['skip', true])
    const closing = new Control()
    closing.closing = true
    expect([closing.interrupt(), closing.stopped, closing.skipped]).toEqual(['skip', false, true])
  })
})

describe('the time left', () => {
  const left = new TimeLeft({ steps: 100, accumulate: 2, evalEvery: 40, evalBatches: 10 })

  it('is unknown until something has been timed, and counts evaluations and steps from the first evaluation on', () => {
    expect(left.after(0)).toBeUndefined()
    left.evaluationTook(300, 3)
    // 7 micro-batches of this evaluation and those of the evaluations after 40, 80 and 100 steps; each of a step's two micro-batches takes three times as long.
    expect(left.after(0, 7)).toBe(100 * (7 + 30) + 100 * 600)
  })

  it('uses the measured time of steps, and counts the evaluations that are still to come', () => {
    left.stepsTook(5000, 10)
    expect(left.after(10)).toBe(90 * 500 + 30 * 100)
    expect(left.after(40, 4)).toBe(60 * 500 + 24 * 100)
    expect(left.after(99)).toBe(500 + 10 * 100)
    expect(left.after(100, 6)).toBe(600)
  })
})
