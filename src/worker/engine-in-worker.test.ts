// The page's end of the worker, against workers that answer, and workers that no longer do.
import { expose } from 'comlink'
import { describe, expect, it } from 'vitest'
import { sentence } from '../config/phrase'
import type { DeviceNews, EngineApi, Result } from './api'
import { engineIn } from './engine-in-worker'

const report = { name: 'adapter', software: true, maxBufferBytes: 1, maxBindingBytes: 1 }

/** Workers made one after the other; those in `hanging` answer nothing. */
function workers(hanging: readonly number[]) {
  const made: { ended: boolean }[] = []
  const create: Parameters<typeof engineIn>[0] = () => {
    const { port1, port2 } = new MessageChannel()
    const at = made.push({ ended: false }) - 1
    const engine: Partial<EngineApi> = {
      device: async () => ({ ok: true, value: report }),
      watch: () => new Promise(() => undefined),
      cancel: async () => undefined,
      stop: async () => undefined,
      loadModel: () => new Promise<Result<never>>(() => undefined),
    }
    if (!hanging.includes(at)) expose(engine, port2)
    port1.start()
    return Object.assign(port1, {
      terminate() {
        made[at].ended = true
        port1.close()
      },
    })
  }
  return { made, create }
}

const textOf = (result: Result<unknown>): string => (result.ok ? 'it worked' : sentence(result.error.phrase))

describe('an engine that no longer answers', () => {
  it.each(['cancel', 'stop'] as const)('is replaced on %s, and says what is lost', async (ask) => {
    const { made, create } = workers([0])
    const engine = engineIn(create, { cancel: 50, stop: 50 })
    const news: DeviceNews[] = []
    void engine.watch((one) => news.push(one))
    const loading = engine.loadModel([], 'native', () => undefined)
    await engine[ask]()
    expect(textOf(await loading)).toBe(
      'The engine did not answer for 0.05 seconds, so it was started again. The model and the data are no longer loaded, and the steps since the last snapshot are lost. Saved runs are safe. Open the model again.',
    )
    expect(made.map((worker) => worker.ended)).toEqual([true, false])
    expect(news).toMatchObject([{ type: 'dropped', report }])
    expect(await engine.device()).toEqual({ ok: true, value: report })
  })

  it('is replaced once, however often one asks', async () => {
    const { made, create } = workers([0])
    const engine = engineIn(create, { cancel: 50, stop: 50 })
    await Promise.all([engine.cancel(), engine.cancel(), engine.stop()])
    expect(made).toHaveLength(2)
  })
})

describe('an engine that answers', () => {
  it('is kept', async () => {
    const { made, create } = workers([])
    const engine = engineIn(create, { cancel: 5000, stop: 5000 })
    await Promise.all([engine.cancel(), engine.stop()])
    expect(made).toEqual([{ ended: false }])
  })
})
