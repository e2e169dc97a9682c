// A run whose device is lost again and again ends with advice.
import { describe, expect, it } from 'vitest'
import { DeviceLost, FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { Gpu } from '../gpu/gpu'
import { saying } from '../testing/saying'
import { Control } from '../train/control'
import type { HeldDevice } from './held-device'
import { conductSurviving } from './surviving-run'

/** A run that fails with `reason` before each step; how often it began. */
async function failing(reason: Error, control = new Control()) {
  let [begun, recoveries] = [0, 0]
  const held = {
    get: async () => ({}) as Gpu,
    lossBehind: async (_gpu: Gpu, found: unknown) => (found instanceof DeviceLost ? found : undefined),
  } as HeldDevice
  const ignore = (): void => undefined
  const events = { onProgress: ignore, onStep: ignore, onEval: ignore, onPaused: ignore, onRecovering: () => void recoveries++ }
  const request = async () => {
    begun++
    throw reason
  }
  const [end] = await Promise.allSettled([conductSurviving({ held, request, control, events })])
  return { end: end.status === 'rejected' ? (end.reason as unknown) : 'it did not fail', begun, recoveries }
}

const sizes = ['batchSize', 'maxLength']

describe('a run that loses its device again and again', () => {
  it('fails after five losses without a further step, and names the settings', async () => {
    const { end, begun, recoveries } = await failing(new DeviceLost(say`graphics device: lost (x).`))
    expect([begun, recoveries]).toEqual([5, 4])
    expect(end).toMatchObject({
      kind: 'DeviceLost',
      settings: sizes,
      phrase: saying(/^Training stopped after step 0: .+ lost 5 times in a row\. Lower/),
    })
  })

  it('fails when the device stops answering for the second time', async () => {
    const { end, begun } = await failing(new DeviceLost(say`graphics device: silent.`, true))
    expect(begun).toBe(2)
    expect(end).toMatchObject({ hung: true, settings: sizes, phrase: saying(/stopped answering 2 times in a row\. Lower the batch size/) })
  })

  it('fails at once for any other reason', async () => {
    const error = new FormatError(say`rows.jsonl: damaged`)
    expect(await failing(error)).toEqual({ end: error, begun: 1, recoveries: 0 })
  })
})
