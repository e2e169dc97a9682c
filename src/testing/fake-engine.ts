// An engine of timers and synthetic numbers behind the worker's interface, so that stores and page can be built and tested without a GPU. Used by
// tests and by `?fake` of the development server; never in a release.
import type { Settings } from '../config/field'
import { identityIn, parseTrainedOn } from '../config/identity'
import { asWritten } from '../config/phrase'
import { mapRows } from '../data/map-rows'
import { fileSource } from '../data/data-source'
import { type BaseFormat, type RunConfig, defaultTraining } from '../config/run-config'
import { everyMethod, methodNamed, methodOfConfig } from '../peft/registry'
import type {
  AdapterFiles,
  DeviceReport,
  EngineApi,
  ExamplePreview,
  ModelReport,
  PickedFile,
  Progress,
  Result,
  RunSummary,
} from '../worker/api'
import { checksumOf } from '../storage/checksum'
import { evaluationOf } from '../train/evaluation'
import { type Loaded, fakeMap, loadRows, tokensOf } from './fake-data'
import { fakeMethods } from './fake-methods'
import { fakeAdvice, memoryReport } from './fake-advice'
import { FakeKept } from './fake-kept'
import { FakeRun } from './fake-run'
import { madeReport } from './made-bench'

interface FakeOptions {
  /** Milliseconds between two beats: a chunk of a file, a training step, a word. */
  beatMs: number
  /** What is kept of runs; absent = nothing from before. */
  kept?: FakeKept
  /** No adapter: `device` says so. */
  withoutAdapter?: boolean
}

function ok<T>(value: T): Result<T> {
  return { ok: true, value }
}
function failed(kind: 'FormatError' | 'DeviceError' | 'Cancelled' | 'Error', message: string): Extract<Result<never>, { ok: false }> {
  return { ok: false, error: { kind, phrase: asWritten(message) } }
}
async function modelReport(files: PickedFile[], base: BaseFormat): Promise<ModelReport> {
  const gguf = files.find((f) => f.path.endsWith('.gguf'))
  const fileBytes = files.reduce((sum, f) => sum + f.file.size, 0)
  const parts = (files[0]?.path ?? 'model').split('/')
  const fingerprint = await checksumOf(files.map((f) => [f.path.split('/').pop(), f.file.size]))
  return {
    id: crypto.randomUUID(),
    name: gguf ? (gguf.path.split('/').pop() ?? '').replace('.gguf', '') : (parts[parts.length - 2] ?? parts[0] ?? 'model'),
    fingerprint,
    lineage: fingerprint,
    container: gguf ? 'gguf' : 'safetensors',
    family: 'llama',
    parameters: 656_000,
    layers: 2,
    hidden: 128,
    heads: 8,
    kvHeads: 4,
    vocab: 2048,
    context: 512,
    tied: true,
    licence: 'apache-2.0',
    formats: gguf
      ? [
          { format: 'Q5_0', tensors: 10, bytes: 310_000 },
          { format: 'Q8_0', tensors: 5, bytes: 280_000 },
          { format: 'F32', tensors: 5, bytes: 2560 },
        ]
      : [{ format: 'F32', tensors: 21, bytes: 2_624_000 }],
    base,
    gpuBytes: base === 'native' ? 2_624_000 : base.startsWith('nf4') ? 380_000 : 1_312_000,
    fileBytes,
    tokenizer: 'BPE, 2048 tokens',
    chatTemplate: undefined,
    asked: { form: 'raw' },
    linearModules: ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'],
  }
}

function adapterOf(config: RunConfig): AdapterFiles {
  const text = (value: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(value)
  const files = [
    {
      path: 'adapter_config.json',
      bytes: text(JSON.stringify({ peft_type: methodNamed(config.method).peftType, ...config.methodSettings }, null, 2)),
    },
    { path: 'adapter_model.safetensors', bytes: new Uint8Array(40_000) },
    { path: 'tabtune.json', bytes: text(JSON.stringify({ method: config.method })) },
    { path: 'README.md', bytes: text('# Adapter of the fake engine\n') },
  ]
  if (methodNamed(config.method).exports?.includes('gguf')) files.push({ path: 'adapter.gguf', bytes: new Uint8Array(42_000) })
  return { files }
}

/** A token is a character. */
const fakeAnswer = (text: string) => {
  const characters = [...text]
  return {
    text,
    complete: true,
    pieces: { lengths: characters.map((c) => c.length), probabilities: characters.map((_, i) => 1 / (i + 1)) },
  }
}

const words = 'inform name genre price request rating recommend give_opinion platforms player_perspective'.split(' ')

export function createFakeEngine(options: FakeOptions): EngineApi {
  let model: ModelReport | undefined
  let data: Loaded | undefined
  let cancelled = false
  let run: FakeRun | undefined
  const kept = options.kept ?? new FakeKept()
  const adapters = new Map<string, AdapterFiles>()
  const beat = (times = 1): Promise<void> => new Promise((resolve) => setTimeout(resolve, options.beatMs * times))

  /** The error for a run that starts from an adapter that the engine does not hold. */
  const unheldIn = ({ from }: RunConfig) =>
    from === undefined || adapters.has(from) ? undefined : failed('FormatError', `The adapter of run ${from} is not loaded.`)

  const estimate: EngineApi['estimate'] = async (config) => {
    const unheld = unheldIn(config)
    if (unheld) return unheld
    if (!model || !data) return failed('FormatError', 'estimate: expected a model and data, got none. Load both first.')
    const { name, trainRows } = data.report(config.training.maxLength)
    if (trainRows === 0) return failed('FormatError', `${name}: expected at least one row to train on, got none. Raise the maximum length.`)
    return ok(memoryReport(config, trainRows, model))
  }

  async function walk(phases: Progress['phase'][], onProgress: (p: Progress) => void): Promise<boolean> {
    cancelled = false
    for (const phase of phases)
      for (let i = 0; i <= 8; i++) {
        onProgress({ phase, fraction: i / 8 })
        await beat()
        if (cancelled) return false
      }
    return true
  }

  return {
    watch: () => new Promise(() => undefined),
    nearWords: async () => failed('FormatError', 'The engine of tests learns no context.'),
    pictureInEpochs: async () => failed('FormatError', 'The engine of tests sees no pictures.'),
    pictureAttention: async () => failed('FormatError', 'The engine of tests sees no pictures.'),
    sortPictures: async () => failed('FormatError', 'The engine of tests sees no pictures.'),
    async device() {
      await beat()
      if (options.withoutAdapter)
        return failed(
          'DeviceError',
          'device: expected a WebGPU adapter, got none. Turn on hardware acceleration in the browser settings and reload the page.',
        )
      const report: DeviceReport = {
        name: 'Fake adapter (development)',
        software: true,
        maxBufferBytes: 2 ** 30,
        maxBindingBytes: 2 ** 27,
      }
      return ok(report)
    },
    methods: async () => ok(fakeMethods(model)),
    methodFields: async () => ok(everyMethod.flatMap(({ fields }) => fields)),
    async loadModel(files, base, onProgress) {
      const core = files.some((f) => /\.(gguf|safetensors)$/.test(f.path))
      if (!core)
        return failed(
          'FormatError',
          'model: expected a .gguf file or a folder with config.json and .safetensors files, got neither. Drop the whole model folder.',
        )
      if (!(await walk(['reading', base.startsWith('nf4') ? 'quantising' : 'uploading'], onProgress)))
        return failed('Cancelled', 'Stopped as asked.')
      model = await modelReport(files, base)
      data = undefined
      return ok(model)
    },
    async loadData(file, evalFile, dataOptions, maxLength, onProgress) {
      if (!model) return failed('FormatError', 'data: expected a loaded model, got none. Load a model first.')
      if (!(await walk(['tokenising'], onProgress))) return failed('Cancelled', 'Stopped as asked.')
      const loaded = loadRows(file.path.split('/').pop() ?? '', await file.file.text(), dataOptions, evalFile !== undefined)
      const report = loaded.report(maxLength)
      if (loaded.rows(Infinity).length === 0)
        return failed(
          'FormatError',
          `${report.name}: expected at least one row, got none. Check that the file is JSONL with one object on each line.`,
        )
      data = loaded
      return ok(report)
    },
    async cutData(maxLength) {
      return data ? ok(data.report(maxLength)) : failed('FormatError', 'data: expected a loaded dataset, got none. Choose a dataset first.')
    },
    async mapRows(file, dataOptions) {
      return ok(await mapRows(fileSource(file.file), dataOptions))
    },
    async preview(from, count, maxLength) {
      const found = (data?.rows(maxLength) ?? []).slice(from, from + count).map((row, i): ExamplePreview => ({
        row: from + i,
        tokens: [
          ...tokensOf(row.prompt).map((text, id) => ({ id, text, role: 'context' as const })),
          ...tokensOf(` ${row.completion}`).map((text, id) => ({
            id,
            text,
            role: tokensOf(row.prompt).length + id < maxLength ? ('trained' as const) : ('cut' as const),
          })),
        ],
      }))
      return ok(found)
    },
    estimate,
    ...fakeAdvice(estimate, () => walk(['training'], () => undefined)),
    ...kept.api,
    async train(runId, config, onEvent, keeping) {
      if (!model || !data) return failed('FormatError', 'train: expected a model and data, got none. Load both first.')
      const report = data.report(config.training.maxLength)
      const memory = memoryReport(config, report.trainRows, model)
      onEvent([
        { type: 'status', status: 'preparing' },
        { type: 'progress', progress: { phase: 'compiling', fraction: 0.5 } },
      ])
      const resume = keeping?.resume ? kept.need(runId) : undefined
      if (resume && !resume.ok) return resume
      const unheld = resume ? undefined : unheldIn(config)
      if (unheld) return unheld
      const now = new FakeRun({
        config,
        steps: memory.steps,
        evalRows: report.evalRows,
        beat,
        send: onEvent,
        keepEvery: 4,
        keep: (snapshot) => !kept.full && kept.snapshots.set(runId, snapshot) !== undefined,
        resume: resume?.value,
      })
      run = now
      await beat(4)
      await now.run()
      run = undefined
      if (now.control.left) return failed('Cancelled', 'Stopped as asked.')
      const { done, evals } = now
      adapters.set(runId, adapterOf(config))
      const summary: RunSummary = {
        runId,
        status: now.status,
        config,
        model: { name: model.name, family: model.family, base: model.base, ...identityIn(model) },
        data: { name: report.name, rows: report.trainRows, rowsFingerprint: `of ${report.name}` },
        memory,
        peakGpuBytes: memory.totalBytes,
        ...now.figures,
        firstEval: evals[0],
        finalEval: evals.findLast((e) => e.step === done.length),
        bestEval: evals[evals.length - 1],
        elapsedMs: done[done.length - 1]?.elapsedMs ?? 0,
        adapterBytes: memory.adapterFileBytes,
      }
      return ok(summary)
    },
    async pause() {
      run?.control.pause()
    },
    async resume() {
      run?.control.resume()
    },
    async stop() {
      run?.control.stop()
    },
    async leave() {
      run?.control.leave()
    },
    async skipEvaluation() {
      run?.control.skip()
    },
    async cancel() {
      cancelled = true
    },
    async adapterFiles(runId, kind) {
      const files = kind === 'best' && !kept.snapshots.has(runId) ? undefined : adapters.get(runId)
      return files ? ok(files) : failed('Error', `adapter: expected one of run ${runId}, got none. Train it again.`)
    },
    async adapterOfSnapshot(runId) {
      const found = kept.need(runId)
      return found.ok
        ? ok({ ...adapterOf({ method: 'lora', methodSettings: {}, training: defaultTraining() }), step: found.value.done.length })
        : found
    },
    async restoreAdapter(runId, files) {
      const config = files.files.find((f) => f.path === 'adapter_config.json')
      if (!model || !config)
        return failed(
          'FormatError',
          'adapter: expected a folder with adapter_config.json for a loaded model, got none. Choose an adapter of this model.',
        )
      const read = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes)) as Settings
      const { peft_type, ...settings } = read(config.bytes)
      const own = files.files.find((f) => f.path === 'tabtune.json')
      adapters.set(runId, files)
      const trainedOn = own && parseTrainedOn('tabtune.json', (read(own.bytes) as Record<string, unknown>).base)
      return ok({ method: own ? String(read(own.bytes).method) : methodOfConfig({ peft_type }).name, settings, trainedOn })
    },
    async forgetAdapter(runId) {
      adapters.delete(runId)
    },
    heldOutRow: async (at) =>
      ok(data?.rows(Infinity).map(({ prompt, completion }, i) => ({ at: i, line: i + 1, prompt, expected: completion }))[at]),
    async promptLengths({ prompt, earlier, runIds, asPrompt }) {
      const count = (text: string): number => tokensOf(text).length
      const before = (at: number): number => (earlier?.[at] ?? []).reduce((sum, turn) => sum + count(turn.prompt) + count(turn.answer), 0)
      return ok(runIds.map((_, at) => ({ tokens: count(prompt) + before(at), most: 511, asked: { form: asPrompt ? 'template' : 'raw' } })))
    },
    async generate(request, onText) {
      if (!model) return failed('FormatError', 'generate: expected a loaded model, got none. Load a model first.')
      const { runIds, prompt } = request
      if (runIds.some((runId) => runId !== undefined && !adapters.has(runId)))
        return failed('Error', 'generate: expected an adapter of this run, got none. Put it back first.')
      cancelled = false
      const texts = runIds.map(() => '')
      const count = Math.min(request.maxTokens, 30)
      const word = (runId: string | undefined, i: number) => {
        if (runId === undefined) return ` ${prompt.split(' ')[i % 5] ?? 'the'}`
        return i === 0 ? 'inform(' : `${words[i % words.length]}[${i}], `
      }
      for (let i = 0; i < count && !cancelled; i++) {
        await beat()
        runIds.forEach((runId, at) => onText((texts[at] += word(runId, i)), at))
      }
      if (cancelled) return failed('Cancelled', 'Stopped as asked.')
      return ok(
        texts.map((text) => ({
          text,
          tokens: count,
          tokensPerSecond: 41.5,
          promptTokens: tokensOf(prompt).length,
          cachedTokens: 0,
          complete: true,
          asked: { form: request.asPrompt ? ('template' as const) : ('raw' as const) },
        })),
      )
    },
    async evaluate(runId, _training, onProgress) {
      if (!(await walk(['evaluating'], onProgress))) return failed('Cancelled', 'Stopped as asked.')
      return ok(evaluationOf(runId === undefined ? 4.7 : 1.2))
    },
    async evaluateFile(runId, { file }, _options, _training, onProgress) {
      if (!(await walk(['evaluating'], onProgress))) return failed('Cancelled', 'Stopped as asked.')
      const rows = (await file.text()).split('\n').filter(Boolean).length
      return ok({ evaluation: evaluationOf(runId === undefined ? 4.7 : 1.2), rows })
    },
    async rowMap({ file }, _options, _maxLength, onProgress) {
      if (!(await walk(['mapping'], onProgress))) return failed('Cancelled', 'Stopped as asked.')
      return ok(fakeMap(await file.text()))
    },
    async combine(parts) {
      const first = adapters.get(parts[0]?.runId ?? '')
      return first && parts.every((p) => adapters.has(p.runId))
        ? ok(first)
        : failed('Error', 'combining: expected adapters of these runs, got none. Put them back first.')
    },
    async merge(runId, form, name, onProgress) {
      if (!adapters.has(runId)) return failed('Error', 'merging: expected an adapter of this run, got none. Put it back first.')
      if (!(await walk(['merging'], onProgress))) return failed('Cancelled', 'Stopped as asked.')
      return ok(new Blob([`${name} as ${form}`]))
    },
    async exportAdapter(runId, target, dtype) {
      const files = adapters.get(runId)
      if (!files) return failed('Error', 'export: expected an adapter of this run, got none. Put it back first.')
      return ok({ files: [{ path: 'for.txt', bytes: new TextEncoder().encode(`${target} ${dtype}`) }] })
    },
    async exportRun({ method }, about) {
      return ok(new Blob([JSON.stringify({ method, ...about })]))
    },
    async bench(choice, onUpdate) {
      cancelled = false
      const report = { ...madeReport, adapter: 'fake adapter', machine: choice.machine }
      for (let i = 0; i < 5 && !cancelled; i++) {
        onUpdate({ what: 'copy', fraction: i / 5, report })
        await beat()
      }
      return cancelled ? failed('Cancelled', 'Stopped as asked.') : ok(report)
    },
    async answerRows(request, onAnswered) {
      cancelled = false
      const rows = (data?.rows(request.maxLength) ?? []).slice(0, request.rows)
      for (const [i, { prompt, completion }] of rows.entries()) {
        await beat()
        if (cancelled) return failed('Cancelled', 'Stopped as asked.')
        const answers = request.runIds.map((runId) => fakeAnswer(runId === undefined || i % 3 === 0 ? 'number' : completion))
        onAnswered([{ line: i + 1, prompt, expected: completion, answers }], { done: i + 1, all: rows.length })
      }
      return ok(undefined)
    },
    async exactMatch(runId, rows, _maxLength, onProgress) {
      if (!(await walk(['generating'], onProgress))) return failed('Cancelled', 'Stopped as asked.')
      return ok({ matched: runId === undefined ? 0 : Math.round(rows * 0.9), rows })
    },
  }
}
