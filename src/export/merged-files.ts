// A model with an adapter merged in, as the files of a Hugging Face folder or as one GGUF file; made while they are read.
import type { MergeForm } from '../config/run-reports'
import type { Gpu } from '../gpu/gpu'
import { quantisesBase } from '../models/base-model'
import type { LoadedModel } from '../peft/loaded-model'
import type { Adapter } from '../peft/method'
import { type MergeSource, type StreamedFile, mergedFolder } from './merge'
import { mergedGguf } from './merge-gguf'

/** @throws UnsupportedError for methods, bases and forms that do not merge */
export async function mergedFiles(
  gpu: Gpu,
  model: LoadedModel,
  adapter: Adapter,
  form: MergeForm,
  onTensor?: (fraction: number) => void,
): Promise<StreamedFile[]> {
  // A base that is quantised while loading is merged as it was trained over, any other as its file has it.
  const source: MergeSource = quantisesBase(model.plan.base) ? { ...model, held: { gpu, model } } : model
  return form === 'gguf' ? [await mergedGguf(source, adapter, onTensor)] : mergedFolder(source, adapter, form, onTensor)
}
