// Several LoRA adapters as one adapter's files.
import type { Combination } from '../config/run-reports'
import { MemorySource } from '../formats/memory-source'
import { type LoraFile, combineLora } from '../peft/combine'
import type { Base } from '../peft/method'
import type { FolderFile } from '../peft/model-folder'
import { loraFiles, readAdapter, writeAdapter } from './adapter'

/** With their base, the result comes in every form that such an adapter has. @throws FormatError, UnsupportedError */
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
