// The model that the engine holds. One that sorts pictures gets a head for the classes of the data, or of the adapter, that is used; one that
// compares pictures with texts reads their names.
import type { BaseCheck } from '../config/base-check'
import { DeviceError, FormatError } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import type { ModelFile } from '../formats/model-file'
import { withClasses } from '../formats/new-classes'
import type { Gpu } from '../gpu/gpu'
import { BaseSums } from '../models/base-sums'
import { type LoadedModel, loadModel, moveModel, planModel } from '../peft/loaded-model'
import { withClassTexts } from '../peft/class-texts'
import { release } from '../tensor/program'

type Classes = readonly string[]

/** The model for these classes. @throws FormatError, UnsupportedError without a tokenizer for the names */
const forClasses = (file: ModelFile, names: Classes): ModelFile =>
  file.config.text ? withClassTexts(file, { names }) : withClasses(file, names)

const sameNames = (a: Classes, b: Classes): boolean => a.length === b.length && a.every((name, i) => name === b[i])

export class HeldModel {
  /** As it is on the GPU. */
  current: LoadedModel | undefined
  /** It was put on the GPU again since it was opened: on another device, or with another head. */
  private reloaded = false
  /** As its files are, with their own head. */
  private file: ModelFile | undefined
  /** Why the last model was dropped, if not by the person. */
  private dropped: Phrase | undefined

  /** @throws FormatError where there is none */
  need(): LoadedModel {
    if (!this.current) throw new FormatError(this.dropped ?? say`No model is loaded. Choose a model first.`)
    return this.current
  }

  take(model: LoadedModel): void {
    this.current = model
    this.file = model.file
    this.reloaded = false
    this.dropped = undefined
  }

  drop(reason?: Phrase): void {
    this.current?.renderer?.close()
    this.current = this.file = undefined
    this.dropped = reason
  }

  /** Puts the model on a new device after a loss. */
  async move(gpu: Gpu): Promise<void> {
    if (!this.current) return
    this.current = await moveModel(gpu, this.current)
    this.reloaded = true
  }

  /** Compares the weights on the GPU with those that were uploaded. @throws FormatError, DeviceError, Cancelled */
  async checkBase(gpu: Gpu, watch: { signal: AbortSignal; onProgress: (fraction: number) => void }): Promise<BaseCheck> {
    const { sums } = this.need()
    if (!sums) throw new FormatError(say`base: expected checksums of what was uploaded, got none. Open the model again.`)
    return { ...(await sums.check(gpu, watch)), reloaded: this.reloaded }
  }

  /** The classes of the model's own head, none if it reads their names; absent for text. */
  get classes(): Classes | undefined {
    return this.file?.config.vision?.classes
  }

  /** Whether the weights on the GPU are not those for `classes`. */
  lacks(classes: Classes | undefined): classes is Classes {
    const own = this.current?.file.config.vision?.classes
    return classes !== undefined && own !== undefined && !sameNames(own, classes)
  }

  /** The model with a head for these classes, for what needs no weights on the GPU. */
  planned(classes: Classes | undefined): LoadedModel {
    const model = this.need()
    if (!this.lacks(classes)) return model
    const { identity, plan, base } = model
    const made = planModel(forClasses(this.file!, classes), plan.base, Number.MAX_SAFE_INTEGER)
    return { ...made, identity, base: { ...made.base, identity: base.identity } }
  }

  /** Loads the model with a head for these classes, where it has another. Nothing may use the weights of before. @throws DeviceError */
  async withHead(gpu: Gpu, classes: Classes | undefined, signal?: AbortSignal): Promise<LoadedModel> {
    const before = this.need()
    if (!this.lacks(classes)) return before
    const model = await loadModel(gpu, forClasses(this.file!, classes), before.plan.base, { signal, sums: new BaseSums() })
    if (this.current !== before) {
      release(gpu, model.plan.slots)
      throw new DeviceError(say`Another model was loaded meanwhile. Try again.`)
    }
    release(gpu, before.plan.slots)
    this.reloaded = true
    return (this.current = model)
  }
}
