// A GGUF file as a model: metadata → ModelConfig, tensors in Hugging Face names, dimensions and row order.
import { FormatError, UnsupportedError } from '../config/errors'
import { joined, say } from '../config/phrase'
import type { GgufHeader, GgufTensor } from './gguf'
import { singleExperts } from './expert-tensors'
import { readGgufParts } from './gguf-parts'
import { ggufConfig } from './gguf-config'
import { ggufEndKeys } from './gguf-metadata'
import { type RowOrder, ggufOffset, ggufOrder, hfName } from './gguf-names'
import { ggufTypes, readableGgufTypes } from './gguf-types'
import type { GgufValue } from './gguf-values'
import type { ModelConfig, ModelFile, TensorEntry } from './model-file'
import { weightFormat } from './quant/registry'
import type { ByteSource } from './source'

type Metadata = GgufHeader['metadata']

function refuseUnreadable(source: ByteSource, tensors: Iterable<GgufTensor>): void {
  const unreadable = new Map<number, number>()
  for (const { type } of tensors) {
    if (ggufTypes[type]?.format) continue
    unreadable.set(type, (unreadable.get(type) ?? 0) + 1)
  }
  if (unreadable.size === 0) return
  const got = [...unreadable].map(([type, count]) => {
    const name = ggufTypes[type]?.name ?? say`type number ${type}`
    return count === 1 ? say`${name} (1 tensor)` : say`${name} (${count} tensors)`
  })
  throw new UnsupportedError(
    say`${source.name}: expected tensors of ${readableGgufTypes}, got ${joined(got)}. Choose a file of this model with another quantisation, such as Q4_K_M or Q8_0.`,
  )
}

function outOfRange(name: string, rows: number, rowStart: number, rowCount: number): FormatError {
  return new FormatError(say`${name}: expected rows up to ${rows}, got ${rowCount} from row ${rowStart}. This is a mistake in TabTune.`)
}

/** Rows [start, start + count) in Hugging Face order. Rows that follow each other in the file are read at once. */
async function inRuns(
  { row }: RowOrder,
  start: number,
  count: number,
  rowBytes: number,
  stored: (from: number, count: number) => Promise<Uint8Array>,
): Promise<Uint8Array<ArrayBuffer>> {
  const out = new Uint8Array(count * rowBytes)
  for (let i = 0; i < count;) {
    const from = row(start + i)
    let run = 1
    while (i + run < count && row(start + i + run) === from + run) run++
    out.set(await stored(from, run), i * rowBytes)
    i += run
  }
  return out
}

/** A tensor with its rows, which are put in Hugging Face order. */
function entryOf(tensor: GgufTensor, name: string, order: RowOrder | undefined, headDim: number): TensorEntry {
  const shape = [...tensor.dimensions].reverse()
  const { format, blockWeights, blockBytes } = ggufTypes[tensor.type]!
  const vector = shape.length === 1
  const rows = vector ? 1 : shape.slice(0, -1).reduce((product, n) => product * n, 1)
  // Rows of a matrix, or single values of a bias, are put in order.
  const units = vector && order ? shape[0]! : rows
  const unitBytes = vector && order ? blockBytes : (shape.at(-1)! / blockWeights) * blockBytes
  const readUnits = async (start: number, count: number): Promise<Uint8Array<ArrayBuffer>> => {
    const stored = (from: number, some: number) => tensor.source.read(tensor.offset + from * unitBytes, some * unitBytes)
    if (!order) return stored(start, count)
    if (!order.withinHeads) return inRuns(order, start, count, unitBytes, stored)
    const from = Math.floor(start / headDim) * headDim
    const to = Math.min(Math.ceil((start + count) / headDim) * headDim, units)
    const heads = await stored(from, to - from)
    const out = new Uint8Array(count * unitBytes)
    for (let i = 0; i < count; i++) {
      const at = (order.row(start + i) - from) * unitBytes
      out.set(heads.subarray(at, at + unitBytes), i * unitBytes)
    }
    return out
  }
  return {
    name,
    shape,
    format: format!,
    sizeBytes: tensor.sizeBytes!,
    async readRows(rowStart, rowCount) {
      if (rowStart < 0 || rowCount < 0 || rowStart + rowCount > rows) throw outOfRange(name, rows, rowStart, rowCount)
      return vector ? readUnits(0, units) : readUnits(rowStart, rowCount)
    },
  }
}

/** A vector with `offset` subtracted from its values, in f32, so that the publisher's formula holds. */
function less(entry: TensorEntry, offset: number): TensorEntry {
  const [count] = entry.shape as [number]
  return {
    ...entry,
    format: 'f32',
    async readRows(rowStart, rowCount) {
      const values = weightFormat(entry.format).decode(await entry.readRows(rowStart, rowCount), count)
      return new Uint8Array(values.map((v) => v - offset).buffer)
    },
  }
}

/** Tensors that are not weights of the model: rotary factors, which become part of the configuration, and the encoders of pictures or sound in Ollama's files. */
const isBeside = (name: string) => /^(rope_(freqs|factors_long|factors_short)\.weight$|(v|a|mm)\.)/.test(name)

function tensorsOf(header: GgufHeader, config: ModelConfig): Map<string, TensorEntry> {
  const tensors = new Map<string, TensorEntry>()
  for (const tensor of header.tensors.values()) {
    if (isBeside(tensor.name)) continue
    // A tensor that no family reads keeps its name. models/base-model refuses it.
    const name = hfName(config.family, tensor.name) ?? tensor.name
    const order = ggufOrder(config, name)
    if (order && tensor.dimensions.at(-1)! % config.headDim) {
      throw new FormatError(
        say`${tensor.source.name}, tensor ${tensor.name}: expected whole heads of ${config.headDim} rows, got ${tensor.dimensions.at(-1)}. The file is damaged; download it again.`,
      )
    }
    const entry = entryOf(tensor, name, order, config.headDim)
    const offset = ggufOffset(config.family, name)
    for (const one of singleExperts(config, offset ? less(entry, offset) : entry)) tensors.set(one.name, one)
  }
  return tensors
}

function idsOf(metadata: Metadata): ModelFile['special'] {
  // 0xFFFFFFFF means "none".
  const isId = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0 && (value as number) < 0xffffffff
  const id = (key: string): number | undefined => [metadata[`tokenizer.ggml.${key}`]].find(isId)
  // Ollama's converter writes a list beside the single ids.
  const list = Array.from((metadata['tokenizer.ggml.eos_token_ids'] ?? []) as ArrayLike<unknown>)
  const ends = [...ggufEndKeys.map(id), ...list].filter(isId)
  return { bos: id('bos_token_id'), eos: ends.length ? [...new Set(ends)] : undefined, pad: id('padding_token_id') }
}

function otherKind(name: string, kind: GgufValue): Error {
  if (kind === 'adapter')
    return new UnsupportedError(
      say`${name}: expected a language model, got an adapter in GGUF. Load its base model here, then import the adapter.`,
    )
  if (kind === 'model' || kind === 'mmproj')
    return new UnsupportedError(
      say`${name}: expected a language model, got the encoder of pictures or sound of one (mmproj). Choose the language model's own GGUF file.`,
    )
  return new UnsupportedError(
    say`${name}: expected a language model, got a GGUF file of type ${String(kind).slice(0, 40)}. Choose the model itself.`,
  )
}

/** Opens a GGUF file, or all parts of a split one in any order. @throws FormatError, UnsupportedError */
export async function openGguf(sources: readonly ByteSource[]): Promise<ModelFile> {
  const { source, header } = await readGgufParts(sources)
  const { metadata } = header
  const kind = metadata['general.type'] ?? 'model'
  if (kind !== 'model' || metadata['general.architecture'] === 'clip') throw otherKind(source.name, kind)
  if (header.tensors.size === 0)
    throw new FormatError(say`${source.name}: expected a model with tensors, got a file with metadata only. Choose the model's own file.`)
  const config = await ggufConfig(source, header)
  refuseUnreadable(source, header.tensors.values())
  const text = (key: string) => (typeof metadata[key] === 'string' ? metadata[key] : undefined)
  return {
    container: 'gguf',
    name: text('general.name') ?? source.name.replace(/^.*\//, '').replace(/(-\d{5}-of-\d{5})?\.gguf$/i, ''),
    licence: text('general.license'),
    config,
    tensors: tensorsOf(header, config),
    tokenizer: metadata['tokenizer.ggml.tokens'] ? { kind: 'gguf', metadata } : undefined,
    special: idsOf(metadata),
    gguf: { source, header },
    sizeBytes: [...header.tensors.values()].reduce((sum, tensor) => sum + tensor.sizeBytes!, 0),
  }
}
