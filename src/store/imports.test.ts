// Adapters from elsewhere, on the fake engine: taken in, refused, evaluated, merged, gone on from.
import { describe, expect, it } from 'vitest'
import { saying } from '../testing/saying'
import { asWritten, sentence } from '../config/phrase'
import type { RunConfig } from '../config/run-config'
import { zipFiles } from '../storage/zip'
import { createFakeEngine } from '../testing/fake-engine'
import { dataFile, makeStudio, missingOf, modelFiles, readyStudio, until } from '../testing/fake-studio'
import type { EngineApi, PickedFile } from '../worker/api'
import { fitsModel } from './base-fit'
import { memoryKeeping } from './keeping'
import { adapterBytes, isTrained, stepsOf } from './run'
import { columnsFor } from './run-columns'
import { columnOf } from './series'

const bytes = (text: string) => new TextEncoder().encode(text)
const config = JSON.stringify({ peft_type: 'LORA', r: 4, alpha: 32 })
const folder: PickedFile[] = [
  { path: 'mine/adapter_config.json', file: new File([config], 'adapter_config.json') },
  { path: 'mine/adapter_model.safetensors', file: new File(['weights'], 'adapter_model.safetensors') },
  { path: 'mine/optimizer.pt', file: new File(['other'], 'optimizer.pt') },
]
const zip = zipFiles('zipped', [
  { path: 'adapter_config.json', bytes: bytes(config) },
  { path: 'adapter_model.safetensors', bytes: bytes('weights') },
])

/** The engine, whose adapters name their base as those of the real one do. */
function withBase(engine: EngineApi): EngineApi {
  return {
    ...engine,
    adapterFiles: async (...given) => {
      const found = await engine.adapterFiles(...given)
      const own = JSON.stringify({ method: 'lora', base: { name: 'tiny', fingerprint: 'a'.repeat(64), lineage: 'b'.repeat(64) } })
      return found.ok
        ? {
            ok: true,
            value: { files: [...found.value.files.filter((f) => f.path !== 'tabtune.json'), { path: 'tabtune.json', bytes: bytes(own) }] },
          }
        : found
    },
  }
}

describe('an adapter from elsewhere', () => {
  it('becomes an entry to chat with, and is kept', async () => {
    const keeping = memoryKeeping()
    const studio = await readyStudio(keeping)
    await studio.openFiles(folder)
    await until(() => studio.imports.store.getState().taken.length === 1)
    const [run] = studio.runs.store.getState().runs
    expect(run).toMatchObject({
      name: 'mine',
      status: 'imported',
      methodLabel: 'LoRA',
      config: { method: 'lora', methodSettings: { r: 4, alpha: 32 } },
    })
    expect((await keeping.adapter(run?.id ?? '')).files.map((f) => f.path)).toEqual(['adapter_config.json', 'adapter_model.safetensors'])
    studio.play.beside(run?.id ?? '')
    studio.play.set({ prompt: 'Say 3' })
    await studio.play.run()
    expect(studio.play.store.getState().turns[0].answers[run?.id ?? '']).toMatchObject({ status: 'done' })
  })

  it('or of a run on another model is entered for the loaded one once the person agrees', async () => {
    const studio = await readyStudio(memoryKeeping(), withBase(createFakeEngine({ beatMs: 0 })))
    const id = studio.start() ?? ''
    await studio.queue.done(id)
    await studio.openModel([{ path: 'other/model.safetensors', file: new File(['others'], 'model.safetensors') }])
    expect(fitsModel(studio.runs.find(id)!, studio.model.store.getState().report)).toBe(false)
    await studio.importHere(id)
    expect(studio.imports.store.getState().questions.map(({ words }) => sentence(words))).toEqual([
      expect.stringMatching(
        /^The adapter was trained on tiny \(fingerprint [0-9a-f]{16}\)\. The loaded other has other weights \(fingerprint [0-9a-f]{16}\)/,
      ),
    ])
    expect(studio.runs.store.getState().runs).toHaveLength(1)
    await studio.imports.decide(true)
    const [, entered] = studio.runs.store.getState().runs
    expect(entered).toMatchObject({ status: 'imported', name: 'LoRA 1 1', trainedOn: { name: 'tiny' }, model: { name: 'other' } })
    expect(fitsModel(entered!, studio.model.store.getState().report)).toBe(true)
  })

  it('comes out of a zip, and waits for its base model', async () => {
    const studio = makeStudio()
    await studio.openFiles([{ path: 'theirs.zip', file: new File([zip], 'theirs.zip') }])
    expect(studio.imports.store.getState().waiting).toEqual(['zipped'])
    await studio.openFiles(modelFiles)
    await until(() => studio.imports.store.getState().taken.length === 1)
    expect(studio.runs.store.getState().runs).toMatchObject([{ name: 'zipped', status: 'imported' }])
  })

  it('in a zip of ours brings its curves and its settings back, and has one size everywhere', async () => {
    const home = await readyStudio()
    const trained = home.start() ?? ''
    await home.queue.done(trained)
    const before = home.runs.find(trained)!
    const files = (await home.runs.adapter(trained))!.files
    const metrics = [
      { step: 0, evalLoss: 2, evalPerplexity: Math.exp(2) },
      { step: 1, steps: 2, loss: 1.5, learningRate: 1e-3, gradNorm: 1, tokens: 9, totalTokens: 9, tokensPerSecond: 50, elapsedMs: 180 },
      { step: 2, steps: 2, loss: null, learningRate: 5e-4, tokens: 8, totalTokens: 17, tokensPerSecond: 51, elapsedMs: 350 },
      { step: 2, evalLoss: 1.25, evalPerplexity: Math.exp(1.25) },
    ]
    const config = { ...before.config, training: { ...before.config.training, learningRate: 0.0042 } }
    const whole = [
      ...files.filter((f) => !/^(run\.json|metrics\.jsonl|adapter_config\.json)$/.test(f.path)),
      { path: 'adapter_config.json', bytes: bytes(config.method === 'lora' ? JSON.stringify({ peft_type: 'LORA', r: 4 }) : '') },
      { path: 'run.json', bytes: bytes(JSON.stringify({ ...before.summary, config })) },
      { path: 'metrics.jsonl', bytes: bytes(metrics.map((m) => JSON.stringify(m)).join('\n')) },
      { path: 'trainable.safetensors', bytes: bytes('what was trained') },
    ]
    const keeping = memoryKeeping()
    const studio = await readyStudio(keeping)
    await studio.openFiles([{ path: 'back.zip', file: new File([zipFiles('back', whole)], 'back.zip') }])
    await until(() => studio.imports.store.getState().taken.length === 1)
    expect(studio.imports.store.getState().error).toBeUndefined()
    const run = studio.runs.store.getState().runs[0]!
    expect(run).toMatchObject({
      name: 'back',
      status: 'imported',
      visible: true,
      config: { method: 'lora', methodSettings: { r: 4 }, training: { learningRate: 0.0042, steps: 12 } },
      data: { name: before.data.name, rows: before.data.rows },
      summary: { finalLoss: before.summary!.finalLoss },
      lastEval: { step: 2, evalLoss: 1.25 },
      figures: { bestLoss: 1.5 },
    })
    const series = studio.runs.seriesOf(run.id)
    expect([...columnOf(series.steps, 'loss')]).toEqual([1.5, NaN])
    expect([...columnOf(series.steps, 'gradNorm')]).toEqual([1, NaN])
    expect([...columnOf(series.evals, 'evalLoss')]).toEqual([2, 1.25])
    expect(isTrained(run)).toBe(true)
    // Its setting says as many steps as the epochs need; its record says how many these were.
    const byEpochs = { ...run, config: { ...run.config, training: { ...run.config.training, steps: 0 } } }
    expect(
      columnsFor([byEpochs])
        .same.find(({ id }) => id === 'set.steps')
        ?.value(byEpochs),
    ).toBe(2)
    expect(stepsOf({ ...byEpochs, last: undefined, summary: undefined, memory: undefined })).toBeUndefined()
    expect(adapterBytes(run)).toBe(files.find((f) => f.path === 'adapter_model.safetensors')!.bytes.byteLength)
    const again = await keeping.runs()
    expect(again.runs.map((kept) => kept.series.steps.length)).toEqual([2])

    studio.runs.note(run.id, { name: '  my tone of voice ' })
    expect(studio.runs.find(run.id)?.name).toBe('my tone of voice')
  })

  it('is imported without the parts of its run that cannot be read, and says so', async () => {
    const studio = await readyStudio()
    const run = { path: 'mine/run.json', file: new File(['{"runId": 3}'], 'run.json') }
    await studio.openFiles([...folder, run])
    await until(() => studio.imports.store.getState().error !== undefined)
    expect(studio.imports.store.getState().error).toEqual(saying('run.json is not a record of a run that TabTune can read'))
    const [taken] = studio.runs.store.getState().runs
    expect(taken).toMatchObject({ name: 'mine', status: 'imported', visible: false })
    expect(isTrained(taken!)).toBe(false)
  })

  it('that does not fit says so and leaves nothing behind', async () => {
    const phrase = asWritten(
      'adapter: expected the 7168 values of this method on this model, got others. Use the adapter with the model that it was trained on.',
    )
    const studio = await readyStudio(memoryKeeping(), {
      ...createFakeEngine({ beatMs: 0 }),
      restoreAdapter: async () => ({ ok: false, error: { kind: 'FormatError', phrase } }),
    })
    await studio.openFiles(folder)
    await until(() => studio.imports.store.getState().error !== undefined)
    expect(studio.imports.store.getState()).toMatchObject({ error: saying(sentence(phrase)), taken: [] })
    expect(studio.runs.store.getState().runs).toEqual([])
  })

  it('is evaluated, merged and trained further', async () => {
    const fake = createFakeEngine({ beatMs: 0 })
    const trained: RunConfig[] = []
    const studio = await readyStudio(memoryKeeping(), {
      ...fake,
      train: (runId, run, onEvent) => {
        trained.push(run)
        return fake.train(runId, run, onEvent)
      },
    })
    await studio.openFiles(folder)
    await until(() => studio.imports.store.getState().taken.length === 1)
    const id = studio.imports.store.getState().taken[0] ?? ''
    await studio.evaluate(id)
    expect(studio.runs.find(id)?.evaluated).toEqual({ evalLoss: 1.2, evalPerplexity: Math.exp(1.2), data: 'rows.jsonl' })
    const saved: string[] = []
    await studio.merge(id, 'bf16', (name, file) => saved.push(`${name} ${file.size > 0}`))
    await studio.merge(id, 'gguf-f16', (name) => saved.push(name))
    expect(saved).toEqual(['tiny-mine-bf16.zip true', 'tiny-mine-f16.gguf'])

    expect(await studio.goOn(id)).toBe(true)
    studio.setup.setTrainingValue('steps', 3)
    await studio.openData(dataFile())
    await until(() => missingOf(studio) === undefined)
    await studio.queue.done(studio.start() ?? '')
    expect(trained).toMatchObject([{ method: 'lora', methodSettings: { r: 4, alpha: 32 }, from: id }])
    await studio.remove(id)
    expect(studio.setup.store.getState()).toMatchObject({ from: undefined, drafts: { lora: { r: 8 } } })
  })

  it('reports an impossible merge at the run that it was asked for', async () => {
    const phrase = asWritten('merging: expected a method that changes weights, got Prompt tuning. Keep the adapter beside its base.')
    const studio = await readyStudio(memoryKeeping(), {
      ...createFakeEngine({ beatMs: 0 }),
      merge: async () => ({ ok: false, error: { kind: 'UnsupportedError', phrase } }),
    })
    await studio.openFiles(folder)
    await until(() => studio.imports.store.getState().taken.length === 1)
    const id = studio.imports.store.getState().taken[0] ?? ''
    await studio.merge(id, 'f16', () => expect.unreachable())
    expect(studio.tasks.store.getState().failed).toEqual({ task: { kind: 'merging', runId: id }, reason: phrase })
    expect(studio.activity.getState().holder).toBeUndefined()
  })

  it('is combined with another, with weights, and the new one says what it is made of', async () => {
    const asked: unknown[] = []
    const fake = createFakeEngine({ beatMs: 0 })
    const studio = await readyStudio(memoryKeeping(), {
      ...fake,
      combine: (parts, type) => {
        asked.push(parts, type)
        return fake.combine(parts, type)
      },
    })
    for (let count = 1; count <= 2; count++) {
      await studio.openFiles(folder)
      await until(() => studio.runs.store.getState().runs.filter((r) => r.files).length === count)
    }
    const [a, b] = studio.runs.store.getState().runs
    await studio.combine(
      [
        { runId: a?.id ?? '', weight: 0.75 },
        { runId: b?.id ?? '', weight: -0.5 },
      ],
      'svd',
    )
    expect(asked).toEqual([
      [
        { runId: a?.id, name: 'mine', weight: 0.75 },
        { runId: b?.id, name: 'mine 1', weight: -0.5 },
      ],
      'svd',
    ])
    expect(studio.runs.store.getState().runs[2]).toMatchObject({
      name: 'mine + mine 1',
      status: 'combined',
      combination: {
        type: 'svd',
        parts: [
          { name: 'mine', weight: 0.75 },
          { name: 'mine 1', weight: -0.5 },
        ],
      },
    })
    const id = studio.runs.store.getState().runs[2]?.id ?? ''
    studio.runs.note(id, { name: 'both' })
    expect(studio.runs.find(id)?.name).toBe('both')
  })
})
