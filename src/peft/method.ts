// What a method's file provides. Its form on the page, its memory estimate, its tests and its export follow from this.
import type { PictureTask, Task } from '../config/task'
import type { Asking } from '../config/asking'
import type { EvalRecord } from '../config/eval-record'
import type { Identity, TrainedOn } from '../config/identity'
import { type Phrase, say } from '../config/phrase'
import { type Field, type Settings, type SettingsOf, typedSettings } from '../config/field'
import type { TrainingSettings } from '../config/run-config'
import type { BaseFormat } from '../config/run-config'
import type { Gpu } from '../gpu/gpu'
import type { ModelConfig, TokenizerSource } from '../formats/model-file'
import type { TensorData } from '../formats/safetensors'
import type { Family, TensorNeed } from '../models/family'
import type { Hooks } from '../models/hooks'
import type { Principal } from '../models/principal'
import type { Parameters } from '../tensor/parameters'
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import type { Tokenizer } from '../tokenizer/tokenizer'
import type { Config, ConfigKeys } from './config-keys'
import type { FolderFile } from './model-folder'

/** What a method knows about its base model. */
export interface Base {
  name: string
  /** Number of weights. */
  parameters: number
  /** Which model it is; absent until the weights are loaded. */
  identity?: Identity
  family: Family
  config: ModelConfig
  /** Rows of the tables in the model's file, if `config.vocab` counts an adapter's tokens too. */
  storedVocab?: number
  /** Sizes [out, in] of the linear layers by module name (`model.layers.0.self_attn.q_proj`). */
  sites: ReadonlyMap<string, readonly [number, number]>
  /** The same for the layers of experts and for routers. `all-linear` leaves them out; a method changes them if they are named. */
  named: ReadonlyMap<string, readonly [number, number]>
  /** The tensors that the model has, by their Hugging Face names. */
  tensors: ReadonlyMap<string, TensorNeed>
  /** The values of a tensor in the file, converted to f32 from any format. */
  stored(name: string): Promise<Float32Array<ArrayBuffer>>
  /** Ids of the end tokens that the model's files name. */
  ends: readonly number[]
  /** All files of the model's Hugging Face folder except its weights, which will have type `dtype`. `ends` are additional end tokens. */
  folder(dtype: 'f32' | 'f16' | 'bf16', ends?: readonly number[]): Promise<{ path: string; bytes: Uint8Array<ArrayBuffer> }[]>
  /** The reason why no such folder can be written, or undefined. It is checked once. */
  folderProblem(): Promise<Phrase | undefined>
  /** Rows of the embedding in f32, [ids.length, C]. */
  embeddingRows(ids: readonly number[]): Promise<Float32Array<ArrayBuffer>>
  /** Rows of a table [V, C] in the file, converted to f32, [ids.length, C]. */
  rows(name: string, ids: readonly number[]): Promise<Float32Array<ArrayBuffer>>
  /** Mean and standard deviation of each column over the first `count` rows of a table. */
  rowStatistics(name: string, count: number): Promise<{ mean: Float64Array; deviation: Float64Array }>
  /** The id that the next added token would get; undefined without a tokenizer. */
  readonly nextTokenId: number | undefined
  /**
   * Ids for tokens that are added to the vocabulary.
   * @throws UnsupportedError without a tokenizer; FormatError for tokens that it already has
   */
  newTokenIds(tokens: readonly string[]): readonly number[]
  /**
   * The model's tokenizer with tokens added; undefined without a tokenizer. The result is kept for the same tokens.
   * @throws FormatError for tokens that it already has
   */
  tokenizerWith(tokens: readonly string[]): Tokenizer | undefined
  /** The tokenizer's files in the model's Hugging Face folder, with tokens added. */
  tokenizerFiles(tokens: readonly string[]): Promise<{ path: string; bytes: Uint8Array<ArrayBuffer> }[]>
  /** A matrix [N, K] with the values that it has on the GPU, which may be quantised, in f32. The base must be loaded. */
  unpacked(gpu: Gpu, name: string): Promise<Float32Array<ArrayBuffer>>
  /** The `rank` largest singular values of such a matrix, with their vectors. The base must be loaded. */
  principal(gpu: Gpu, name: string, rank: number, random: () => number): Promise<Principal>
  /** The token ids of a text, without special tokens. */
  encode(text: string): readonly number[]
}

/** A tensor of an adapter's file. */
export interface NamedTensor {
  shape: readonly number[]
  values: Float32Array<ArrayBuffer>
}

/** A tensor of a file that will be written. */
export type FileTensor = Pick<TensorData, 'name' | 'shape' | 'dtype'>

/** Merges an adapter into some rows of a base tensor: changes `values`, rows [first, …) of [N, K], in place. A vector is one row. */
export type RowChange = (values: Float32Array, first: number) => void
/** Changes of base tensors by their Hugging Face names. Other tensors do not change. */
export type Merge = ReadonlyMap<string, RowChange>

export interface SetUp<S extends Settings = Settings> {
  base: Base
  settings: S
  parameters: Parameters
  seed: number
  /** The step state on the GPU, for methods that need random numbers while training. */
  stepState: Tensor
  /** Starting values from an adapter's file, by the parameters' names; absent = a new adapter. */
  initial?: ReadonlyMap<string, NamedTensor>
}

/** An adapter in memory: its method and settings, and its values by the names in its file. */
export interface Adapter {
  method: Method
  settings: Settings
  tensors: ReadonlyMap<string, NamedTensor>
  /** The form of the prompts in training, and the end tokens of the answers; absent if its files do not say. */
  asking?: Asking
  /** The base that it was trained on; absent if its files do not say. */
  trainedOn?: TrainedOn
  /** The chat template of its folder, and the special tokens that it writes; absent if there is none. */
  templates?: TokenizerSource
  /** Its evaluation at the end of the training; absent if it was not measured, or if its files do not say. */
  evaluation?: EvalRecord
}

/** The hooks of a method, and what its adapter holds if that is not just the trained parameters. */
export interface MethodHooks extends Hooks {
  /** Tensors of the adapter's file that are computed from the parameters (a prompt from an encoder), by their names in the file. */
  made?(r: Recorder): ReadonlyMap<string, Tensor>
  /** The adapter at the end of a run, if it differs from the trained one (PiSSA becomes a plain LoRA). */
  finished?(trained: Adapter['tensors']): Pick<Adapter, 'settings' | 'tensors'>
}

/** A method as its own file defines it. Its functions take the settings of its fields, each with its type. */
interface MethodOf<F extends readonly Field[], S extends Settings = SettingsOf<F>> {
  name: string
  label: string
  summary: string
  paper: string
  fields: F
  /** Training settings that differ from the general defaults. */
  training: Partial<TrainingSettings>
  /** The learning rate that it starts with on a model of a given number of weights, if it depends on that number. */
  rateFor?: (parameters: number) => number
  /** Base precisions that the method is meant for (QLoRA); empty = any. */
  bases: readonly BaseFormat[]
  /** `peft_type` in adapter_config.json. */
  peftType: string
  /** Whether an adapter_config.json belongs to the method, if `peft_type` alone does not decide it. */
  recognises?(config: Readonly<Record<string, unknown>>): boolean
  /** What the models do that it serves; absent: they write text. */
  serves?: readonly Task[]
  /** Why it does not serve models that sort pictures, or what serves them instead. */
  onPictures?: Phrase
  /** The reason why the method does not work with the base, or undefined. */
  unavailable?(base: Base): Phrase | undefined
  /** Hugging Face names of tensors of the base that the method trains in f32 instead of the frozen ones. They name its parameters. */
  baseTensors?: (base: Base, settings: S) => readonly string[]
  /** Declares the parameters and returns the hooks that use them. */
  setUp: (context: SetUp<S>) => Promise<MethodHooks>
  /** Something that people should know before training, which may start from `initial`; undefined = nothing. */
  notice?: (settings: S, initial: ReadonlyMap<string, NamedTensor> | undefined, base: Base) => Phrase | undefined
  /** How the trained tensors change the base's weights; absent if the adapter cannot be merged. */
  merge?: (tensors: ReadonlyMap<string, NamedTensor>, settings: S, base: Base) => Merge
  /** Tokens that the settings add to the vocabulary. */
  newTokens?: (settings: S) => readonly string[]
  /** Size of the vocabulary with the adapter, if the method can make it larger. */
  vocab?: (settings: S, base: Base) => number
  /** Number of virtual tokens, or of keys, that the settings put in front of each row. */
  virtualTokens?: (settings: S) => number
  /** The virtual tokens are part of the row, so the last of them is trained to predict the row's first token, as in PEFT. */
  leadsRows?: boolean
  /** Name of its tensor with vectors in the place of words, [M, C] or [classes, M, C]. */
  contextTensor?: string
  /** What loads its files in Python: the `adapters` library, or only TabTune; absent = PEFT, or transformers for `baseTensors`. */
  library?: 'adapters' | 'tabtune'
  /** Name of the weights file; absent = adapter_model.safetensors. */
  weightsFile?: string
  /**
   * The tensors of the weights file, if they are not the `trained` tensors in f32. Trained tensors that it leaves out are written to
   * another file, so that training can continue.
   */
  fileTensors?: (trained: readonly FileTensor[], settings: S, base: Base) => readonly FileTensor[]
  /** All files of an adapter, if they are not those of `adapterFolder`. `settings` are the adapter's, with their types. */
  files?: (adapter: Adapter, settings: S, base: Base) => Promise<FolderFile[]>
  /** The reason why these files cannot be written for the base, or undefined. It is reported before a run. */
  filesProblem?: (base: Base) => Promise<Phrase | undefined>
  /** Formats of its files in addition to PEFT's. */
  exports?: readonly 'gguf'[]
  /** adapter_config.json, as PEFT writes it. */
  toConfig: (settings: S, base: Base) => Record<string, unknown>
  /** The keys of its adapter_config.json. */
  configKeys: ConfigKeys
  /**
   * Settings from an adapter_config.json that was checked by `configKeys`, and from the file's tensors.
   * @throws FormatError, UnsupportedError if the two do not fit together
   */
  fromConfig: (config: Config, base: Base, tensors: ReadonlyMap<string, NamedTensor>) => S
}

/** A method as code outside its file uses it. Its functions take any settings and check their types. */
export type Method = MethodOf<readonly Field[]>

/** What a base does. */
export const taskOf = ({ family }: Base): Task => family.files.task ?? 'text'

/** What a model is, and what it does. */
const kinds: Readonly<Record<Task, readonly [is: Phrase, does: Phrase]>> = {
  text: [say`a language model`, say`writes text`],
  'image-classification': [say`a model that sorts pictures into classes`, say`sorts pictures into classes`],
  'image-text': [say`a model that compares pictures with texts`, say`compares pictures with texts`],
}

/** Why a method that does not serve models that see pictures does not, or what serves them instead. */
function whyNot({ label, serves = ['text'], onPictures }: Pick<Method, 'label' | 'serves' | 'onPictures'>, task: PictureTask): Phrase {
  if (onPictures)
    return task === 'image-text'
      ? say`${label} puts its vectors in front of a text that is continued; CoOp puts them around the names of classes`
      : onPictures
  if (!serves.includes('text') && task === 'image-classification')
    return say`${label} trains the words around the names of classes, and this model reads none`
  if (serves.includes('image-classification')) return say`TabTune has ${label} for models with a head only`
  return say`TabTune has ${label} for language models only`
}

/** The reason why a method does not serve the kind of model, or undefined. */
export function otherTask(method: Pick<Method, 'label' | 'serves' | 'onPictures'>, base: Base): Phrase | undefined {
  const { label, serves = ['text'] } = method
  const task = taskOf(base)
  if (serves.includes(task)) return undefined
  const kind = base.family.files.label
  const [wanted] = kinds[serves[0]]
  const [, does] = kinds[task]
  if (task === 'text')
    return say`${base.name}: expected ${wanted}, got a model of the ${kind} family, which ${does}. Choose another method than ${label}.`
  return say`${base.name}: expected ${wanted}, got a model of the ${kind} family, which ${does}. ${whyNot(method, task)}. Choose another method.`
}

/**
 * A method for the registry. The functions of `method` take the settings of its own fields. Those of the result take any settings and check
 * them first, so each function of `MethodOf` that takes settings needs a line here. Without that line the types do not fit.
 */
export function defineMethod<const F extends readonly Field[]>(method: MethodOf<F>): Method {
  const { name, fields, baseTensors, fileTensors, files, notice, merge, newTokens, vocab, virtualTokens } = method
  const own = (settings: Settings) => typedSettings(name, fields, settings)
  return {
    ...method,
    unavailable: (base) => otherTask(method, base) ?? method.unavailable?.(base),
    baseTensors: baseTensors && ((base, settings) => baseTensors(base, own(settings))),
    setUp: (context) => method.setUp({ ...context, settings: own(context.settings) }),
    fileTensors: fileTensors && ((trained, settings, base) => fileTensors(trained, own(settings), base)),
    files: files && ((adapter, settings, base) => files(adapter, own(settings), base)),
    notice: notice && ((settings, initial, base) => notice(own(settings), initial, base)),
    merge: merge && ((tensors, settings, base) => merge(tensors, own(settings), base)),
    newTokens: newTokens && ((settings) => newTokens(own(settings))),
    vocab: vocab && ((settings, base) => vocab(own(settings), base)),
    virtualTokens: virtualTokens && ((settings) => virtualTokens(own(settings))),
    toConfig: (settings, base) => method.toConfig(own(settings), base),
  }
}
