// Runs from their start to their end, one after another.
import { describe, expect, it } from 'vitest'
import { saying } from '../testing/saying'
import { asWritten, say } from '../config/phrase'
import { createFakeEngine } from '../testing/fake-engine'
import { makeStudio, missingOf, readyStudio, until } from '../testing/fake-studio'
import { memoryKeeping } from './keeping'
import { allLeft } from './queue-time'
import { type Run, finalEval, isOver } from './run'
import { columnOf } from './series'

describe('runs', () => {
  it('trains, keeps the run with its curve and adapter, and finds both after a reload', async () => {
    const keeping = memoryKeeping()
    const studio = await readyStudio(keeping)
    const id = studio.start() ?? ''
    const run = await studio.queue.done(id)
    expect(run).toMatchObject({ status: 'finished', name: 'LoRA 1' })
    const loss = columnOf(studio.runs.seriesOf(id).steps, 'loss')
    expect(loss.length).toBe(12)
    expect(loss[11]).toBeLessThan(loss[0] ?? 0)

    const again = makeStudio({}, keeping)
    await again.runs.load()
    expect(again.runs.find(id)).toMatchObject({ status: 'finished', name: 'LoRA 1' })
    expect([...columnOf(again.runs.seriesOf(id).steps, 'loss')]).toEqual([...loss])
    const files = await again.runs.adapter(id)
    expect(files?.files.map((f) => f.path)).toContain('adapter_model.safetensors')
  })

  it('runs a queue one after another, each with its own name and colour', async () => {
    const studio = await readyStudio()
    const first = studio.start() ?? ''
    studio.setup.setMethodValue('r', 32)
    await until(() => missingOf(studio) === undefined)
    const second = studio.start() ?? ''
    expect(studio.runs.store.getState().runs.map((r) => r.name)).toEqual(['LoRA 1', 'LoRA 2'])
    await studio.queue.done(second)
    const [a, b] = [studio.runs.find(first), studio.runs.find(second)]
    expect([a?.status, b?.status]).toEqual(['finished', 'finished'])
    expect(a?.colour).not.toBe(b?.colour)
    expect(a?.config.methodSettings.r).toBe(8)
    expect(b?.config.methodSettings.r).toBe(32)
  })

  it('lets waiting runs change places and leave, and tells how long all may take', async () => {
    const keeping = memoryKeeping()
    const fake = createFakeEngine({ beatMs: 0 })
    let open: () => void = () => undefined
    const gate = new Promise<void>((resolve) => (open = resolve))
    const trained: string[] = []
    const studio = await readyStudio(keeping, {
      ...fake,
      train: async (id, ...args) => {
        trained.push(id)
        await gate
        return fake.train(id, ...args)
      },
    })
    const [a, b, c, d] = Array.from({ length: 4 }, () => studio.start() ?? '')
    await until(() => studio.queue.owns(d) && trained.length === 1)
    await studio.queue.move(d, -1)
    await studio.queue.move(d, -1)
    // Before it only the run that trains is left.
    await studio.queue.move(d, -1)
    await studio.unqueue(c)
    expect(studio.runs.store.getState().runs.map(({ id }) => id)).toEqual([a, d, b])
    expect((await keeping.runs()).runs.map(({ run }) => run.id)).toEqual([a, d, b])
    open()
    await studio.queue.done(b)
    expect(trained).toEqual([a, d, b])

    const all = studio.runs.store.getState().runs
    expect(all.map(({ wholeMs }) => wholeMs! >= 0)).toEqual([true, true, true])
    const timed = (run: Run): Run => ({ ...run, last: { ...run.last!, step: 10, elapsedMs: 40_000 }, wholeMs: undefined })
    const [first, second, third] = all.map(timed)
    const waits = (run: Run): Run => ({
      ...run,
      status: 'queued',
      last: undefined,
      memory: undefined,
      config: { ...run.config, training: { ...run.config.training, steps: 5 } },
    })
    expect(allLeft([waits(second), waits(third)], [first])).toEqual({ ms: 40_000, unknown: 0, bare: 2 })
    // With the evaluations of the run that tells it.
    expect(allLeft([waits(second), waits(third)], [{ ...first, wholeMs: 60_000 }, third])).toEqual({ ms: 60_000, unknown: 0, bare: 0 })
    expect(allLeft([waits(second)], [{ ...first, model: { ...first.model, name: 'another' } }])).toEqual({ ms: 0, unknown: 1, bare: 0 })
    expect(allLeft([{ ...first, status: 'training', progress: { phase: 'training', leftMs: 7 } }, waits(second)], [first])).toEqual({
      ms: 20_007,
      unknown: 0,
      bare: 1,
    })
  })

  it('keeps the adapter of a run that was stopped', async () => {
    const studio = await readyStudio()
    studio.setup.setTrainingValue('steps', 100_000)
    await until(() => missingOf(studio) === undefined)
    const id = studio.start() ?? ''
    await until(() => (studio.runs.find(id)?.last?.step ?? 0) >= 3)
    await studio.queue.stop()
    const run = await studio.queue.done(id)
    expect(run?.status).toBe('stopped')
    expect(run?.files?.length).toBeGreaterThan(0)
  })

  it('shows the sentence of a run that failed and continues with the next', async () => {
    const fake = createFakeEngine({ beatMs: 0 })
    let calls = 0
    const studio = await readyStudio(memoryKeeping(), {
      ...fake,
      train: async (...args) =>
        ++calls === 1
          ? { ok: false, error: { kind: 'Error', phrase: asWritten('loss: expected a finite number, got NaN. Lower the learning rate.') } }
          : fake.train(...args),
    })
    const first = studio.start() ?? ''
    const second = studio.start() ?? ''
    await studio.queue.done(second)
    expect(studio.runs.find(first)).toMatchObject({ status: 'failed', error: saying('NaN') })
    expect(studio.runs.find(second)?.status).toBe('finished')
  })

  it('keeps the adapter that a run had reached when it failed, and finds it after a reload', async () => {
    const keeping = memoryKeeping()
    const fake = createFakeEngine({ beatMs: 0 })
    const phrase = say`training: expected a finite loss at step ${9}, got NaN. Lower the learning rate.`
    const studio = await readyStudio(keeping, {
      ...fake,
      train: async (...args) => {
        await fake.train(...args)
        return { ok: false, error: { kind: 'Error', phrase } }
      },
    })
    const id = studio.start() ?? ''
    expect(await studio.queue.done(id)).toMatchObject({ status: 'failed', error: phrase })
    expect(studio.play.store.getState().columns).toContain(id)
    const again = makeStudio({}, keeping)
    await again.runs.load()
    expect(again.runs.find(id)).toMatchObject({ status: 'failed', error: phrase })
    expect((await again.runs.adapter(id))?.files.map((f) => f.path)).toContain('adapter_model.safetensors')
  })

  it('knows how long it took as a whole, unless it was paused', async () => {
    const studio = await readyStudio(memoryKeeping(), createFakeEngine({ beatMs: 5 }))
    const whole = (await studio.queue.done(studio.start() ?? ''))!
    expect(whole.wholeMs).toBeGreaterThan(0)
    studio.setup.setTrainingValue('steps', 200)
    await until(() => missingOf(studio) === undefined)
    const id = studio.start() ?? ''
    await until(() => (studio.runs.find(id)?.last?.step ?? 0) > 0)
    await studio.queue.pause()
    await until(() => studio.runs.find(id)?.status === 'paused')
    await studio.queue.resume()
    const run = await studio.queue.done(id)
    expect(run?.status).toBe('finished')
    expect(run?.wholeMs).toBeUndefined()
  })

  it('shows at once that it stops, and later messages of the engine do not start it again', async () => {
    const studio = await readyStudio(memoryKeeping(), createFakeEngine({ beatMs: 15 }))
    studio.setup.setTrainingValue('steps', 1000)
    await until(() => missingOf(studio) === undefined)
    const id = studio.start() ?? ''
    await until(() => studio.runs.find(id)?.progress?.rows !== undefined)
    await studio.queue.pause()
    await until(() => studio.runs.find(id)?.status === 'paused')
    await studio.queue.resume()
    await until(() => (studio.runs.find(id)?.last?.step ?? 0) > 0)
    const stopped = studio.queue.stop()
    expect(studio.runs.find(id)?.status).toBe('stopping')
    await stopped
    await until(() => studio.runs.find(id)?.progress?.closing === true)
    expect(studio.runs.find(id)?.status).toBe('stopping')
    await studio.queue.skipEvaluation()
    const run = await studio.queue.done(id)
    expect(run).toMatchObject({ status: 'stopped', summary: { finalEval: undefined }, lastEval: { step: 0 } })
    expect(finalEval(run!)).toBeUndefined()
  })

  it('shows a run as interrupted if the page was closed during it', async () => {
    const keeping = memoryKeeping()
    const studio = await readyStudio(keeping)
    const id = studio.start() ?? ''
    await studio.queue.done(id)
    const [kept] = (await keeping.runs()).runs
    if (kept) await keeping.saveRun({ ...kept, run: { ...kept.run, status: 'training' } })
    const again = makeStudio({}, keeping)
    await again.runs.load()
    expect(again.runs.find(id)?.status).toBe('interrupted')
    expect(isOver(again.runs.store.getState().runs[0]!)).toBe(true)
  })
})
