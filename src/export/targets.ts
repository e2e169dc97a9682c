// Programs that an adapter can be written for, beside the libraries that its own folder is for. A new one is a file, a line here and its name in
// src/config/run-reports.ts.
import type { AdapterTarget } from '../config/run-reports'
import type { LoadedModel } from '../peft/loaded-model'
import type { Adapter } from '../peft/method'
import type { FloatType, FolderFile } from '../peft/model-folder'
import { mlxAdapter } from './mlx'
import { ollamaFiles } from './ollama'

const writers = {
  ollama: (adapter, model, dtype) => ollamaFiles(adapter, model, dtype),
  mlx: (adapter, { base }, dtype) => mlxAdapter(adapter, base, dtype),
} satisfies Record<AdapterTarget, (adapter: Adapter, model: LoadedModel, dtype: FloatType) => FolderFile[]>

/** The adapter's files for `target`, with values of type `dtype`. @throws UnsupportedError for what the program cannot compute */
export const adapterFor = (target: AdapterTarget, adapter: Adapter, model: LoadedModel, dtype: FloatType): FolderFile[] =>
  writers[target](adapter, model, dtype)
