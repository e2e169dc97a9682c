// When a run is kept, and what a resumed one does, without a GPU.
import { expect, it } from 'vitest'
import { defaultTraining } from '../config/run-config'
import type { StepMetrics } from '../config/run-reports'
import type { MicroBatch } from '../data/micro-batch'
import type { Gpu } from '../gpu/gpu'
import type { BatchSource } from './batches'
import { Control } from './control'
import type { TrainerState } from './snapshot-about'
import { type TrainerKeeping, type TrainerOptions, train } from './trainer'

const batch = (tokens: number): MicroBatch => ({
  ids: new Uint32Array(0),
  targets: new Int32Array(0),
  positions: new Uint32Array(0),
  first: new Uint32Array(0),
  rows: 4,
  length: 8,
  supervised: 2 * tokens,
  tokens,
})
const source = (count: number): BatchSource => ({
  count,
  rows: count * 4,
  padded: () => 1,
  epochs: (seen) => seen / 4,
  get: (index) => [batch(index + 1)],
})

interface Given {
  resume?: TrainerState
  keep?: Partial<TrainerKeeping>
  evalBatches?: number
  enough?: TrainerOptions['enough']
  at?: (control: Control, step: number) => void
}

/** 8 steps of two micro-batches each, with evaluations after every third step. */
async function run({ resume, keep, evalBatches = 1, enough, at }: Given = {}) {
  const control = new Control()
  const steps: StepMetrics[] = []
  const events: string[] = []
  const states: TrainerState[] = []
  let underWay = 0
  const session: TrainerOptions['session'] = {
    kind: 'text',
    async step(_gpu, batches, rate, step) {
      underWay++
      events.push(`step ${step} of ${batches.map((b) => b.tokens).join('+')}`)
      at?.(control, step)
      await new Promise((resolve) => setTimeout(resolve, 1))
      underWay--
      return { loss: rate + 1 / step, gradNorm: 1, clipFactor: 1, halted: 0, finite: true }
    },
    evaluate: async () => ({ loss: underWay ? NaN : 2, supervised: 1 }),
  }
  const outcome = await train({
    gpu: {} as Gpu,
    session,
    training: defaultTraining({ evalEvery: 3, accumulate: 2, warmup: 2 }),
    steps: 8,
    train: source(16),
    evaluation: source(evalBatches),
    control,
    resume,
    enough,
    keep: {
      stored: true,
      ...keep,
      async snapshot(state) {
        expect(underWay).toBe(0)
        events.push(`kept ${state.step}`)
        states.push(state)
        return undefined
      },
    },
    events: {
      onStep: (m) => steps.push(m),
      onEval: ({ step, evalLoss }) => events.push(`evaluated ${step} ${evalLoss}`),
      onPaused: (paused) => paused && setTimeout(() => control.resume(), 5),
    },
  })
  return { outcome, steps, events, states }
}

/** Without what depends on the machine. */
const timeless = (steps: readonly StepMetrics[]) => steps.map((m) => ({ ...m, elapsedMs: 0, tokensPerSecond: 0, hostBytes: 0 }))

it('takes snapshots after steps, after evaluations and before the closing one, never with a step under way', async () => {
  const { events } = await run({ keep: { everySteps: 4 } })
  expect(events.filter((event) => !event.startsWith('step'))).toEqual([
    'evaluated 0 2',
    'kept 0',
    'evaluated 3 2',
    'kept 3',
    'kept 4',
    'evaluated 6 2',
    'kept 6',
    'kept 8',
    'evaluated 8 2',
  ])
})

it('takes snapshots by the clock, before it waits and when it is stopped', async () => {
  const often = await run({ keep: { everyMs: 0 }, evalBatches: 0 })
  expect(often.states.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  const paused = await run({ evalBatches: 0, at: (control, step) => step === 5 && control.pause() })
  expect(paused.states.map(({ step }) => step)).toEqual([5, 8])
  const stopped = await run({ evalBatches: 0, at: (control, step) => step === 5 && control.stop() })
  expect(stopped.states.map(({ step }) => step)).toEqual([5])
  expect(stopped.outcome).toMatchObject({ status: 'stopped', steps: 5 })
})

it('continues from every snapshot with the same steps, batches, rates and totals', async () => {
  const whole = await run({ keep: { everySteps: 1 } })
  expect(whole.states.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
  for (const state of whole.states) {
    // As JSON gives it back.
    const again = await run({ keep: { everySteps: 1 }, resume: JSON.parse(JSON.stringify(state)) as TrainerState })
    const taken = whole.events.indexOf(`kept ${state.step}`)
    expect(again.events, `after ${state.step}`).toEqual(whole.events.slice(taken + 1))
    expect(timeless(again.steps)).toEqual(timeless(whole.steps.slice(state.step)))
    expect({ ...again.outcome.figures, tokensPerSecond: 0 }).toEqual({ ...whole.outcome.figures, tokensPerSecond: 0 })
    expect(again.outcome.elapsedMs).toBeGreaterThanOrEqual(state.elapsedMs)
  }
})

it('does an evaluation that was due when it was interrupted', async () => {
  const { states } = await run({ evalBatches: 0, at: (control, step) => step === 3 && control.stop() })
  const { events } = await run({ resume: { ...states[0], measuredAt: 0 } })
  expect(events.slice(0, 3)).toEqual(['evaluated 3 2', 'kept 3', 'step 4 of 7+8'])
})

it('takes no step if it is resumed behind the evaluation that ended it', async () => {
  let evaluations = 0
  const whole = await run({ enough: async () => ++evaluations === 3 })
  expect([whole.outcome.steps, whole.events.slice(-2)]).toEqual([6, ['evaluated 6 2', 'kept 6']])
  const again = await run({ resume: whole.states.at(-1), enough: async () => true })
  expect([again.outcome.status, again.outcome.steps, again.events]).toEqual(['finished', 6, []])
})
