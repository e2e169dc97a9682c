// An adapter merged into a GGUF file. For a GGUF base the file keeps the base's metadata and gets new weights. For a Hugging Face folder
// all of the file is new.
import { UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import type { GgufMix } from '../config/run-reports'
import { expertsInGguf, ggufExpert } from '../formats/expert-tensors'
import { ggufModelName } from '../formats/families/gguf-name'
import { filesOf } from '../formats/families/registry'
import { ggufEntries, ggufModelMetadata, hasRopeFactors } from '../formats/gguf-metadata'
import { ggufName, ggufOffset, ggufOrder, hfName, inGgufOrder } from '../formats/gguf-names'
import { type GgufEntry, ggufHead, ggufPadding } from '../formats/gguf-write'
import type { ModelFile } from '../formats/model-file'
import type { GgufTensor } from '../formats/gguf'
import { fileBytes } from '../formats/load-weights'
import type { WeightFormatId } from '../formats/quant/format-id'
import type { Adapter, Merge } from '../peft/method'
import { modelTokenizer } from '../tokenizer/create-tokenizer'
import { chatTemplateOf } from '../tokenizer/model-templates'
import { ggufTokenizerMetadata } from '../tokenizer/hf-to-gguf'
import { ggufTypeNumber, mixFallbacks, mixMetadata, mixType } from './gguf-mix'
import { grownSource } from './grown'
import { type MergeSource, type StreamedFile, mergeOf, mergedPieces, mergedWhole } from './merge'

/** Metadata that is not copied, because it is written again or is true only of the base's file. */
const left = /^general\.(file_type|alignment|quantization_version)$|^split\./

interface Planned extends Pick<GgufTensor, 'name' | 'dimensions'> {
  /** The Hugging Face name, if it is a tensor of the model; for matrices of experts that GGUF joins, their names in order. */
  hf?: string | readonly string[]
  /** A tensor that does not belong to the model: its type's number and its bytes. */
  other?: { type: number; read: () => Promise<Uint8Array<ArrayBuffer>> }
}

interface NewFile {
  tensors: Planned[]
  metadata: Record<string, GgufEntry>
  /** Entries of the base's metadata, unchanged. */
  copied: Uint8Array[]
}

/** For a GGUF base. Tensors that do not belong to the model are copied. */
async function ofGguf(
  file: ModelFile,
  { source, header }: NonNullable<ModelFile['gguf']>,
  ends: readonly number[] | undefined,
): Promise<NewFile> {
  const tensors = [...header.tensors.values()].map(({ name, dimensions, type, source, offset, sizeBytes }): Planned => {
    const experts = expertsInGguf(file.config, name)
    if (experts) return { name, dimensions, hf: experts }
    const hf = hfName(file.config.family, name)
    if (hf === undefined) return { name, dimensions, other: { type, read: async () => (await source.read(offset, sizeBytes!)).slice() } }
    const shape = file.tensors.get(hf)!.shape
    return { name, dimensions: shape.toReversed(), hf }
  })
  // If tokens are added, some entries of the vocabulary change.
  const words = file.tokenizer?.kind === 'gguf' ? file.tokenizer.metadata : {}
  const changed = Object.fromEntries(Object.entries(words).filter(([key, value]) => header.metadata[key] !== value))
  const spans = [...header.spans].filter(([key]) => !left.test(key) && !Object.hasOwn(changed, key)).map(([, span]) => span)
  return {
    tensors,
    metadata: ggufEntries({ ...changed, ...endOfTurn(header.metadata, ends) }),
    copied: await Promise.all(spans.map(([start, end]) => source.read(start, end - start))),
  }
}

/** Tensors of factors for rotary frequencies, by their names in GGUF. */
function ropeLists(config: ModelFile['config']): [string, readonly number[]][] {
  if (config.rope?.long)
    return [
      ['rope_factors_short.weight', config.ropeFactors!],
      ['rope_factors_long.weight', config.rope.long.factors],
    ]
  return hasRopeFactors(config) ? [['rope_freqs.weight', config.ropeFactors!]] : []
}

/**
 * For a Hugging Face folder: metadata and names are made again. Without a tokenizer in the folder, the file has none.
 * @throws UnsupportedError for tokenizers and scalings that GGUF or TabTune do not support
 */
function ofFolder({ file, base }: MergeSource, ends: readonly number[] | undefined): NewFile {
  const { config, tokenizer } = file
  if (config.vision)
    throw new UnsupportedError(
      say`${file.name}: expected a language model, got one that sorts pictures, which GGUF does not have here. Merge into a folder instead.`,
    )
  const tensors = [...base.tensors.values()].flatMap(({ name: hf, shape, expert }): Planned[] => {
    if (expert) {
      const { name } = ggufExpert(config.family, hf)!
      const experts = expertsInGguf(config, name)!
      return expert.index ? [] : [{ name, hf: experts, dimensions: [...shape.toReversed(), experts.length] }]
    }
    const name = ggufName(config.family, hf)
    if (name === undefined || filesOf(config.family).ggufLacks?.test(name))
      throw new UnsupportedError(say`${file.name}: expected only tensors that llama.cpp knows, got ${hf}. Merge into a folder instead.`)
    return [{ name, hf, dimensions: shape.toReversed() }]
  })
  for (const [name, list] of ropeLists(config)) {
    const factors = Float32Array.from(list)
    const other = { type: ggufTypeNumber('f32'), read: async () => new Uint8Array(factors.buffer) }
    tensors.push({ name, dimensions: [factors.length], other })
  }
  const words: Readonly<Record<string, unknown>> =
    tokenizer?.kind === 'hf'
      ? ggufTokenizerMetadata(tokenizer, modelTokenizer(file)!, chatTemplateOf(tokenizer), config.vocab)
      : { 'tokenizer.ggml.model': 'none' }
  const metadata = {
    ...ggufModelMetadata({ config, name: ggufModelName(file.name, words['tokenizer.ggml.tokens']) }),
    ...ggufEntries({ ...words, ...endOfTurn(words, ends) }),
  }
  return { tensors, metadata, copied: [] }
}

async function* tensorBytes(
  source: MergeSource,
  { name, dimensions, hf, other }: Planned,
  type: WeightFormatId,
  merge: Merge,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { file, base } = source
  const { config } = file
  if (hf === undefined) return yield await other!.read()
  if (typeof hf !== 'string') {
    for (const one of hf) yield* tensorBytes(source, { name, dimensions, hf: one }, type, merge)
    return
  }
  const entry = file.tensors.get(hf)!
  const order = base.tensors.has(hf) ? ggufOrder(config, hf) : undefined
  if (order) {
    const { values, shape } = await mergedWhole(source, entry, merge)
    yield fileBytes(hf, inGgufOrder(values, shape[1] ?? 1, order), type)
    return
  }
  const offset = base.tensors.has(hf) ? ggufOffset(config.family, hf) : 0
  for await (const { values } of mergedPieces(source, entry, merge))
    yield fileBytes(hf, offset ? values.map((v) => v + offset) : values, type)
}

const [eosKey, eotKey] = ['tokenizer.ggml.eos_token_id', 'tokenizer.ggml.eot_token_id']

/** Makes the end token of trained answers the end-of-turn token if the metadata name none. llama.cpp finds it only for some families. */
function endOfTurn(words: Readonly<Record<string, unknown>>, ends: readonly number[] = []): Record<string, unknown> {
  const end = ends.find((id) => id !== words[eosKey])
  return end === undefined || words[eotKey] !== undefined ? {} : { [eotKey]: end }
}

/**
 * The GGUF file of the base with the adapter merged into its weights, with the types of `mix`. It is made tensor by tensor.
 * @throws UnsupportedError as `ofFolder` and `mergeOf`
 */
export async function mergedGguf(
  given: MergeSource,
  adapter: Adapter,
  mix: GgufMix = 'f16',
  onTensor?: (fraction: number) => void,
): Promise<StreamedFile> {
  const source = await grownSource(given, adapter)
  const { gguf, name } = source.file
  const merge = mergeOf(adapter, source.base)
  const { tensors, metadata, copied } = gguf
    ? await ofGguf(source.file, gguf, adapter.asking?.ends)
    : ofFolder(source, adapter.asking?.ends)
  const tied = !tensors.some(({ name }) => name === 'output.weight')
  const types = tensors.map((t) => mixType(mix, t, source.file.config, tied))
  const places = tensors.map(({ name, dimensions, other }, i) => ({ name, dimensions, type: other?.type ?? ggufTypeNumber(types[i]!) }))
  const { bytes: head, sizeBytes } = ggufHead({ ...metadata, ...mixMetadata(mix) }, places, copied)
  async function* chunks(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    yield head
    for (const [i, tensor] of tensors.entries()) {
      let sizeBytes = 0
      for await (const bytes of tensorBytes(source, tensor, types[i]!, merge)) {
        sizeBytes += bytes.length
        yield bytes
      }
      yield ggufPadding(sizeBytes)
      onTensor?.((i + 1) / tensors.length)
    }
  }
  const made = tensors.filter(({ other }) => !other)
  const notices = mixFallbacks(mix, made, source.file.config, tied)
  return { path: `${name.replace(/[^\w.-]+/g, '-')}-${adapter.method.name}-${mix}.gguf`, sizeBytes, chunks, notices }
}
