// A base with room for the tokens that an adapter adds: rows of zeros at the end of embedding and head, and a tokenizer with the tokens.
import { MemorySource } from '../formats/memory-source'
import type { ModelFile, TensorEntry } from '../formats/model-file'
import type { Adapter, Base } from '../peft/method'
import { withTokens } from '../tokenizer/added-tokens'
import { modelFolder } from '../peft/model-folder'
import { tokensOf } from '../peft/new-tokens'
import { tokenizerFiles } from '../peft/tokenizer-files'

/** A table with more rows, filled with 0. A block of zero bytes means zeros in every format. */
function grownEntry(entry: TensorEntry, rows: number): TensorEntry {
  const [before, cols] = entry.shape
  const rowBytes = entry.sizeBytes / before
  return {
    ...entry,
    shape: [rows, cols],
    sizeBytes: rows * rowBytes,
    async readRows(first, count) {
      const known = Math.max(0, Math.min(count, before - first))
      if (known === count) return entry.readRows(first, count)
      const out = new Uint8Array(count * rowBytes)
      if (known) out.set(await entry.readRows(first, known))
      return out
    },
  }
}

async function companionsWith(file: ModelFile, tokens: readonly string[]): Promise<ModelFile['companions']> {
  if (!file.companions || !tokens.length) return file.companions
  const made = new Map((await tokenizerFiles(file, tokens)).map((f) => [f.path, f.bytes]))
  const others = file.companions.filter((c) => !made.has(c.name.replace(/^.*\//, '')))
  return [...others, ...[...made].map(([path, bytes]) => new MemorySource(path, bytes))]
}

/** The grown base; `source` itself if the adapter adds no tokens. */
export async function grownSource<S extends { file: ModelFile; base: Base }>(source: S, { method, settings }: Adapter): Promise<S> {
  const { file, base } = source
  const tokens = tokensOf({ method, settings })
  const vocab = method.vocab?.(settings, base) ?? file.config.vocab
  if (!tokens.length && vocab === file.config.vocab) return source
  const config = { ...file.config, vocab }
  const tables = new Set([base.family.embedding(config).name, base.family.head(config)])
  const tensors = new Map([...file.tensors].map(([name, entry]) => [name, tables.has(name) ? grownEntry(entry, vocab) : entry]))
  const grown: ModelFile = {
    ...file,
    config,
    tensors,
    tokenizer: file.tokenizer && withTokens(file.tokenizer, tokens),
    companions: await companionsWith(file, tokens),
  }
  const needs = [...base.tensors].map(
    ([name, need]) => [name, tables.has(name) ? { ...need, shape: [vocab, need.shape[1]] } : need] as const,
  )
  const room: Base = {
    ...base,
    config,
    storedVocab: file.config.vocab,
    tensors: new Map(needs),
    folder: (dtype, more = []) => modelFolder(grown, dtype, [...base.ends, ...more]),
  }
  return { ...source, file: grown, base: room }
}
