// Merges an adapter into its base. The whole model is made piece by piece, so it takes little memory for models of any size.
import type { Asking } from '../config/asking'
import { UnsupportedError } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import { floatBytes, floatPieces } from '../formats/load-weights'
import { isTransposed } from '../formats/hf-names'
import { type ModelFile, type TensorEntry, rowsAndCols } from '../formats/model-file'
import { safetensorsHeader, safetensorsTypes } from '../formats/safetensors'
import type { Gpu } from '../gpu/gpu'
import type { Adapter, Base, Merge, NamedTensor } from '../peft/method'
import { ownFile, transposed } from '../peft/adapter-folder'
import { grownSource } from './grown'
import type { FloatType } from '../peft/model-folder'
import type { LoadedModel } from '../peft/loaded-model'

/** A file whose bytes are made while they are read. */
export interface StreamedFile {
  path: string
  sizeBytes: number
  chunks(): AsyncIterable<Uint8Array<ArrayBuffer>>
  /** What a person should know about it. */
  notices?: readonly Phrase[]
}

export interface MergeSource {
  file: ModelFile
  base: Base
  /** The loaded base, if the adapter is to be merged into its values instead of the file's (it was trained on NF4, for example). */
  held?: { gpu: Gpu; model: LoadedModel }
}

/** How the adapter changes the base's tensors. @throws UnsupportedError for methods that do not change weights */
export function mergeOf(adapter: Adapter, base: Base): Merge {
  const { method, settings, tensors } = adapter
  const merge = method.merge?.(tensors, settings, base)
  if (!merge)
    throw new UnsupportedError(
      say`merging: expected a method that changes weights, got ${method.label}, which adds other computations. Use the adapter without merging it.`,
    )
  return merge
}

interface Piece {
  /** The first row of the piece. */
  start: number
  values: Float32Array<ArrayBuffer>
}

/** A tensor's rows with the adapter's changes, a few MB at a time. Each piece starts at a multiple of 64 rows. */
export async function* mergedPieces({ base, held }: MergeSource, entry: TensorEntry, merge: Merge): AsyncGenerator<Piece> {
  const change = merge.get(entry.name)
  const [rows, cols] = rowsAndCols(entry.shape)
  // A table that has grown has the file's values, since only linear layers are quantised while loading.
  const plan = held?.model.plan
  if (held && (plan?.matrices.get(entry.name)?.shape[0] === rows || plan?.experts.has(entry.name))) {
    const values = await base.unpacked(held.gpu, entry.name)
    change?.(values, 0)
    yield { start: 0, values }
    return
  }
  for await (const { start, values } of floatPieces(entry, { rowStart: 0, rows, cols })) {
    change?.(values, start)
    yield { start, values }
  }
}

/** A whole tensor, if it cannot be processed by rows. */
export async function mergedWhole(source: MergeSource, entry: TensorEntry, merge: Merge): Promise<NamedTensor> {
  const [rows, cols] = rowsAndCols(entry.shape)
  const values = new Float32Array(rows * cols)
  for await (const piece of mergedPieces(source, entry, merge)) values.set(piece.values, piece.start * cols)
  return { shape: entry.shape, values }
}

/**
 * The model's Hugging Face folder with the adapter merged into its weights, which get type `dtype`.
 * @throws UnsupportedError if the method or the model does not allow it
 */
export async function mergedFolder(
  given: MergeSource,
  adapter: Adapter,
  dtype: FloatType,
  onTensor?: (fraction: number) => void,
): Promise<StreamedFile[]> {
  const source = await grownSource(given, adapter)
  return folderOf(source, mergeOf(adapter, source.base), dtype, adapter.asking, onTensor)
}

/** The base alone as a Hugging Face folder with weights of type `dtype`. @throws UnsupportedError if config.json cannot be made */
export const baseFolder = (source: MergeSource, dtype: FloatType): Promise<StreamedFile[]> => folderOf(source, new Map(), dtype)

async function folderOf(
  source: MergeSource,
  merge: Merge,
  dtype: FloatType,
  asking?: Asking,
  onTensor?: (fraction: number) => void,
): Promise<StreamedFile[]> {
  const { file, base } = source
  const turned = (name: string) => isTransposed(base.config.family, name)
  const entries = [...base.tensors.keys()].map((name) => file.tensors.get(name)!)
  const shapes = entries.map((e) => ({
    name: e.name,
    shape: turned(e.name) ? [...e.shape].reverse() : e.shape,
    dtype: safetensorsTypes[dtype],
  }))
  const { bytes: header, ordered, sizeBytes } = safetensorsHeader(shapes)
  const byName = new Map(entries.map((e) => [e.name, e]))
  async function* chunks(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    yield header
    for (const [i, { name }] of ordered.entries()) {
      const entry = byName.get(name)!
      // Conv1D matrices are [in, out] in the file, so each is completed before it is transposed.
      if (turned(name)) yield floatBytes(name, transposed(await mergedWhole(source, entry, merge)).values, dtype)
      else for await (const { values } of mergedPieces(source, entry, merge)) yield floatBytes(name, values, dtype)
      onTensor?.((i + 1) / ordered.length)
    }
  }
  const asked = asking ? [ownFile({ asking })] : []
  const small = [...(await base.folder(dtype, asking?.ends)), ...asked].map(({ path, bytes }) => ({
    path,
    sizeBytes: bytes.length,
    chunks: () => once(bytes),
  }))
  return [...small, { path: 'model.safetensors', sizeBytes, chunks }]
}

async function* once(bytes: Uint8Array<ArrayBuffer>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  yield bytes
}
