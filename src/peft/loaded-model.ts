// A model with everything that methods, runs and decoding need of it: its files, the plan of its weights, its tokenizer and template.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { BaseFormat } from '../config/run-config'
import type { ModelFile } from '../formats/model-file'
import type { Gpu } from '../gpu/gpu'
import { type BaseModel, loadBase, planBase } from '../models/base-model'
import { modelTokenizer } from '../tokenizer/create-tokenizer'
import { type MakeRenderer, rendererOf } from '../tokenizer/model-renderer'
import type { TemplateRenderer } from '../tokenizer/template-renderer'
import type { Tokenizer } from '../tokenizer/tokenizer'
import { methodBase } from './base'
import type { Base } from './method'

/** A model that is read and, once `plan`'s slots are filled, on the GPU. */
export interface LoadedModel {
  file: ModelFile
  plan: BaseModel
  base: Base
  tokenizer: Tokenizer | undefined
  /** Its chat template, where it has one. */
  renderer?: TemplateRenderer
}

/** A model as it would be held in `base`, in bindings of at most `maxBindingBytes`. Nothing is on a GPU yet. */
export function planModel(file: ModelFile, base: BaseFormat, maxBindingBytes: number, makeRenderer?: MakeRenderer): LoadedModel {
  const plan = planBase(file, base, maxBindingBytes)
  const tokenizer = modelTokenizer(file)
  return { file, plan, base: methodBase(plan, tokenizer), tokenizer, renderer: tokenizer && rendererOf(file, tokenizer, makeRenderer) }
}

interface LoadOptions {
  /** Where the chat template runs; absent = beside the caller. */
  makeRenderer?: MakeRenderer
  onProgress?: (fraction: number) => void
  signal?: AbortSignal
}

/** Puts a model's weights on the GPU, beside what lies there. @throws FormatError, UnsupportedError, DeviceError */
export async function loadModel(gpu: Gpu, file: ModelFile, base: BaseFormat, options: LoadOptions = {}): Promise<LoadedModel> {
  const model = planModel(file, base, gpu.profile.maxBindingBytes, options.makeRenderer)
  await loadBase(gpu, model.plan, options.onProgress, options.signal)
  return model
}

/** The model's tokenizer. @throws FormatError where its files hold none */
export function needTokenizer({ tokenizer, file }: LoadedModel): Tokenizer {
  if (!tokenizer)
    throw new FormatError(
      say`${file.name}: expected a tokenizer, got none. Choose a folder with tokenizer.json, or a GGUF file with its vocabulary.`,
    )
  return tokenizer
}
