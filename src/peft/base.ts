// What methods can read of a model's file.
import { UnsupportedError } from '../config/errors'
import type { Identity } from '../config/identity'
import { type Phrase, say } from '../config/phrase'
import { floatPieces } from '../formats/load-weights'
import type { TensorEntry } from '../formats/model-file'
import { type BaseModel, storedValues, tableRows } from '../models/base-model'
import { principal } from '../models/principal'
import { unpacked } from '../models/unpack'
import type { Base } from './method'
import { checkNewTokens, nextTokenId } from '../tokenizer/added-tokens'
import { modelTokenizer } from '../tokenizer/create-tokenizer'
import type { Tokenizer } from '../tokenizer/tokenizer'
import { folderProblem, modelFolder } from './model-folder'
import { tokenizerFiles } from './tokenizer-files'

async function rowStatistics(entry: TensorEntry, rows: number): Promise<{ mean: Float64Array; deviation: Float64Array }> {
  const cols = entry.shape[1]
  const [mean, square] = [new Float64Array(cols), new Float64Array(cols)]
  for await (const { values } of floatPieces(entry, { rowStart: 0, rows, cols }))
    for (let i = 0; i < values.length; i++) {
      mean[i % cols] += values[i] / rows
      square[i % cols] += values[i] ** 2 / rows
    }
  return { mean, deviation: square.map((s, c) => Math.sqrt(Math.max(0, s - mean[c] ** 2))) }
}

/** The base for methods. Without a tokenizer, methods cannot use text. `identity`: which model it is, if its weights are loaded. */
export function methodBase(plan: BaseModel, tokenizer: Tokenizer | undefined, identity?: Identity): Base {
  const { file, family } = plan
  const tensors = family.tensors(file.config).filter((t) => file.tensors.has(t.name))
  let next: number | undefined
  const newIds = new Map<string, readonly number[]>()
  /** Kept, because making one takes a second if the vocabulary is large. */
  const tokenizers = new Map<string, Tokenizer | undefined>()
  let problem: Promise<Phrase | undefined> | undefined
  const ends = tokenizer?.ends ?? []
  const sizes = (some: typeof tensors) => new Map(some.map((t) => [t.name.replace(/\.weight$/, ''), t.shape as readonly [number, number]]))
  return {
    name: file.name,
    parameters: plan.parameters,
    identity,
    family,
    config: file.config,
    sites: sizes(tensors.filter((t) => t.kind === 'linear' && !t.expert)),
    named: sizes(tensors.filter((t) => t.expert ?? t.router)),
    tensors: new Map(tensors.map((t) => [t.name, t])),
    stored: (name) => storedValues(file.tensors.get(name)!),
    ends,
    folder: (dtype, more = []) => modelFolder(file, dtype, [...ends, ...more]),
    folderProblem: () => (problem ??= folderProblem(file)),
    async embeddingRows(ids) {
      const { name, scale } = family.embedding(file.config)
      const rows = await tableRows(file, name, ids)
      return scale === 1 ? rows : rows.map((v) => v * scale)
    },
    rows: (name, ids) => tableRows(file, name, ids),
    rowStatistics: (name, count) => rowStatistics(file.tensors.get(name)!, count),
    get nextTokenId() {
      return (next ??= file.tokenizer && nextTokenId(file.tokenizer))
    },
    newTokenIds(tokens) {
      const source = file.tokenizer
      if (!source)
        throw new UnsupportedError(
          say`${file.name}: expected a tokenizer that new tokens can be added to, got none. Choose a folder with tokenizer.json, or a GGUF file with its vocabulary.`,
        )
      const key = JSON.stringify(tokens)
      const found = newIds.get(key)
      if (found) return found
      checkNewTokens(source, tokens)
      const first = nextTokenId(source)
      const ids = tokens.map((_, i) => first + i)
      newIds.set(key, ids)
      return ids
    },
    tokenizerWith(tokens) {
      const key = JSON.stringify(tokens)
      if (!tokenizers.has(key)) tokenizers.set(key, modelTokenizer(file, tokens))
      return tokenizers.get(key)
    },
    tokenizerFiles: (tokens) => tokenizerFiles(file, tokens),
    principal: (gpu, name, rank, random) => principal(gpu, plan.matrices.get(name)!, rank, random),
    unpacked: (gpu, name) => unpacked(gpu, plan, name),
    encode: (text) => {
      if (!tokenizer)
        throw new UnsupportedError(
          say`${file.name}: expected a tokenizer for the starting text, got none. Choose a folder with tokenizer.json, or a GGUF file with its vocabulary.`,
        )
      return tokenizer.encode(text, { addSpecial: false })
    },
  }
}
