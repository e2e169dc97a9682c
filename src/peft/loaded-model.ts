// A model with everything that methods, runs and decoding need: its files, the plan of its weights, its tokenizer and chat template.
import { FormatError } from '../config/errors'
import type { Identity } from '../config/identity'
import { say } from '../config/phrase'
import type { BaseFormat } from '../config/run-config'
import type { ModelFile } from '../formats/model-file'
import type { Gpu } from '../gpu/gpu'
import { type BaseModel, loadBase, planBase } from '../models/base-model'
import { BaseSums } from '../models/base-sums'
import { release } from '../tensor/program'
import { modelTokenizer } from '../tokenizer/create-tokenizer'
import { type MakeRenderer, rendererOf } from '../tokenizer/model-renderer'
import type { TemplateRenderer } from '../tokenizer/template-renderer'
import type { Tokenizer } from '../tokenizer/tokenizer'
import { methodBase } from './base'
import type { Base } from './method'

/** A model whose file is read. Its weights are on the GPU once the slots of `plan` are filled. */
export interface LoadedModel {
  file: ModelFile
  plan: BaseModel
  base: Base
  tokenizer: Tokenizer | undefined
  /** Which model it is; absent until the weights are loaded. */
  identity?: Identity
  /** The chat template, if the model has one. */
  renderer?: TemplateRenderer
  /** Where chat templates run; absent = in the caller's thread. */
  makeRenderer?: MakeRenderer
  /** Of what was uploaded, where it may be compared later. */
  sums?: BaseSums
}

/** A model at the base precision `base`, in bindings of at most `maxBindingBytes`. Nothing is on the GPU yet. */
export function planModel(file: ModelFile, base: BaseFormat, maxBindingBytes: number, makeRenderer?: MakeRenderer): LoadedModel {
  const plan = planBase(file, base, maxBindingBytes)
  const tokenizer = modelTokenizer(file)
  return {
    file,
    plan,
    base: methodBase(plan, tokenizer),
    tokenizer,
    renderer: tokenizer && rendererOf(file, tokenizer, makeRenderer),
    makeRenderer,
  }
}

interface LoadOptions {
  /** Where the chat template runs; absent = in the caller's thread. */
  makeRenderer?: MakeRenderer
  onProgress?: (fraction: number) => void
  signal?: AbortSignal
  /** Note checksums of what is uploaded. */
  sums?: BaseSums
}

/** Puts a model's weights on the GPU. What is already there stays. @throws FormatError, UnsupportedError, DeviceError */
export async function loadModel(gpu: Gpu, file: ModelFile, base: BaseFormat, options: LoadOptions = {}): Promise<LoadedModel> {
  const model = planModel(file, base, gpu.profile.maxBindingBytes, options.makeRenderer)
  const identity = await loadBase(gpu, model.plan, options.onProgress, options.signal, options.sums)
  return { ...model, identity, sums: options.sums, base: methodBase(model.plan, model.tokenizer, identity) }
}

/**
 * Puts the weights of a model that was on another device onto `gpu`, from its files. Nothing that belongs to the former device is touched.
 * @throws FormatError if the files are gone or hold other weights now; DeviceError
 */
export async function moveModel(gpu: Gpu, model: LoadedModel): Promise<LoadedModel> {
  const plan = planBase(model.file, model.plan.base, gpu.profile.maxBindingBytes)
  const sums = model.sums && new BaseSums()
  const identity = await loadBase(gpu, plan, undefined, undefined, sums)
  if (model.identity && identity.fingerprint !== model.identity.fingerprint) {
    release(gpu, plan.slots)
    throw new FormatError(
      say`${model.file.name}: expected the weights that were loaded before, got others. The file was changed. Choose it again.`,
    )
  }
  return { ...model, plan, identity, sums, base: methodBase(plan, model.tokenizer, identity) }
}

/** The model's tokenizer. @throws FormatError if its files have none */
export function needTokenizer({ tokenizer, file }: LoadedModel): Tokenizer {
  if (!tokenizer)
    throw new FormatError(
      say`${file.name}: expected a tokenizer, got none. Choose a folder with tokenizer.json, or a GGUF file with its vocabulary.`,
    )
  return tokenizer
}
