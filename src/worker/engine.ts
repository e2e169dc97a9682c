// The engine behind the worker's interface: holds what is loaded and hands each call to the rooms below.
import type { BenchChoice, BenchReport, BenchUpdate } from '../config/bench-report'
import { FormatError } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import type { DataReport, DataOptions, ExamplePreview, MappedRows } from '../config/data-options'
import type { RowMap } from '../config/row-map'
import type { MethodReport, ModelReport } from '../config/model-report'
import { type BaseFormat, type RunConfig, type TrainingSettings } from '../config/run-config'
import type {
  AdapterFiles,
  AdapterReport,
  Combination,
  Evaluation,
  MemoryReport,
  MergeForm,
  RunSummary,
  WayToFit,
} from '../config/run-reports'
import { mapRows } from '../data/map-rows'
import { fileSource } from '../data/data-source'
import type { Gpu } from '../gpu/gpu'
import { methodReport } from '../peft/method-report'
import { methods } from '../peft/registry'
import { release } from '../tensor/program'
import type { Adapter } from '../peft/method'
import type { Answerer } from '../decode/answer'
import { rowsAtOnce } from '../decode/answer-rows'
import { questionOf } from '../decode/asking'
import { runBench } from '../measure/run-bench'
import { type Planner, fitRequest } from '../train/fit-run'
import type { RateSweep } from '../config/rate-sweep'
import type { RunMeasure } from '../config/run-measure'
import { measureRun } from '../train/measure-run'
import { sweepRates } from '../train/rate-sweep'
import { waysToFit } from '../train/ways-to-fit'
import type { RunRequest } from '../train/run-request'
import { type LoadedModel, moveModel } from '../peft/loaded-model'
import { modelReport } from '../peft/model-report'
import type { Folder } from '../storage/folder'
import type { AdapterKind } from '../storage/run-store'
import type { MakeRenderer } from '../tokenizer/model-renderer'
import { type TuningStore, tuneOnce } from '../measure/tune'
import type {
  AnswersRequest,
  BesideRun,
  KnownRecord,
  CombinedPart,
  EngineApi,
  DeviceNews,
  DeviceReport,
  GenerateReport,
  GenerateRequest,
  PickedFile,
  Progress,
  Result,
  RunKeeping,
  SnapshotReport,
  TrainEvent,
} from './api'
import { answerSample } from './asked-rows'
import { batchEvents } from './event-batch'
import { guarded, seldom, seldomTold } from './guarded'
import { HeldAdapters } from './held-adapters'
import { HeldAnswerer, type RunIds } from './held-answerer'
import { HeldDevice, deviceReport } from './held-device'
import { KeptRuns } from './kept-runs'
import { type LoadedData, loadData, loadFiles, refuseReplaced } from './loaded'
import { evaluated, evaluatedFile, mapped, matched } from './measured'
import { mergedFile } from './merged-file'
import { type ReadFiles, readHere } from './reading'
import { requestOf } from './request'
import { Steered } from './steered'
import { trainKept } from './train-kept'

interface EngineOptions {
  gpu: GPU | undefined
  /** Storage for the tuning of devices. */
  tunings: TuningStore
  /** The folder at a path where files are kept. */
  folders: (...path: readonly string[]) => Promise<Folder>
  renderer: MakeRenderer
  /** Where datasets are read; absent = in this thread. */
  read?: ReadFiles
}

export class Engine extends Steered implements EngineApi {
  private readonly held: HeldDevice
  private readonly watchers = new Set<(news: DeviceNews) => void>()
  private model: LoadedModel | undefined
  /** Why the last model was dropped, if not by the person. */
  private dropped: Phrase | undefined
  private data: LoadedData | undefined
  private readonly adapters = new HeldAdapters()
  private readonly kept: KeptRuns
  private readonly answerer = new HeldAnswerer()
  private loads = 0

  constructor(private readonly options: EngineOptions) {
    super()
    this.kept = new KeptRuns(options.folders)
    this.held = new HeldDevice({
      gpu: options.gpu,
      restore: (gpu) => this.restore(gpu),
      drop: (reason) => {
        this.dropModel()
        this.dropped = reason
      },
      tell: (news) => this.watchers.forEach((watcher) => watcher(news)),
    })
  }

  watch(onNews: (news: DeviceNews) => void): Promise<void> {
    this.watchers.add(onNews)
    return new Promise(() => undefined)
  }

  /** Puts the model on a new device after a loss. */
  private async restore(gpu: Gpu): Promise<void> {
    this.answerer.drop()
    if (!this.model) return
    this.model = await moveModel(gpu, this.model)
  }

  /** Sets kernels as tuned for the device. */
  private tune(gpu: Gpu, signal: AbortSignal, onProgress: (p: Progress) => void): Promise<void> {
    return tuneOnce(gpu, this.options.tunings, { signal, onUpdate: (fraction) => onProgress({ phase: 'tuning', fraction }) })
  }

  private needModel(): LoadedModel {
    if (!this.model) throw new FormatError(this.dropped ?? say`No model is loaded. Choose a model first.`)
    return this.model
  }

  private needData(): LoadedData {
    if (!this.data) throw new FormatError(say`No dataset is loaded. Choose a dataset first.`)
    return this.data
  }

  /** A call that uses the device and that `cancel` ends. It starts again if the device is lost. */
  private onDevice<T>(work: (gpu: Gpu, signal: AbortSignal) => Promise<T>, onProgress?: (p: Progress) => void): Promise<Result<T>> {
    return guarded(() =>
      this.abortable((signal) => {
        this.idle()
        const onLost = (): void => onProgress?.({ phase: 'recovering' })
        return this.held.surviving((gpu) => work(gpu, signal), { signal, onLost })
      }, true),
    )
  }

  device(): Promise<Result<DeviceReport>> {
    return guarded(async () => deviceReport(await this.held.get()))
  }

  methods(): Promise<Result<MethodReport[]>> {
    return guarded(async () => methods.map((method) => methodReport(method, this.model?.base)))
  }

  loadModel(files: PickedFile[], base: BaseFormat, onProgress: (p: Progress) => void): Promise<Result<ModelReport>> {
    return this.onDevice(async (gpu, signal) => {
      const openGpu = async () => {
        await this.tune(gpu, signal, onProgress)
        return gpu
      }
      const model = await loadFiles(openGpu, files, base, this.options.renderer, { signal, onProgress })
      // Nothing may use the weights of the model before any more.
      await this.endOthers(signal, () => (release(gpu, model.plan.slots), model.renderer?.close()))
      // On a device that was lost meanwhile, the model is not loaded.
      gpu.check()
      if (this.model) release(gpu, this.model.plan.slots)
      this.dropModel()
      this.model = model
      return modelReport(model, `model-${++this.loads}`)
    }, onProgress)
  }

  private dropModel(): void {
    this.answerer.drop()
    this.model?.renderer?.close()
    this.model = this.data = this.dropped = undefined
    this.adapters.clear()
  }

  loadData(
    file: PickedFile,
    evalFile: PickedFile | undefined,
    options: DataOptions,
    maxLength: number,
    onProgress: (p: Progress) => void,
  ): Promise<Result<DataReport>> {
    return guarded(() =>
      this.abortable(async (signal) => {
        this.idle()
        const watch = { signal, onProgress, read: this.options.read ?? readHere }
        const model = this.needModel()
        const data = await loadData(model, file, evalFile, options, `data-${++this.loads}`, watch)
        refuseReplaced(file, model, this.model)
        this.data = data
        return data.report(maxLength)
      }, false),
    )
  }

  cutData(maxLength: number): Promise<Result<DataReport>> {
    return guarded(async () => this.needData().report(maxLength))
  }

  mapRows(file: PickedFile, options: Pick<DataOptions, 'format' | 'columns' | 'read'>): Promise<Result<MappedRows>> {
    return guarded(() => mapRows(fileSource(file.file), options))
  }

  preview(from: number, count: number, maxLength: number): Promise<Result<ExamplePreview[]>> {
    return guarded(async () => {
      const { dataset, cut } = this.needData()
      return Array.from(cut(maxLength).cut.rows.subarray(from, from + count), (row) => dataset.preview(row, maxLength))
    })
  }

  private readonly request = async (config: RunConfig): Promise<RunRequest> =>
    requestOf(config, this.needModel(), this.needData(), this.adapters)

  /** What `config` is planned with. While a run trains, the device is not asked how much memory it gives. */
  private async planning(config: RunConfig): Promise<[Planner, RunRequest]> {
    return [await this.held.planner(!this.control), await this.request(config)]
  }

  estimate(config: RunConfig): Promise<Result<MemoryReport>> {
    return guarded(async () => (await fitRequest(...(await this.planning(config)))).memory)
  }

  waysToFit(config: RunConfig, refused?: boolean): Promise<Result<WayToFit[]>> {
    return guarded(async () => waysToFit(...(await this.planning(config)), refused))
  }

  /** A measurement that has the device alone and that `cancel` ends. */
  private measuring<T>(work: (gpu: Gpu, signal: AbortSignal) => Promise<T>): Promise<Result<T>> {
    return guarded(() =>
      this.abortableAlone(async (signal) => {
        this.answerer.drop()
        return work(await this.held.get(signal), signal)
      }),
    )
  }

  rateSweep(config: RunConfig, onUpdate: (sweep: RateSweep) => void): Promise<Result<RateSweep>> {
    const told = { onUpdate: seldomTold(onUpdate) }
    return this.measuring(async (gpu, signal) => sweepRates(gpu, await this.request(config), { signal, ...told }))
  }

  measureRun(config: RunConfig, sizes: boolean, onUpdate: (measure: RunMeasure) => void): Promise<Result<RunMeasure>> {
    return this.measuring(async (gpu, signal) => measureRun(gpu, await this.request(config), { sizes, signal, onUpdate }))
  }

  train(runId: string, config: RunConfig, onEvent: (events: TrainEvent[]) => void, keeping?: RunKeeping): Promise<Result<RunSummary>> {
    return guarded(() =>
      this.alone(async (control) => {
        const events = batchEvents(onEvent)
        try {
          this.answerer.drop()
          events.add({ type: 'status', status: 'preparing' })
          const { held, kept, adapters, request } = this
          return await trainKept({ held, kept, adapters, runId, config, keeping, request, control, events })
        } finally {
          events.flush()
        }
      }),
    )
  }

  adapterFiles(runId: string, kind: AdapterKind = 'last'): Promise<Result<AdapterFiles & { step?: number }>> {
    return guarded(async () => {
      if (kind === 'last') return this.adapters.filesOf(runId)
      const { snapshot } = await (await this.kept.of(runId)).newest('best')
      return this.adapters.ofSnapshot(snapshot, this.needModel(), await this.held.profile())
    })
  }

  adapterOfSnapshot(runId: string): Promise<Result<AdapterFiles & { step: number }>> {
    return guarded(async () => {
      const { snapshot } = await (await this.kept.of(runId)).newest('last')
      return this.adapters.ofSnapshot(snapshot, this.needModel(), await this.held.profile(), runId)
    })
  }

  keepRecord(runId: string, record: unknown, changedAt: number): Promise<Result<void>> {
    return guarded(async () => (await this.kept.of(runId)).saveRecord({ keptAt: changedAt, record }))
  }

  snapshots(runIds: readonly string[]): Promise<Result<SnapshotReport[]>> {
    return guarded(() => this.kept.reports(runIds))
  }

  besideRuns(known: readonly KnownRecord[]): Promise<Result<BesideRun[]>> {
    return guarded(() => this.kept.beside(known))
  }

  forgetKept(runId: string, what: 'snapshots' | 'everything'): Promise<Result<void>> {
    this.adapters.kept(runId)
    return guarded(() => this.kept.forget(runId, what))
  }

  restoreAdapter(runId: string, files: AdapterFiles): Promise<Result<AdapterReport>> {
    return guarded(async () => this.adapters.takeFiles(runId, files, this.needModel(), await this.held.profile()))
  }

  async forgetAdapter(runId: string): Promise<void> {
    this.adapters.forget(runId)
    this.answerer.forget(runId, this.deviceInUse)
  }

  private readonly adapterOf = (runId: string | undefined): Adapter | undefined =>
    runId === undefined ? undefined : this.adapters.need(runId).adapter

  private measured(runId: string | undefined) {
    return { model: this.needModel(), adapter: this.adapterOf(runId), data: this.needData() }
  }

  private answererFor(gpu: Gpu, runIds: RunIds, rows?: number): Answerer {
    return this.answerer.of(gpu, this.needModel(), runIds, this.adapterOf, rows)
  }

  generate(request: GenerateRequest, onText: (text: string, at: number) => void): Promise<Result<GenerateReport[]>> {
    return this.onDevice(async (gpu, signal) => {
      const { prompt, asPrompt, runIds, maxTokens, temperature, seed } = request
      const answerer = this.answererFor(gpu, runIds)
      const data = this.data?.dataset
      const questions = await Promise.all(
        runIds.map((runId) => questionOf(this.needModel(), prompt, { adapter: this.adapterOf(runId), data, raw: !asPrompt })),
      )
      const options = { maxTokens, temperature, seed, signal, probabilities: true }
      const answers = await answerer.answer(questions.map((question, at) => ({ ...question, options, onText: seldom(at, onText) })))
      return answers.map(({ timeMs, ...answer }, at) => {
        onText(answer.text, at)
        return { ...answer, asked: questions[at].asked, tokensPerSecond: (answer.tokens / Math.max(1, timeMs)) * 1000 }
      })
    })
  }

  evaluate(runId: string | undefined, training: TrainingSettings, onProgress: (p: Progress) => void): Promise<Result<Evaluation>> {
    return this.onDevice(async (gpu, signal) => {
      return evaluated(gpu, this.measured(runId), training, () => this.answerer.drop(), { signal, onProgress })
    }, onProgress)
  }

  evaluateFile(
    ...[runId, file, options, training, onProgress]: Parameters<EngineApi['evaluateFile']>
  ): ReturnType<EngineApi['evaluateFile']> {
    return this.onDevice(async (gpu, signal) => {
      this.answerer.drop()
      const measured = { model: this.needModel(), adapter: this.adapterOf(runId) }
      return evaluatedFile(gpu, measured, file, options, training, { signal, onProgress, read: this.options.read ?? readHere })
    }, onProgress)
  }

  rowMap(file: PickedFile, options: DataOptions, maxLength: number, onProgress: (p: Progress) => void): Promise<Result<RowMap>> {
    return this.onDevice(async (gpu, signal) => {
      this.answerer.drop()
      return mapped(gpu, this.needModel(), file, options, maxLength, this.options.read ?? readHere, { signal, onProgress })
    }, onProgress)
  }

  combine(parts: readonly CombinedPart[], type: Combination): Promise<Result<AdapterFiles>> {
    return guarded(() => this.adapters.combined(parts, type, this.needModel().base))
  }

  merge(runId: string, form: MergeForm, name: string, onProgress: (p: Progress) => void): Promise<Result<Blob>> {
    return this.onDevice((gpu, signal) => {
      const { adapter } = this.adapters.need(runId)
      return mergedFile(gpu, this.needModel(), adapter, form, name, { signal, onProgress })
    }, onProgress)
  }

  private asking(runIds: RunIds, maxLength: number) {
    return { model: this.needModel(), data: this.needData(), adapters: runIds.map(this.adapterOf), maxLength }
  }

  answerRows(request: AnswersRequest, onAnswered: Parameters<EngineApi['answerRows']>[1]): Promise<Result<void>> {
    const { runIds, maxLength } = request
    let done = 0
    const tell: typeof onAnswered = (rows, progress) => {
      done = progress.done
      onAnswered(rows, progress)
    }
    return this.onDevice((gpu, signal) => {
      const answererFor = (rows: number) => this.answererFor(gpu, runIds, rows)
      return answerSample(this.asking(runIds, maxLength), request, answererFor, { done, signal, onAnswered: tell })
    })
  }

  exactMatch(...[runId, rows, maxLength, onProgress]: Parameters<EngineApi['exactMatch']>): ReturnType<EngineApi['exactMatch']> {
    return this.onDevice(async (gpu, signal) => {
      const answererFor = (asked: number): Answerer => this.answererFor(gpu, [runId], rowsAtOnce(asked))
      return matched(this.measured(runId), { count: rows, maxLength }, answererFor, { signal, onProgress })
    }, onProgress)
  }

  bench(choice: BenchChoice, onUpdate: (update: BenchUpdate) => void): Promise<Result<BenchReport>> {
    // Nothing else may use the device, because it would distort the measurements.
    return this.measuring((gpu, signal) => runBench(gpu, { ...choice, steps: 3, signal, onUpdate }))
  }
}
