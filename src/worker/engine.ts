// The engine behind the worker's interface: holds what is loaded and hands each call to the rooms below.
import { Cancelled, DeviceError, FormatError, ShapeError, errorReport } from '../config/errors'
import type { DataReport, DataOptions, ExamplePreview } from '../config/data-options'
import type { MethodReport, ModelReport } from '../config/model-report'
import { type BaseFormat, type RunConfig, parseRunConfig } from '../config/run-config'
import type { AdapterFiles, MemoryReport, RunSummary } from '../config/run-reports'
import { promptIds } from '../data/encode-sample'
import type { PromptForm } from '../data/prompt-form'
import { dataReport, refuseProblems } from '../data/report'
import { splitRows } from '../data/split'
import { fileSource, tokenizeDataset } from '../data/tokenize-dataset'
import { BlobSource } from '../formats/blob-source'
import { MemorySource } from '../formats/memory-source'
import { openModel } from '../formats/open-model'
import { Gpu } from '../gpu/gpu'
import { loadBase, planBase } from '../models/base-model'
import { methodNamed, methods } from '../peft/registry'
import { release } from '../tensor/program'
import { createTokenizer } from '../tokenizer/create-tokenizer'
import type { TemplateRenderer, TemplateTokens } from '../tokenizer/template-renderer'
import type { Tokenizer } from '../tokenizer/tokenizer'
import { type Adapter, readAdapter, runFiles, weightsBytes, writeAdapter } from '../train/adapter'
import { Answerer, exactMatch } from '../train/answer'
import { methodBase } from '../train/base'
import type { Rows } from '../train/batches'
import { rendererOf } from '../train/chat'
import { type RunRequest, conduct, planRequest, summarise } from '../train/conduct'
import { modelCard } from '../train/model-card'
import { modelReport } from '../train/model-report'
import type { LoadedModel } from '../train/run'
import { Control } from '../train/trainer'
import type { EngineApi, DeviceReport, GenerateReport, GenerateRequest, PickedFile, Progress, Result, TrainEvent } from './api'
import { batchEvents } from './event-batch'

interface Loaded extends LoadedModel {
  tokenizer: Tokenizer | undefined
  renderer: TemplateRenderer | undefined
  report: ModelReport
}

interface LoadedData {
  rows: Rows
  report: DataReport
}

export interface EngineOptions {
  gpu: GPU | undefined
  renderer: (template: string, tokens: TemplateTokens) => TemplateRenderer
}

/** Turns what a call throws into a Result. */
async function guarded<T>(call: () => Promise<T>): Promise<Result<T>> {
  try {
    return { ok: true, value: await call() }
  } catch (error) {
    return { ok: false, error: errorReport(error) }
  }
}

export class Engine implements EngineApi {
  private opened: Promise<Gpu> | undefined
  private model: Loaded | undefined
  private data: LoadedData | undefined
  private control: Control | undefined
  private aborting: AbortController | undefined
  private readonly adapters = new Map<string, { adapter: Adapter; files: AdapterFiles }>()
  private answerer: { key: string; answerer: Answerer } | undefined
  private loads = 0

  constructor(private readonly options: EngineOptions) {}

  /** The device; opened again after a loss, when what lay on it is gone. */
  private async gpu(): Promise<Gpu> {
    const gpu = await (this.opened ??= Gpu.open(this.options.gpu))
    if (!gpu.failure) return gpu
    this.opened = this.model = this.data = this.answerer = undefined
    throw gpu.failure
  }

  private needModel(): Loaded {
    if (!this.model) throw new FormatError('model: expected a loaded model, got none. Choose a model first.')
    return this.model
  }

  private needData(): LoadedData {
    if (!this.data) throw new FormatError('data: expected a loaded dataset, got none. Choose a dataset first.')
    return this.data
  }

  private needTokenizer(): Tokenizer {
    const { tokenizer, file } = this.needModel()
    if (!tokenizer)
      throw new FormatError(
        `${file.name}: expected a tokenizer, got none. Choose a folder with tokenizer.json, or a GGUF file with its vocabulary.`,
      )
    return tokenizer
  }

  private idle(): void {
    if (this.control) throw new DeviceError('run: expected no run under way, got one. Stop it first, or wait for its end.')
  }

  private dropAnswerer(): void {
    this.answerer?.answerer.release()
    this.answerer = undefined
  }

  private async abortable<T>(call: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController()
    this.aborting = controller
    try {
      return await call(controller.signal)
    } finally {
      if (this.aborting === controller) this.aborting = undefined
    }
  }

  device(): Promise<Result<DeviceReport>> {
    return guarded(async () => {
      const gpu = await this.gpu()
      const { limits, features } = gpu.device
      return {
        name: gpu.name,
        software: gpu.software,
        features: [...features].sort(),
        maxBufferBytes: limits.maxBufferSize,
        maxBindingBytes: limits.maxStorageBufferBindingSize,
      }
    })
  }

  methods(): Promise<Result<MethodReport[]>> {
    return guarded(async () =>
      methods.map(({ name, label, summary, paper, fields, training, bases, gguf, unavailable }) => ({
        name,
        label,
        summary,
        paper,
        fields: [...fields],
        training,
        bases: [...bases],
        exports: gguf ? ['gguf'] : [],
        unavailable: this.model && unavailable?.(this.model.base),
      })),
    )
  }

  loadModel(files: PickedFile[], base: BaseFormat, onProgress: (p: Progress) => void): Promise<Result<ModelReport>> {
    return guarded(() =>
      this.abortable(async (signal) => {
        this.idle()
        onProgress({ phase: 'reading' })
        const file = await openModel(files.map((f) => new BlobSource(f.path, f.file)))
        const gpu = await this.gpu()
        const plan = planBase(file, base, gpu.profile.maxBindingBytes)
        const tokenizer = file.tokenizer ? createTokenizer(file.tokenizer, file.config.vocab, file.special) : undefined
        const phase = base === 'nf4' || base === 'nf4-dq' ? 'quantising' : 'uploading'
        await loadBase(gpu, plan, (fraction) => onProgress({ phase, fraction }), signal)
        this.dropModel(gpu)
        const renderer = tokenizer && rendererOf(file, tokenizer, this.options.renderer)
        const report = modelReport(file, plan, `model-${++this.loads}`, tokenizer)
        this.model = { file, plan, base: methodBase(plan, tokenizer), tokenizer, renderer, report }
        return report
      }),
    )
  }

  private dropModel(gpu: Gpu): void {
    this.dropAnswerer()
    if (this.model) release(gpu, this.model.plan.slots)
    this.model?.renderer?.close()
    this.model = this.data = undefined
    this.adapters.clear()
  }

  loadData(
    file: PickedFile,
    evalFile: PickedFile | undefined,
    options: DataOptions,
    onProgress: (p: Progress) => void,
  ): Promise<Result<DataReport>> {
    return guarded(() =>
      this.abortable(async (signal) => {
        this.idle()
        const { renderer, file: model } = this.needModel()
        const tokenizer = this.needTokenizer()
        const bounded = { ...options, maxLength: Math.min(options.maxLength, model.config.context) }
        const read = (picked: PickedFile, form?: PromptForm) =>
          tokenizeDataset(fileSource(picked.file), tokenizer, renderer, bounded, {
            signal,
            form,
            onProgress: (p) => onProgress({ phase: 'tokenising', fraction: p.fraction, detail: `${p.rows}` }),
          })
        const dataset = await read(file)
        const evalDataset = evalFile && (await read(evalFile, dataset.encoder.form))
        refuseProblems(dataset, options)
        const all = (count: number) => Int32Array.from({ length: count }, (_, i) => i)
        const split = evalDataset
          ? { train: all(dataset.rows), eval: new Int32Array(0) }
          : splitRows(dataset.rows, options.holdOut, options.seed)
        const report = dataReport(`data-${++this.loads}`, dataset, split, evalDataset)
        this.data = {
          rows: {
            dataset,
            train: split.train,
            evalDataset: evalDataset ?? dataset,
            eval: evalDataset ? all(evalDataset.rows) : split.eval,
          },
          report,
        }
        return report
      }),
    )
  }

  preview(from: number, count: number): Promise<Result<ExamplePreview[]>> {
    return guarded(async () => {
      const { dataset } = this.needData().rows
      const rows = Math.max(0, Math.min(count, dataset.rows - from))
      return Array.from({ length: rows }, (_, i) => dataset.preview(from + i))
    })
  }

  private request(config: RunConfig): RunRequest {
    const checked = parseRunConfig(config, (name) => methodNamed(name).fields)
    return {
      model: this.needModel(),
      method: methodNamed(checked.method),
      settings: checked.methodSettings,
      training: checked.training,
      rows: this.needData().rows,
    }
  }

  estimate(config: RunConfig): Promise<Result<MemoryReport>> {
    return guarded(async () => (await planRequest((await this.gpu()).profile, this.request(config))).run.memory)
  }

  train(runId: string, config: RunConfig, onEvent: (events: TrainEvent[]) => void): Promise<Result<RunSummary>> {
    return guarded(async () => {
      this.idle()
      const control = (this.control = new Control())
      const events = batchEvents(onEvent)
      try {
        const gpu = await this.gpu()
        const request = this.request(config)
        this.dropAnswerer()
        events.add({ type: 'status', status: 'preparing' })
        const done = await conduct(gpu, request, control, {
          onPhase: (phase, fraction) => {
            if (phase === 'training' && fraction === undefined) events.add({ type: 'status', status: 'training' })
            events.add({ type: 'progress', progress: { phase, fraction } })
          },
          onStep: (metrics) => events.add({ type: 'step', metrics }),
          onEval: (metrics) => events.add({ type: 'eval', metrics }),
          onPaused: (paused) => events.add({ type: 'status', status: paused ? 'paused' : 'training' }),
        })
        const plain = await writeAdapter(done.adapter, request.model.base)
        this.adapters.set(runId, { adapter: done.adapter, files: { files: plain } })
        const bytes = weightsBytes(done.adapter, plain)
        const summary = summarise(runId, request, done, bytes)
        const metrics = [...done.steps, ...done.evals].sort((a, b) => a.step - b.step).map((m) => JSON.stringify(m))
        const extra = {
          card: modelCard(summary, request.method),
          run: `${JSON.stringify(summary, null, 2)}\n`,
          metrics: `${metrics.join('\n')}\n`,
        }
        this.adapters.set(runId, { adapter: done.adapter, files: { files: [...plain, ...runFiles(extra)] } })
        events.add({ type: 'status', status: summary.status })
        return summary
      } catch (error) {
        events.add({ type: 'status', status: 'failed' })
        throw error
      } finally {
        events.flush()
        this.control = undefined
      }
    })
  }

  async pause(): Promise<void> {
    this.control?.pause()
  }

  async resume(): Promise<void> {
    this.control?.resume()
  }

  async stop(): Promise<void> {
    this.control?.stop()
  }

  async cancel(): Promise<void> {
    this.aborting?.abort(new Cancelled())
  }

  private needAdapter(runId: string): { adapter: Adapter; files: AdapterFiles } {
    const found = this.adapters.get(runId)
    if (!found)
      throw new FormatError(`adapter: expected ${runId} to be loaded, got nothing by that name. Load its base model and choose it again.`)
    return found
  }

  adapterFiles(runId: string): Promise<Result<AdapterFiles>> {
    return guarded(async () => this.needAdapter(runId).files)
  }

  restoreAdapter(runId: string, files: AdapterFiles): Promise<Result<null>> {
    return guarded(async () => {
      const adapter = await readAdapter(
        files.files.map((f) => new MemorySource(f.path, f.bytes)),
        this.needModel().base,
      )
      this.adapters.set(runId, { adapter, files })
      return null
    })
  }

  async forgetAdapter(runId: string): Promise<void> {
    this.adapters.delete(runId)
    if (this.answerer?.key === runId) this.dropAnswerer()
  }

  private async answererFor(runId: string | undefined): Promise<Answerer> {
    this.idle()
    const key = runId ?? ''
    if (this.answerer?.key === key) return this.answerer.answerer
    const adapter = runId === undefined ? undefined : this.needAdapter(runId).adapter
    this.dropAnswerer()
    const answerer = new Answerer(await this.gpu(), this.needModel(), adapter)
    this.answerer = { key, answerer }
    return answerer
  }

  generate(request: GenerateRequest, onText: (text: string) => void): Promise<Result<GenerateReport>> {
    return guarded(() =>
      this.abortable(async (signal) => {
        const answerer = await this.answererFor(request.runId)
        const tokenizer = this.needTokenizer()
        const ids =
          request.asPrompt && this.data
            ? await promptIds(request.prompt, this.data.rows.dataset.encoder)
            : tokenizer.encode(request.prompt, { addSpecial: true })
        if (!ids.length) throw new ShapeError('prompt: expected some text, got none. Write a prompt.')
        const started = performance.now()
        let told = 0
        const result = await answerer.answer(
          ids,
          tokenizer,
          { maxTokens: request.maxTokens, temperature: request.temperature, seed: request.seed, signal },
          (text) => {
            if (performance.now() - told < 50) return
            told = performance.now()
            onText(text)
          },
        )
        onText(result.text)
        return {
          text: result.text,
          tokens: result.tokens,
          tokensPerSecond: (result.tokens / Math.max(1, performance.now() - started)) * 1000,
          complete: result.complete,
        }
      }),
    )
  }

  exactMatch(runId: string | undefined, rows: number, onProgress: (p: Progress) => void): ReturnType<EngineApi['exactMatch']> {
    return guarded(() =>
      this.abortable(async (signal) => {
        const answerer = await this.answererFor(runId)
        const { rows: all } = this.needData()
        return exactMatch(
          answerer,
          all.evalDataset,
          all.eval.subarray(0, rows),
          this.needTokenizer(),
          (fraction) => onProgress({ phase: 'evaluating', fraction }),
          signal,
        )
      }),
    )
  }
}
