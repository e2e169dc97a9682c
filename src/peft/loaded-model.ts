// A model with everything that methods, runs and decoding need of it.
import type { ModelFile } from '../formats/model-file'
import type { BaseModel } from '../models/base-model'
import type { Tokenizer } from '../tokenizer/tokenizer'
import type { Base } from './method'

/** A model that is read and, once `plan`'s slots are filled, on the GPU. */
export interface LoadedModel {
  file: ModelFile
  plan: BaseModel
  base: Base
  tokenizer: Tokenizer | undefined
}
