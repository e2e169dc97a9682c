// What the engine holds: the device, the model, the data that were read for it, and adapters.
import { FormatError } from '../config/errors'
import type { Field } from '../config/field'
import { type Phrase, say } from '../config/phrase'
import type { BaseCheck } from '../config/base-check'
import { isBundle } from '../pictures/bundle'
import type { DataReport, DataOptions, ExamplePreview, MappedRows } from '../config/data-options'
import type { MethodReport, ModelReport } from '../config/model-report'
import type { BaseFormat } from '../config/run-config'
import { mapRows } from '../data/map-rows'
import { pictureFamilies } from '../formats/families/registry'
import { fileSource } from '../data/data-source'
import type { Gpu } from '../gpu/gpu'
import { methodReports } from '../peft/method-reports'
import { everyMethod } from '../peft/registry'
import { release } from '../tensor/program'
import type { LoadedModel } from '../peft/loaded-model'
import { modelReport } from '../peft/model-report'
import { tuneOnce } from '../measure/tune'
import type { DeviceNews, DeviceReport, PickedFile, Progress, Result } from './api'
import type { EngineOptions } from './engine-options'
import { guarded, seldomTold } from './guarded'
import { HeldAdapters } from './held-adapters'
import { HeldAnswerer } from './held-answerer'
import { HeldDevice, deviceReport } from './held-device'
import { HeldModel } from './held-model'
import { HeldPictures, needData } from './held-pictures'
import { KeptRuns } from './kept-runs'
import { type LoadedData, loadData, loadFiles, refuseReplaced } from './loaded'
import { readHere } from './reading'
import { Steered } from './steered'

/** The part of the engine that holds a device, a model and data. */
export class HoldingEngine extends Steered {
  protected readonly held: HeldDevice
  private readonly watchers = new Set<(news: DeviceNews) => void>()
  protected readonly model = new HeldModel()
  protected data: LoadedData | undefined
  protected readonly pictures: HeldPictures
  protected readonly adapters = new HeldAdapters()
  protected readonly kept: KeptRuns
  protected readonly answerer = new HeldAnswerer()
  private loads = 0

  constructor(protected readonly options: EngineOptions) {
    super()
    this.kept = new KeptRuns(options.folders)
    this.pictures = new HeldPictures(options.pictures)
    this.held = new HeldDevice({
      gpu: options.gpu,
      restore: (gpu) => this.restore(gpu),
      drop: (reason) => this.dropModel(reason),
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
    await this.model.move(gpu)
  }

  /** Sets kernels as tuned for the device. */
  private tune(gpu: Gpu, signal: AbortSignal, onProgress: (p: Progress) => void): Promise<void> {
    return tuneOnce(gpu, this.options.tunings, { signal, onUpdate: (fraction) => onProgress({ phase: 'tuning', fraction }) })
  }

  protected needModel(): LoadedModel {
    return this.model.need()
  }

  protected needData(): LoadedData {
    return needData(this.data, this.pictures.loaded)
  }

  /** A call that uses the device and that `cancel` ends. It starts again if the device is lost. */
  protected onDevice<T>(work: (gpu: Gpu, signal: AbortSignal) => Promise<T>, onProgress?: (p: Progress) => void): Promise<Result<T>> {
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
    return guarded(async () => methodReports(this.model.current?.base))
  }

  methodFields(): Promise<Result<Field[]>> {
    return guarded(async () => everyMethod.flatMap(({ fields }) => fields))
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
      if (this.model.current) release(gpu, this.model.current.plan.slots)
      this.dropModel()
      this.model.take(model)
      return modelReport(model, `model-${++this.loads}`)
    }, onProgress)
  }

  checkBase(onProgress: (p: Progress) => void): Promise<Result<BaseCheck>> {
    const tell = seldomTold(onProgress)
    return this.onDevice(
      (gpu, signal) => this.model.checkBase(gpu, { signal, onProgress: (fraction) => tell({ phase: 'checking', fraction }) }),
      onProgress,
    )
  }

  private dropModel(reason?: Phrase): void {
    this.answerer.drop()
    this.model.drop(reason)
    this.data = undefined
    this.pictures.drop()
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
        const id = `data-${++this.loads}`
        if (this.model.classes) return this.pictures.load(this.model, file, options, id)
        if (await isBundle(file.file))
          throw new FormatError(
            say`${file.path}: expected rows of text for the language model ${model.file.name}, got pictures. Open a model that sees pictures (${pictureFamilies.map(({ label }) => label).join(', ')}), then they are read for it.`,
          )
        const data = await loadData(model, file, evalFile, options, id, watch)
        refuseReplaced(file, model, this.model.current)
        this.data = data
        return data.report(maxLength)
      }, false),
    )
  }

  cutData(maxLength: number): Promise<Result<DataReport>> {
    return guarded(async () => this.pictures.loaded?.report() ?? this.needData().report(maxLength))
  }

  mapRows(file: PickedFile, options: Pick<DataOptions, 'format' | 'columns' | 'read'>): Promise<Result<MappedRows>> {
    return guarded(async () => {
      if (await isBundle(file.file)) throw new FormatError(say`${file.path}: expected rows of text, got pictures. Choose another file.`)
      return mapRows(fileSource(file.file), options)
    })
  }

  preview(from: number, count: number, maxLength: number): Promise<Result<ExamplePreview[]>> {
    return guarded(async () => {
      if (this.pictures.loaded) return []
      const { dataset, cut } = this.needData()
      return Array.from(cut(maxLength).cut.rows.subarray(from, from + count), (row) => dataset.preview(row, maxLength))
    })
  }
}
