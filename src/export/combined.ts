// Combines several LoRA adapters into the files of one adapter.
import type { Combination } from '../config/run-reports'
import { MemorySource } from '../formats/memory-source'
import { type LoraFile, combineLora } from '../peft/combine'
import type { Base } from '../peft/method'
import type { FolderFile } from '../peft/model-folder'
import { loraFiles, readAdapter, writeAdapter } from './adapter'

/** The files of the combined adapter; if the base is given, in every form that such an adapter has. @throws FormatError, UnsupportedError */
export async function combinedFiles(
  adapters: readonly LoraFile[],
  weights: readonly number[],
  type: Combination,
  base: Base | undefined,
): Promise<FolderFile[]> {
  const files = loraFiles(combineLora(adapters, weights, type))
  if (!base) return files
  const sources = files.map((f) => new MemorySource(f.path, f.bytes))
  return writeAdapter(await readAdapter(sources, base), base)
}
