// A model with a merged adapter, as the files of a Hugging Face folder or as one GGUF file. They are made while they are read.
import { type MergeForm, ggufMixOf } from '../config/run-reports'
import type { Gpu } from '../gpu/gpu'
import { quantisesBase } from '../models/base-model'
import type { LoadedModel } from '../peft/loaded-model'
import type { Adapter } from '../peft/method'
import type { FloatType } from '../peft/model-folder'
import { type MergeSource, type StreamedFile, mergedFolder } from './merge'
import { mergedGguf } from './merge-gguf'

/** @throws UnsupportedError for methods, bases and forms that cannot be merged */
export async function mergedFiles(
  gpu: Gpu,
  model: LoadedModel,
  adapter: Adapter,
  form: MergeForm,
  onTensor?: (fraction: number) => void,
): Promise<StreamedFile[]> {
  // If the base was quantised while loading, the adapter is merged into the quantised values that it was trained on; else into the file's.
  const source: MergeSource = quantisesBase(model.plan.base) ? { ...model, held: { gpu, model } } : model
  const mix = ggufMixOf(form)
  return mix ? [await mergedGguf(source, adapter, mix, onTensor)] : mergedFolder(source, adapter, form as FloatType, onTensor)
}
