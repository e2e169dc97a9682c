// The whole studio on the fake engine, without React and without a browser.
import { describe, expect, it } from 'vitest'
import { unzipBlob } from '../storage/unzip'
import { createFakeEngine } from '../testing/fake-engine'
import { dataFile, makeStudio, missingOf, modelFiles, readyStudio, rows, until } from '../testing/fake-studio'
import { memoryKeeping } from './keeping'
import { finalEval, isOver } from './run'
import { columnOf } from './series'
import { createStudio } from './studio'

describe('setting up', () => {
  it('names what is missing, one thing after another', async () => {
    const studio = makeStudio()
    expect(missingOf(studio)).toBe('device')
    await studio.device.check({ secure: true, hasWebGpu: true })
    expect(missingOf(studio)).toBe('model')
    const loading = studio.openModel(modelFiles)
    expect(missingOf(studio)).toBe('modelLoading')
    await loading
    expect(missingOf(studio)).toBe('data')
    await studio.openData(dataFile())
    await until(() => missingOf(studio) === undefined)
    expect(studio.setup.store.getState().memory?.totalBytes).toBeGreaterThan(0)
    studio.setup.setTrainingValue('batchSize', 0)
    expect(missingOf(studio)).toBe('fields')
  })

  it('tells the three ways of having no WebGPU apart', async () => {
    const studio = makeStudio()
    await studio.device.check({ secure: false, hasWebGpu: false })
    expect(studio.device.store.getState().problem).toBe('insecure')
    await studio.device.check({ secure: true, hasWebGpu: false })
    expect(studio.device.store.getState().problem).toBe('browser')
    const bare = createStudio({
      engine: createFakeEngine({ beatMs: 0, withoutAdapter: true }),
      keeping: memoryKeeping(),
      unzip: unzipBlob,
      fetchDemoFile: async () => new File([], ''),
    })
    await bare.device.check({ secure: true, hasWebGpu: true })
    expect(bare.device.store.getState()).toMatchObject({ problem: 'adapter', error: expect.stringContaining('WebGPU adapter') })
  })

  it('keeps the model that is there when another one cannot be loaded', async () => {
    const studio = await readyStudio()
    const before = studio.model.store.getState().report
    expect(await studio.openModel([{ path: 'config.json', file: new File([], 'config.json') }])).toBe(false)
    expect(studio.model.store.getState().report).toBe(before)
    expect(studio.model.store.getState().error).toContain('expected a .gguf file')
  })

  it('stops at bad lines until the person says to go on', async () => {
    const studio = await readyStudio()
    await studio.openData(dataFile(`${rows}\nnot json`))
    expect(missingOf(studio)).toBe('badLines')
    expect(studio.comparisonPlan.getState().missing).toBe('badLines')
    expect(studio.data.store.getState().report?.problems[0]).toEqual({ line: 41, reason: expect.any(String) })
    studio.data.acceptProblems()
    await until(() => missingOf(studio) === undefined)
  })

  it('asks about characters that the vocabulary cannot write, again when there are others', async () => {
    const studio = await readyStudio()
    const withEmoji = (emoji: string) => `${rows}\n${JSON.stringify({ prompt: 'a', completion: `b ${emoji}` })}`
    await studio.openData(dataFile(withEmoji('😀')))
    expect(missingOf(studio)).toBe('unknownCharacters')
    expect(studio.comparisonPlan.getState().missing).toBe('unknownCharacters')
    expect(studio.readiness.getState().obstacle).toMatchObject({ missing: 'unknownCharacters', card: 'data' })
    studio.data.acceptUnknown()
    await until(() => missingOf(studio) === undefined)
    await studio.data.setOptions({ trainOn: 'everything' })
    await until(() => missingOf(studio) === undefined)
    await studio.openData(dataFile(withEmoji('🎈')))
    expect(missingOf(studio)).toBe('unknownCharacters')
    await studio.openData(dataFile())
    await until(() => missingOf(studio) === undefined)
  })

  it('reads data that was dropped before its model, once the model is there', async () => {
    const studio = makeStudio()
    await studio.device.check({ secure: true, hasWebGpu: true })
    await studio.openFiles([dataFile()])
    expect(studio.data.store.getState().report).toBeUndefined()
    await studio.openFiles(modelFiles)
    await until(() => studio.data.store.getState().report !== undefined)
    expect(studio.data.store.getState().report?.rows).toBe(40)
  })

  it('wants the base a preset is made for and reloads it before the run', async () => {
    const studio = await readyStudio()
    studio.setup.choose('qlora')
    studio.setup.setTrainingValue('steps', 3)
    expect(studio.readiness.getState().base).toBe('nf4-dq')
    const id = studio.start()
    const run = await studio.queue.done(id ?? '')
    expect(run?.status).toBe('finished')
    expect(studio.model.store.getState().report?.base).toBe('nf4-dq')
  })
})

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

  it('runs a queue one after another, with own names and colours', async () => {
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

  it('shows the sentence of a run that failed and goes on with the next', async () => {
    const fake = createFakeEngine({ beatMs: 0 })
    let calls = 0
    const studio = await readyStudio(memoryKeeping(), {
      ...fake,
      train: async (...args) =>
        ++calls === 1
          ? { ok: false, error: { kind: 'Error', message: 'loss: expected a finite number, got NaN. Lower the learning rate.' } }
          : fake.train(...args),
    })
    const first = studio.start() ?? ''
    const second = studio.start() ?? ''
    await studio.queue.done(second)
    expect(studio.runs.find(first)).toMatchObject({ status: 'failed', error: expect.stringContaining('NaN') })
    expect(studio.runs.find(second)?.status).toBe('finished')
  })

  it('keeps the adapter that a run had reached when it failed, and finds it after a reload', async () => {
    const keeping = memoryKeeping()
    const fake = createFakeEngine({ beatMs: 0 })
    const message = 'training: expected a finite loss at step 9, got NaN. Lower the learning rate.'
    const studio = await readyStudio(keeping, {
      ...fake,
      train: async (...args) => {
        await fake.train(...args)
        return { ok: false, error: { kind: 'Error', message } }
      },
    })
    const id = studio.start() ?? ''
    expect(await studio.queue.done(id)).toMatchObject({ status: 'failed', error: message })
    expect(studio.play.store.getState().columns).toContain(id)
    const again = makeStudio({}, keeping)
    await again.runs.load()
    expect(again.runs.find(id)).toMatchObject({ status: 'failed', error: message })
    expect((await again.runs.adapter(id))?.files.map((f) => f.path)).toContain('adapter_model.safetensors')
  })

  it('says at once that it stops, and is not started again by what the engine still tells', async () => {
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

  it('offers the model again when the device was lost under a run', async () => {
    const fake = createFakeEngine({ beatMs: 0 })
    let lost = false
    const gone = {
      ok: false,
      error: { kind: 'DeviceError', message: 'device: expected it to stay, got lost. Load the model again.' },
    } as const
    const studio = await readyStudio(memoryKeeping(), {
      ...fake,
      train: async () => {
        lost = true
        return gone
      },
      device: async () => (lost ? gone : fake.device()),
    })
    await studio.queue.done(studio.start() ?? '')
    await until(() => studio.model.store.getState().report === undefined)
    expect(studio.model.store.getState()).toMatchObject({ error: gone.error.message, files: modelFiles })
    expect(missingOf(studio)).toBe('model')
    lost = false
    await studio.openModel(studio.model.store.getState().files)
    await until(() => missingOf(studio) === undefined)
  })

  it('shows a run as interrupted when the page went away under it', async () => {
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

  it('puts a kept adapter back before talking to it, and deletes it everywhere', async () => {
    const keeping = memoryKeeping()
    const id = await readyStudio(keeping).then(async (studio) => {
      const started = studio.start() ?? ''
      await studio.queue.done(started)
      return started
    })
    const again = await readyStudio(keeping)
    await again.runs.load()
    again.play.show(id)
    again.play.set({ prompt: 'Say 3' })
    await again.play.run()
    expect(again.play.store.getState().answers[id]).toMatchObject({ status: 'done', text: expect.stringContaining('inform(') })
    await again.remove(id)
    expect((await keeping.runs()).runs).toEqual([])
    expect(again.play.store.getState().columns).toEqual(['base'])
  })
})

describe('the demo', () => {
  it('goes all the way and shows exact match before and after', async () => {
    const studio = makeStudio()
    await studio.device.check({ secure: true, hasWebGpu: true })
    await studio.demo.start()
    const demo = studio.demo.store.getState()
    expect(demo).toMatchObject({ stage: 'done', before: { matched: 0 } })
    expect(studio.runs.find(demo.runId ?? '')).toMatchObject({
      status: 'finished',
      exactMatch: { before: { matched: 0, rows: 40 }, after: { matched: 36, rows: 40 } },
      config: { methodSettings: { r: 4, alpha: 16 }, training: { steps: 6, maxLength: 64 } },
    })
  })

  it('says what is wrong with a demo that is not there', async () => {
    const studio = createStudio({
      engine: createFakeEngine({ beatMs: 0 }),
      keeping: memoryKeeping(),
      unzip: unzipBlob,
      fetchDemoFile: async () => new File(['{}'], 'demo.json'),
    })
    await studio.demo.start()
    expect(studio.demo.store.getState()).toMatchObject({ stage: 'failed', error: expect.stringContaining('demo/demo.json: expected') })
  })
})
