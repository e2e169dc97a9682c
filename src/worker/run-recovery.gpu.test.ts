// The graphics device is lost while a run trains, evaluates, is paused or stops: it continues by itself, and computes the same bits.
import { describe, expect, it } from 'vitest'
import { nodeGpu } from '../cli/node/node-gpu'
import type { EvalMetrics, StepMetrics } from '../config/run-reports'
import { type LoadedModel, moveModel } from '../peft/loaded-model'
import { methodNamed } from '../peft/registry'
import { losingGpu } from '../testing/losing-gpu'
import { oneDeviceGpu } from '../testing/one-device'
import { randomBase, resumeRequest } from '../testing/resumed-run'
import { Control } from '../train/control'
import type { DeviceNews } from './api'
import { HeldDevice } from './held-device'
import { conductSurviving } from './surviving-run'

const cases = {
  lora: { what: { method: methodNamed('lora'), settings: { dropout: 0.1 }, training: {} }, losses: ['step 6', 'rows 2 after 20'] },
  'paged full': { what: { method: methodNamed('full'), settings: {}, training: { optimizerMemory: 'paged' } }, losses: ['rows 2 after 7'] },
} as const

type What = Parameters<typeof resumeRequest>[1]

/** Trains; `at` is called with each thing that happens: `step 3`, `rows 2 after 7`, `paused`. */
async function trained(
  what: What,
  at: (event: string, crash: (reportMs?: number) => void, control: Control, losing: ReturnType<typeof losingGpu>) => void = () => undefined,
  { stopPatienceMs, webgpu = nodeGpu() }: { stopPatienceMs?: number; webgpu?: Promise<GPU> } = {},
) {
  const losing = losingGpu(await webgpu)
  const news: DeviceNews[] = []
  let model: LoadedModel | undefined
  const held = new HeldDevice({
    gpu: losing.gpu,
    restore: async (gpu) => void (model &&= await moveModel(gpu, model)),
    drop: () => (model = undefined),
    tell: (one) => news.push(one),
  })
  model = await randomBase(await held.get())
  const control = new Control()
  const told = { steps: [] as StepMetrics[], evals: [] as EvalMetrics[], events: [] as string[] }
  const happens = (event: string): void => {
    told.events.push(event)
    at(event, (reportMs) => losing.devices.at(-1)!.crash(reportMs), control, losing)
  }
  const run = conductSurviving({
    held,
    request: () => resumeRequest(model!, what),
    control,
    stopPatienceMs,
    events: {
      onProgress: ({ phase, rows }) => phase === 'evaluating' && happens(`rows ${rows?.done} after ${told.steps.length}`),
      onStep: (metrics) => {
        told.steps.push(metrics)
        happens(`step ${metrics.step}`)
      },
      onEval: (metrics) => told.evals.push(metrics),
      onPaused: (paused) => happens(paused ? 'paused' : 'continued'),
      onRecovering: () => happens('recovering'),
    },
  })
  const { done } = await run
  const bits = {
    losses: told.steps.map(({ step, loss, gradNorm }) => [step, loss, gradNorm]),
    evals: told.evals,
    tensors: [...done.adapter.tensors].map(([name, { values }]) => [name, [...values]]),
  }
  return { bits, done, told, devices: losing.devices.length }
}

/** Trains on the device that other tests use too, which must not be lost. */
const undisturbed = (what: What, at?: Parameters<typeof trained>[1]) => trained(what, at, { webgpu: oneDeviceGpu() })

/** Calls `act` when each of `events` happens for the first time. */
function once(events: readonly string[], act: (crash: (reportMs?: number) => void, control: Control) => void) {
  const left = new Set(events)
  return (event: string, crash: (reportMs?: number) => void, control: Control): void => void (left.delete(event) && act(crash, control))
}

describe('a run whose device is lost', { timeout: 240_000 }, () => {
  for (const [name, { what, losses }] of Object.entries(cases))
    it(`computes the same bits, and tells each step once: ${name}`, async () => {
      const whole = await undisturbed(what)
      let reportMs = 0
      const lost = await trained(
        what,
        once(losses, (crash) => crash((reportMs = 100 - reportMs))),
      )
      expect(lost.devices).toBe(losses.length + 1)
      expect(lost.done).toMatchObject({ recoveries: losses.length, outcome: { status: 'finished', steps: 20 } })
      expect(lost.done.steps.map(({ step }) => step)).toEqual(whole.done.steps.map(({ step }) => step))
      expect(lost.bits).toEqual(whole.bits)
    })

  it('stays paused, and continues when the person says so', async () => {
    const lost = await trained(cases.lora.what, (event, crash, control) => {
      if (event === 'step 4') control.pause()
      if (event === 'step 9') control.stop()
      if (event !== 'paused') return
      crash()
      setTimeout(() => control.resume(), 500)
    })
    const during = lost.told.events.filter((event) => /paused|continued|recovering/.test(event))
    expect(during).toEqual(['paused', 'continued', 'recovering'])
    expect(lost.bits.losses.map(([step]) => step)).toEqual(Array.from({ length: lost.done.outcome.steps }, (_, i) => i + 1))
  })

  it('that is being stopped stops, with its adapter', async () => {
    const { done } = await trained(
      cases.lora.what,
      once(['step 5'], (crash, control) => {
        crash()
        control.stop()
      }),
    )
    expect(done.outcome.status).toBe('stopped')
    expect(done.adapter.tensors.size).toBeGreaterThan(0)
  })

  it('that is stopped while its device does not come back ends at its newest snapshot, with that adapter', async () => {
    const { done, told } = await trained(
      cases.lora.what,
      (event, crash, control, losing) => {
        if (event !== 'step 9') return
        losing.refuse(Infinity)
        crash()
        control.stop()
      },
      { stopPatienceMs: 50 },
    )
    const { status, steps } = done.outcome
    expect(status).toBe('stopped')
    // There was one after the evaluation of step 7.
    expect(steps).toBeGreaterThanOrEqual(7)
    expect(done.steps).toEqual(told.steps.slice(0, steps))
    // The next step may or may not be under way when the one before it is told, so a run that is stopped then ends with either.
    const stoppedAt = (step: number) => undisturbed(cases.lora.what, (event, _crash, control) => event === `step ${step}` && control.stop())
    const early = await stoppedAt(steps - 1)
    const whole = early.done.outcome.steps === steps ? early : await stoppedAt(steps)
    expect(whole.done.outcome.steps).toBe(steps)
    expect([...done.adapter.tensors]).toEqual([...whole.done.adapter.tensors])
  })
})
