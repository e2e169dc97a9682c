// The engine behind the worker's interface: holds what is loaded and hands each call to the rooms below.
import type { BenchChoice, BenchReport, BenchUpdate } from '../config/bench-report'
import type { DataOptions } from '../config/data-options'
import type { RowMap } from '../config/row-map'
import type { RunConfig, TrainingSettings } from '../config/run-config'
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
import { adapterFor } from '../export/targets'
import type { Gpu } from '../gpu/gpu'
import type { Adapter } from '../peft/method'
import type { Answerer } from '../decode/answer'
import { rowsAtOnce } from '../decode/answer-rows'
import { runBench } from '../measure/run-bench'
import { type Planner, fitRequest } from '../train/fit-run'
import type { PrecisionTrial } from '../config/precision-trial'
import type { RateSweep } from '../config/rate-sweep'
import type { RunMeasure } from '../config/run-measure'
import { measureRun } from '../train/measure-run'
import { tryPrecisions } from '../train/precision-trial'
import { sweepRates } from '../train/rate-sweep'
import { waysToFit } from '../train/ways-to-fit'
import type { LoadedModel } from '../peft/loaded-model'
import type { RunRequest } from '../train/run-request'
import type { AdapterKind } from '../storage/run-store'
import type {
  AnswersRequest,
  BesideRun,
  KnownRecord,
  CombinedPart,
  ContextWords,
  EngineApi,
  GenerateReport,
  GenerateRequest,
  HeldOutRow,
  PickedFile,
  PromptLength,
  PromptRequest,
  Progress,
  Result,
  RunKeeping,
  PictureAttention,
  PictureInEpochs,
  PicturesPart,
  SnapshotReport,
  SortRequest,
  SortedPictures,
  TrainEvent,
} from './api'
import { answerChat, promptLengths } from './asked-chat'
import { answerSample } from './asked-rows'
import { contextWords } from './context-words'
import { batchEvents } from './event-batch'
import { exportedRun } from './exported-run'
import { guarded, seldomTold } from './guarded'
import type { RunIds } from './held-answerer'
import { heldOutRow } from './held-out'
import { classesIn, inTemplates, refuseClasses } from './held-pictures'
import { evaluated, evaluatedFile, mapped, matched } from './measured'
import { mergedFile } from './merged-file'
import { readHere } from './reading'
import { requestOf } from './request'
import { HoldingEngine } from './holding-engine'
import { trainKept } from './train-kept'

export class Engine extends HoldingEngine implements EngineApi {
  /** The model for the data that are open: for pictures, with a head for their classes. */
  private get forData(): LoadedModel {
    const { loaded } = this.pictures
    return loaded ? this.model.planned(loaded.bundle.classes) : this.needModel()
  }

  private readonly request = async (config: RunConfig): Promise<RunRequest> =>
    requestOf(config, this.forData, this.pictures.loaded ?? this.needData(), this.adapters)

  /** The request of a run that begins now: the model has the head that the pictures need. */
  private async begun(config: RunConfig, signal: AbortSignal): Promise<RunRequest> {
    const { loaded } = this.pictures
    if (loaded) await this.model.withHead(await this.held.get(signal), loaded.bundle.classes, signal)
    return this.request(config)
  }

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
    return this.measuring(async (gpu, signal) => sweepRates(gpu, await this.begun(config, signal), { signal, ...told }))
  }

  measureRun(config: RunConfig, sizes: boolean, onUpdate: (measure: RunMeasure) => void): Promise<Result<RunMeasure>> {
    return this.measuring(async (gpu, signal) => measureRun(gpu, await this.begun(config, signal), { sizes, signal, onUpdate }))
  }

  tryPrecisions(config: RunConfig, onUpdate: (trials: readonly PrecisionTrial[]) => void): Promise<Result<PrecisionTrial[]>> {
    const told = { onUpdate: seldomTold(onUpdate) }
    return this.measuring(async (gpu, signal) => tryPrecisions(gpu, await this.begun(config, signal), { signal, ...told }))
  }

  train(runId: string, config: RunConfig, onEvent: (events: TrainEvent[]) => void, keeping?: RunKeeping): Promise<Result<RunSummary>> {
    return guarded(() =>
      this.alone(async (control) => {
        const events = batchEvents(onEvent)
        try {
          this.answerer.drop()
          events.add({ type: 'status', status: 'preparing' })
          const { held, kept, adapters } = this
          const request = (wanted: RunConfig) => this.begun(wanted, control.stopSignal)
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
      return this.adapters.ofSnapshot(snapshot, this.forData, await this.held.profile())
    })
  }

  adapterOfSnapshot(runId: string): Promise<Result<AdapterFiles & { step: number }>> {
    return guarded(async () => {
      const { snapshot } = await (await this.kept.of(runId)).newest('last')
      return this.adapters.ofSnapshot(snapshot, this.forData, await this.held.profile(), runId)
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
    return guarded(async () => {
      const model = this.model.planned(classesIn(files) ?? this.model.classes)
      return this.adapters.takeFiles(runId, files, model, await this.held.profile())
    })
  }

  async forgetAdapter(runId: string): Promise<void> {
    this.adapters.forget(runId)
    this.answerer.forget(runId, this.deviceInUse)
  }

  private readonly adapterOf = (runId: string | undefined): Adapter | undefined =>
    runId === undefined ? undefined : this.adapters.need(runId).adapter

  /** The classes of an adapter's pictures, or those of the model's own head; absent for text. */
  private classesOf(runId: string | undefined): readonly string[] | undefined {
    return (runId === undefined ? undefined : this.adapters.need(runId).classes) ?? this.model.classes
  }

  /** The model and an adapter for pictures of these classes. @throws FormatError for an adapter of other classes */
  private async onClasses(gpu: Gpu, runId: string | undefined, classes: readonly string[], signal: AbortSignal) {
    if (runId !== undefined) refuseClasses(this.classesOf(runId) ?? [], classes)
    this.answerer.drop()
    return { model: await this.model.withHead(gpu, classes, signal), adapter: this.adapterOf(runId) }
  }

  sortPictures({ runId, from, templates, rows }: SortRequest, onProgress: (p: Progress) => void): Promise<Result<SortedPictures>> {
    return this.onDevice(async (gpu, signal) => {
      const files = typeof from === 'string' ? undefined : from
      const own = files && this.classesOf(runId)
      // A model that reads names has none of its own.
      const classes = own?.length ? own : this.pictures.need().bundle.classes
      const on = inTemplates(await this.onClasses(gpu, runId, classes, signal), templates)
      const watch = { signal, onProgress }
      return files ? this.pictures.sortFiles(gpu, on, files, watch) : this.pictures.sortRows(gpu, on, from as PicturesPart, watch, rows)
    }, onProgress)
  }

  pictureAttention(runId: string | undefined, file: PickedFile): Promise<Result<PictureAttention>> {
    return this.onDevice(async (gpu, signal) => {
      const own = this.classesOf(runId)
      const on = await this.onClasses(gpu, runId, own?.length ? own : this.pictures.need().bundle.classes, signal)
      return this.pictures.attention(gpu, on, file, signal)
    })
  }

  pictureInEpochs(training: TrainingSettings, at: number, epochs: number): Promise<Result<PictureInEpochs>> {
    return guarded(() => this.pictures.need().inEpochs(training, at, epochs))
  }

  nearWords(runId: string): Promise<Result<ContextWords[]>> {
    const read = async (signal: AbortSignal): Promise<ContextWords[]> => {
      const { adapter, classes } = this.adapters.need(runId)
      return contextWords(this.model.planned(classes), adapter, signal)
    }
    return guarded(() => this.abortable(read, false))
  }

  private measured(runId: string | undefined) {
    return { model: this.needModel(), adapter: this.adapterOf(runId), data: this.needData() }
  }

  private answererFor(gpu: Gpu, runIds: RunIds, rows?: number): Answerer {
    return this.answerer.of(gpu, this.needModel(), runIds, this.adapterOf, rows)
  }

  heldOutRow(at: number, maxLength: number): Promise<Result<HeldOutRow | undefined>> {
    return guarded(async () => (this.pictures.loaded ? undefined : heldOutRow(this.needData(), at, maxLength)))
  }

  private chatting({ runIds }: PromptRequest) {
    return { model: this.needModel(), data: this.data?.dataset, adapters: runIds.map(this.adapterOf) }
  }

  promptLengths(request: PromptRequest): Promise<Result<PromptLength[]>> {
    return guarded(async () => promptLengths(this.chatting(request), request))
  }

  generate(request: GenerateRequest, onText: (text: string, at: number) => void): Promise<Result<GenerateReport[]>> {
    return this.onDevice(async (gpu, signal) =>
      answerChat(this.chatting(request), this.answererFor(gpu, request.runIds), request, { signal, onText }),
    )
  }

  evaluate(runId: string | undefined, training: TrainingSettings, onProgress: (p: Progress) => void): Promise<Result<Evaluation>> {
    return this.onDevice(async (gpu, signal) => {
      const { loaded } = this.pictures
      if (loaded) {
        const on = await this.onClasses(gpu, runId, loaded.bundle.classes, signal)
        return this.pictures.evaluated(gpu, on, training, { signal, onProgress })
      }
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
    return this.onDevice(async (gpu, signal) => {
      const { adapter } = this.adapters.need(runId)
      return mergedFile(gpu, await this.model.withHead(gpu, this.classesOf(runId), signal), adapter, form, name, { signal, onProgress })
    }, onProgress)
  }

  exportAdapter(...[runId, target, dtype]: Parameters<EngineApi['exportAdapter']>): Promise<Result<AdapterFiles>> {
    return guarded(async () => ({ files: adapterFor(target, this.adapters.need(runId).adapter, this.needModel(), dtype) }))
  }

  exportRun(...[config, about, onProgress]: Parameters<EngineApi['exportRun']>): Promise<Result<Blob>> {
    return this.onDevice(async (gpu, signal) => exportedRun(gpu, await this.request(config), about, { signal, onProgress }), onProgress)
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
