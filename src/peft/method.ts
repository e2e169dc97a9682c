// What a method's file gives. Its form, memory, tests, export and documentation follow from this.
import type { Asking } from '../config/asking'
import type { Phrase } from '../config/phrase'
import { type Field, type Settings, type SettingsOf, typedSettings } from '../config/field'
import type { TrainingSettings } from '../config/run-config'
import type { BaseFormat } from '../config/run-config'
import type { Gpu } from '../gpu/gpu'
import type { ModelConfig } from '../formats/model-file'
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

/** What a method is told about the base it sits on. */
export interface Base {
  name: string
  family: Family
  config: ModelConfig
  /** Linear sites by module name (`model.layers.0.self_attn.q_proj`), with [out, in]. */
  sites: ReadonlyMap<string, readonly [number, number]>
  /** The tensors that the model has, by their Hugging Face names. */
  tensors: ReadonlyMap<string, TensorNeed>
  /** A tensor's values in f32 as the file has them, whatever its format. */
  stored(name: string): Promise<Float32Array<ArrayBuffer>>
  /** Ids that end an answer, by the model's own files. */
  ends: readonly number[]
  /** Everything in the model's Hugging Face folder except its weights, which will have type `dtype`; `ends` are further end tokens. */
  folder(dtype: 'f32' | 'f16' | 'bf16', ends?: readonly number[]): Promise<{ path: string; bytes: Uint8Array<ArrayBuffer> }[]>
  /** Why no such folder can be written, or undefined; checked once. */
  folderProblem(): Promise<Phrase | undefined>
  /** Rows of the embedding in f32, [ids.length, C]. */
  embeddingRows(ids: readonly number[]): Promise<Float32Array<ArrayBuffer>>
  /** Rows of a table [V, C] in f32 as the file has them, [ids.length, C]. */
  rows(name: string, ids: readonly number[]): Promise<Float32Array<ArrayBuffer>>
  /** Mean and standard deviation of each column over the first `count` rows of a table. */
  rowStatistics(name: string, count: number): Promise<{ mean: Float64Array; deviation: Float64Array }>
  /** The id of the first token that would be added; undefined without a tokenizer. */
  readonly nextTokenId: number | undefined
  /** Ids that tokens get when they are added to the vocabulary. @throws UnsupportedError without a tokenizer; FormatError for tokens that it has */
  newTokenIds(tokens: readonly string[]): readonly number[]
  /** The model's tokenizer with tokens added to it, made once for the same tokens; undefined without a tokenizer. @throws FormatError for tokens that it has */
  tokenizerWith(tokens: readonly string[]): Tokenizer | undefined
  /** The tokenizer's files of the model's Hugging Face folder, with tokens added. */
  tokenizerFiles(tokens: readonly string[]): Promise<{ path: string; bytes: Uint8Array<ArrayBuffer> }[]>
  /** A matrix [N, K] as the base holds it on the GPU (quantised, say), in f32. The base must be loaded. */
  unpacked(gpu: Gpu, name: string): Promise<Float32Array<ArrayBuffer>>
  /** Its `rank` largest singular values with their vectors. The base must be loaded. */
  principal(gpu: Gpu, name: string, rank: number, random: () => number): Promise<Principal>
  /** Ids of a text without special tokens. */
  encode(text: string): readonly number[]
}

/** A tensor of an adapter's file. */
export interface NamedTensor {
  shape: readonly number[]
  values: Float32Array<ArrayBuffer>
}

/** A tensor of a file that will be written. */
export type FileTensor = Pick<TensorData, 'name' | 'shape' | 'dtype'>

/** What merging does to a base tensor: changes `values`, rows [first, …) of a tensor [N, K] (a vector is one row), in place. */
export type RowChange = (values: Float32Array, first: number) => void
/** By the base tensor's Hugging Face name; others stay as they are. */
export type Merge = ReadonlyMap<string, RowChange>

export interface SetUp<S extends Settings = Settings> {
  base: Base
  settings: S
  parameters: Parameters
  seed: number
  /** The step's changing numbers on the GPU, for methods that draw at random while training. */
  stepState: Tensor
  /** Values to start from (an adapter's file), by the parameters' names; absent = a fresh start. */
  initial?: ReadonlyMap<string, NamedTensor>
}

/** An adapter in memory: what it is, and its values by the names in its file. */
export interface Adapter {
  method: Method
  settings: Settings
  tensors: ReadonlyMap<string, NamedTensor>
  /** How it was asked in training, and what its answers end with; absent where its files do not say. */
  asking?: Asking
}

/** What setting a method up gives: where it acts, and what it leaves where that is not simply its trained parameters. */
export interface MethodHooks extends Hooks {
  /** What the adapter's file holds beside the parameters, made from them (a prompt made by an encoder), by its names there. */
  made?(r: Recorder): ReadonlyMap<string, Tensor>
  /** The adapter that a run ends with, where it is another than was trained (PiSSA's plain LoRA). */
  finished?(trained: Adapter['tensors']): Pick<Adapter, 'settings' | 'tensors'>
}

/** What `Method` is in a method's own file: its functions take the settings of its fields, each with its type. */
interface MethodOf<F extends readonly Field[], S extends Settings = SettingsOf<F>> {
  name: string
  label: string
  summary: string
  paper: string
  fields: F
  /** Training settings that differ from the general defaults. */
  training: Partial<TrainingSettings>
  /** Base formats the method stands for (QLoRA); empty = any. */
  bases: readonly BaseFormat[]
  /** `peft_type` in adapter_config.json. */
  peftType: string
  /** Whether an adapter_config.json is the method's, where `peft_type` does not say it. */
  recognises?(config: Readonly<Record<string, unknown>>): boolean
  /** Why the base cannot serve the method, or undefined. */
  unavailable?(base: Base): Phrase | undefined
  /** Tensors of the base, by their Hugging Face names, that the method trains in f32 in place of the frozen ones; its parameters bear these names. */
  baseTensors?: (base: Base, settings: S) => readonly string[]
  /** Declares the parameters and says where they act. */
  setUp: (context: SetUp<S>) => Promise<MethodHooks>
  /** What a person should know before training, from `initial` where it goes on from there; undefined where there is nothing. */
  notice?: (settings: S, initial: ReadonlyMap<string, NamedTensor> | undefined, base: Base) => string | undefined
  /** What the trained tensors do to the base's weights; absent where the method is no change of weights. */
  merge?: (tensors: ReadonlyMap<string, NamedTensor>, settings: S, base: Base) => Merge
  /** Tokens that are added to the vocabulary, from the settings. */
  newTokens?: (settings: S) => readonly string[]
  /** Tokens that the model tells apart with the adapter, where that may be more than it has rows for. */
  vocab?: (settings: S, base: Base) => number
  /** Number of tokens put before each row (or of keys before each row's own), from the settings. */
  virtualTokens?: (settings: S) => number
  /** Its virtual tokens stand in the row itself, so the last of them is trained to predict the row's first token, as in PEFT. */
  leadsRows?: boolean
  /** Its weights file; adapter_model.safetensors unless said. */
  weightsFile?: string
  /**
   * What the weights file holds, where that is not the `trained` tensors in f32. Tensors that it leaves out are written beside it, so that
   * training can go on.
   */
  fileTensors?: (trained: readonly FileTensor[], settings: S, base: Base) => readonly FileTensor[]
  /** All of an adapter's files, where they are not just those of `adapterFolder`; `settings` are the adapter's, with their types. */
  files?: (adapter: Adapter, settings: S, base: Base) => Promise<FolderFile[]>
  /** Why these cannot be written for the base, or undefined; said before a run. */
  filesProblem?: (base: Base) => Promise<Phrase | undefined>
  /** Formats that its files come in beside PEFT's. */
  exports?: readonly 'gguf'[]
  /** adapter_config.json, as PEFT writes it. */
  toConfig: (settings: S, base: Base) => Record<string, unknown>
  /** The keys of its adapter_config.json. */
  configKeys: ConfigKeys
  /** Settings from an adapter_config.json that `configKeys` allow, and from the file's tensors. @throws FormatError, UnsupportedError where they do not go together */
  fromConfig: (config: Config, base: Base, tensors: ReadonlyMap<string, NamedTensor>) => S
}

/** A method as everything outside its file sees it: any settings may be handed to it, and it checks their types. */
export type Method = MethodOf<readonly Field[]>

/**
 * A method for the registry. Its functions take the settings of its own fields; those of the result take any and check them first, so a
 * function of `MethodOf` that takes settings needs its line here (without it the types do not fit).
 */
export function defineMethod<const F extends readonly Field[]>(method: MethodOf<F>): Method {
  const { name, fields, baseTensors, fileTensors, files, notice, merge, newTokens, vocab, virtualTokens } = method
  const own = (settings: Settings) => typedSettings(name, fields, settings)
  return {
    ...method,
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
