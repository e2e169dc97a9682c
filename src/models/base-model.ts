// The frozen base on the GPU: its tensors, their formats and buffers, and how the buffers are filled from the file.
import { DeviceError, FormatError, OutOfMemoryError, UnsupportedError } from '../config/errors'
import { type Phrase, asWritten, joined, say } from '../config/phrase'
import type { BaseFormat } from '../config/run-config'
import type { Identity } from '../config/identity'
import { hashing, identityOf } from '../formats/fingerprint'
import { headName, layersName } from '../formats/hf-names'
import { stacked } from '../formats/expert-tensors'
import { finiteRows, floatPieces } from '../formats/load-weights'
import { type ModelFile, type TensorEntry, rowsAndCols } from '../formats/model-file'
import type { WeightFormatId } from '../formats/quant/format-id'
import { weightFormat } from '../formats/quant/registry'
import type { Gpu } from '../gpu/gpu'
import type { Weight, WeightPart } from '../ops/weight'
import { allocate, release } from '../tensor/program'
import { type Slot, type Tensor, align, count, slotTensor } from '../tensor/tensor'
import type { BaseSums } from './base-sums'
import { tryForward } from './dry-run'
import type { Family, TensorNeed } from './family'
import { fillMatrices } from './fill-matrices'
import { familyOf } from './registry'

export interface BaseModel {
  file: ModelFile
  family: Family
  base: BaseFormat
  /** Those of experts are together in one, which `experts` names. */
  matrices: ReadonlyMap<string, Weight>
  /** For the matrix of an expert: the name in `matrices` and the expert's number. */
  experts: ReadonlyMap<string, NonNullable<TensorNeed['expert']>>
  /** The tensors as they are read: those of experts together. */
  entries: ReadonlyMap<string, TensorEntry>
  vectors: ReadonlyMap<string, Tensor>
  slots: readonly Slot[]
  sizeBytes: number
  /** Weights that the model has. */
  parameters: number
}

/** Whether linear layers are held in another format than the file's, with other values. */
export const quantisesBase = (base: BaseFormat): boolean => base !== 'native' && weightFormat(base).blockWeights > 1

/**
 * A tensor's format on the GPU at a base precision. As in bitsandbytes, only linear layers are quantised; tables keep their format.
 * As in llama.cpp, rows that are no whole blocks become 16 bits.
 */
function targetFormat(need: TensorNeed, entry: TensorEntry, base: BaseFormat): WeightFormatId {
  const native = entry.native ?? entry.format
  if (base === 'native') return native
  if (base === 'f32' || base === 'f16') return base
  if (need.kind !== 'linear') return native
  const { blockBytes, blockWeights } = weightFormat(base)
  return blockBytes && entry.shape[1]! % blockWeights ? 'f16' : base
}

/** Tensors of the model's blocks or head that its family does not use. Ignoring them would compute another model. */
function unread({ tensors, config, container }: ModelFile, needs: readonly TensorNeed[]): string[] {
  const read = new Set(needs.map((need) => need.name))
  const blocks = [`${layersName(config.family)}.`, 'blk.']
  return [...tensors.keys()].filter((name) => {
    if (read.has(name)) return false
    const front = blocks.find((start) => name.startsWith(start))
    const layer = front && /^(\d+)\./.exec(name.slice(front.length))?.[1]
    // Outside the layers, a Hugging Face folder may hold tensors for training (a value head). A GGUF file holds only tensors that are used.
    return layer === undefined
      ? container === 'gguf' || name === headName(config.family).replace(/weight$/, 'bias')
      : Number(layer) < config.layers
  })
}

/** The first few of many sentences or names. */
function listed(all: readonly Phrase[], separator: string, most: number): Phrase {
  const more = all.length > most ? [say`and ${all.length - most} more`] : []
  return joined([...all.slice(0, most), ...more], separator)
}

/** @throws FormatError, UnsupportedError if the file's tensors are not those of the family */
function checkTensors(model: ModelFile, family: Family, needs: readonly TensorNeed[]): void {
  const problems = missingAndOdd(model, needs)
  const others = unread(model, needs).map(asWritten)
  const expected = say`${model.name}: expected the tensors of a model of the ${family.files.label} family`
  const head = headName(model.config.family)
  if (problems.length === 1 && !model.tensors.has(head) && needs.some((n) => n.name === head && !n.optional))
    throw new UnsupportedError(
      say`${expected}, got a file without a head (${head}), and config.json does not say that the embedding is the head. Embedding models are saved like this. Choose a model that generates text.`,
    )
  if (others.length && problems.length)
    throw new FormatError(
      say`${expected}, got a file where ${listed(problems, '; ', 3)}, and with ${listed(others, ', ', 3)} instead. Choose another model, or rename its tensors as in transformers.`,
    )
  if (others.length)
    throw new UnsupportedError(
      say`${expected}, got a file that also has ${listed(others, ', ', 3)}, which TabTune does not support. Choose another model.`,
    )
  if (problems.length) throw new FormatError(say`${expected}, got a file where ${listed(problems, '; ', 8)}. Choose the complete model.`)
}

function missingAndOdd(model: ModelFile, needs: readonly TensorNeed[]): Phrase[] {
  const problems: Phrase[] = []
  for (const need of needs) {
    const entry = model.tensors.get(need.name)
    if (!entry && !need.optional) problems.push(say`${need.name} is missing`)
    else if (entry && entry.shape.join() !== need.shape.join())
      problems.push(say`${need.name} should be [${need.shape.join(', ')}] and is [${entry.shape.join(', ')}]`)
  }
  return problems
}

/** The most rows whose packed bytes fit a binding. They are a multiple of `unit`, which is one of 64, so that each part starts with a new block of NF4. */
function partRows(format: WeightFormatId, rows: number, cols: number, maxBindingBytes: number, unit: number): number {
  if (weightFormat(format).gpuBytes(rows, cols) <= maxBindingBytes) return rows
  let part = Math.max(unit, Math.floor(rows / unit) * unit)
  while (part > unit && weightFormat(format).gpuBytes(part, cols) > maxBindingBytes) part = Math.floor(part / (2 * unit)) * unit
  return part
}

/** The fewest rows that are whole experts of `rows` each, and a multiple of 64. */
function wholeExperts(rows: number): number {
  let unit = rows
  while (unit % 64) unit += rows
  return unit
}

/** @throws UnsupportedError if the matrices of a block's experts cannot be put together */
function checkStack(where: string, entries: readonly TensorEntry[]): void {
  const formats = [...new Set(entries.map((entry) => entry.format))]
  const { name } = entries[0]!
  if (formats.length > 1)
    throw new UnsupportedError(
      say`${where}: expected all experts of a block in one number format, got ${formats.join(', ')} from ${name} on. Choose another file of this model.`,
    )
  if (weightFormat(formats[0]!).blockBytes === 0)
    throw new UnsupportedError(
      say`${where}: expected experts that were not quantised before, or in GGUF, got ${formats[0]!} in ${name}. Choose the original model, and the base precision nf4.`,
    )
}

function planMatrix(
  name: string,
  shape: readonly [number, number],
  format: WeightFormatId,
  maxBindingBytes: number,
  slots: Slot[],
  unit = 64,
): Weight {
  const [rows, cols] = shape
  const step = partRows(format, rows, cols, maxBindingBytes, unit)
  const layout = weightFormat(format)
  const parts: WeightPart[] = []
  for (let firstRow = 0; firstRow < rows; firstRow += step) {
    const count = Math.min(step, rows - firstRow)
    const slot: Slot = {
      label: parts.length ? `${name} ${parts.length}` : name,
      purpose: 'weights',
      sizeBytes: layout.gpuBytes(count, cols),
    }
    slots.push(slot)
    parts.push({ firstRow, rows: count, tensor: slotTensor(slot, [slot.sizeBytes / 4], 'u32') })
  }
  return { name, shape, format, reader: layout.reader(cols), parts }
}

/**
 * Plans all tensors and their buffers before anything is allocated.
 * @throws FormatError listing tensors that are missing or have another shape, or for settings that make no sense; UnsupportedError for an unknown family
 */
export function planBase(model: ModelFile, base: BaseFormat, maxBindingBytes: number): BaseModel {
  const family = familyOf(model)
  const needs = family.tensors(model.config)
  checkTensors(model, family, needs)
  const slots: Slot[] = []
  const matrices = new Map<string, Weight>()
  const vectors = new Map<string, Tensor>()
  const small: Slot = { label: 'norms and biases', purpose: 'weights', sizeBytes: 0 }
  let parameters = 0
  const entries = new Map(model.tensors)
  const experts = new Map<string, NonNullable<TensorNeed['expert']>>()
  const stacks = new Map<string, TensorEntry[]>()
  for (const need of needs) {
    const entry = model.tensors.get(need.name)
    if (!entry) continue
    parameters += count(entry.shape)
    if (need.expert) {
      const { stack } = need.expert
      experts.set(need.name, need.expert)
      entries.delete(need.name)
      stacks.set(stack, [...(stacks.get(stack) ?? []), entry])
    } else if (need.kind === 'vector') {
      vectors.set(need.name, slotTensor(small, need.shape, 'f32', small.sizeBytes, need.name))
      small.sizeBytes += align(count(need.shape) * 4)
    } else {
      const shape = rowsAndCols(need.shape)
      matrices.set(need.name, planMatrix(need.name, shape, targetFormat(need, entry, base), maxBindingBytes, slots))
    }
  }
  for (const [name, of] of stacks) {
    checkStack(model.name, of)
    const entry = stacked(name, of)
    entries.set(name, entry)
    const shape = entry.shape as readonly [number, number]
    const format = targetFormat({ name, kind: 'linear', shape }, entry, base)
    matrices.set(name, planMatrix(name, shape, format, maxBindingBytes, slots, wholeExperts(of[0]!.shape[0]!)))
  }
  slots.push(small)
  if (!model.config.vision) tryForward({ file: model, family, matrices, vectors })
  return {
    file: model,
    family,
    base,
    matrices,
    experts,
    entries,
    vectors,
    slots,
    sizeBytes: slots.reduce((sum, s) => sum + s.sizeBytes, 0),
    parameters,
  }
}

/** Values of a vector, as f32. */
async function vectorValues(entry: TensorEntry): Promise<Float32Array<ArrayBuffer>> {
  return weightFormat(entry.format).decode(await finiteRows(entry, 0, rowsAndCols(entry.shape)[0]), count(entry.shape))
}

/** All values of a tensor in the file, in f32. Reading takes a few MB more. */
export async function storedValues(entry: TensorEntry): Promise<Float32Array<ArrayBuffer>> {
  const [rows, cols] = rowsAndCols(entry.shape)
  const out = new Float32Array(rows * cols)
  for await (const { start, values } of floatPieces(entry, { rowStart: 0, rows, cols })) out.set(values, start * cols)
  return out
}

/** Rows of a table in f32, on the CPU. Prompts that start from words need them. */
export async function tableRows(model: ModelFile, name: string, rows: readonly number[]): Promise<Float32Array<ArrayBuffer>> {
  const entry = model.tensors.get(name)
  if (!entry) throw new FormatError(say`${model.name}: expected ${name}, which is missing. Choose the complete model.`)
  const cols = entry.shape[1]
  const out = new Float32Array(rows.length * cols)
  for (let i = 0; i < rows.length;) {
    // Consecutive rows are read at once.
    let count = 1
    while (rows[i + count] === rows[i] + count) count++
    out.set(weightFormat(entry.format).decode(await entry.readRows(rows[i], count), count * cols), i * cols)
    i += count
  }
  return out
}

/** The buffers of matrices. */
export function slotsOf(weights: readonly Weight[]): Slot[] {
  return weights.flatMap((w) => w.parts.flatMap((p) => (p.tensor.space.kind === 'slot' ? [p.tensor.space.slot] : [])))
}

/** Allocates and fills those of the base's matrices that are not on the GPU. */
export async function loadMatrices(gpu: Gpu, plan: BaseModel, weights: readonly Weight[]): Promise<void> {
  const away = weights.filter((w) => slotsOf([w]).some((slot) => !slot.buffer))
  await allocate(gpu, say`the model ${plan.file.name}`, slotsOf(away))
  await fillMatrices(gpu, away, plan.entries)
  await gpu.answered(gpu.device.queue.onSubmittedWorkDone())
  gpu.check()
}

/** Base precisions that may take less memory, the one closest to the file first. */
const smallerBases = ['f16', 'q8_0', 'nf4'] as const

/** The error for a base that the device has no memory for: which base precisions take less. */
function refusedBase({ file, base, sizeBytes }: BaseModel, maxBindingBytes: number, facts: Phrase): DeviceError {
  const megabytes = (bytes: number) => Math.ceil(bytes / 2 ** 20)
  const smaller = smallerBases
    .map((other) => ({ other, bytes: planBase(file, other, maxBindingBytes).sizeBytes }))
    .filter(({ other, bytes }) => other !== base && bytes < 0.9 * sizeBytes)
    .map(({ other, bytes }) => say`${megabytes(bytes)} MiB in ${other}`)
  return new DeviceError(
    smaller.length
      ? say`${facts} Instead of ${megabytes(sizeBytes)} MiB it takes ${joined(smaller)}. Choose one of these as the base precision, or a smaller model.`
      : say`${facts} No other base precision takes much less. Choose a smaller model.`,
  )
}

/** Allocates and fills the base, says which model it is, and notes in `sums` what was uploaded. After an error, or when cancelled, all its memory is released. */
export async function loadBase(
  gpu: Gpu,
  plan: BaseModel,
  onProgress?: (fraction: number) => void,
  signal?: AbortSignal,
  sums?: BaseSums,
): Promise<Identity> {
  await allocate(gpu, say`the model ${plan.file.name}`, plan.slots).catch((error: unknown) => {
    throw error instanceof OutOfMemoryError ? refusedBase(plan, gpu.profile.maxBindingBytes, error.facts) : error
  })
  const hashed = hashing(plan.entries)
  try {
    const vectors = await Promise.all(
      [...plan.vectors].map(async ([name, tensor]) => ({ name, tensor, values: await vectorValues(hashed.tensors.get(name)!) })),
    )
    for (const { name, tensor, values } of vectors) {
      if (tensor.space.kind !== 'slot') continue
      gpu.device.queue.writeBuffer(tensor.space.slot.buffer!, tensor.offset, values)
      await sums?.add({
        tensor: name,
        slot: tensor.space.slot,
        offset: tensor.offset,
        bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
      })
    }
    let done = 0
    const written: Parameters<typeof fillMatrices>[3] = (piece) => {
      done += piece.bytes.length
      onProgress?.(Math.min(1, done / plan.sizeBytes))
      return sums?.add(piece)
    }
    await fillMatrices(gpu, plan.matrices.values(), hashed.tensors, written, signal)
    await gpu.answered(gpu.device.queue.onSubmittedWorkDone())
    gpu.check()
    return await identityOf(plan.file.config, hashed, new Map(vectors.map(({ name, values }) => [name, values])))
  } catch (error) {
    release(gpu, plan.slots)
    throw error
  }
}
