// The fingerprint of a model's weights. It is taken while the weights are read to be loaded, so no byte is read for it alone.
import type { Identity } from '../config/identity'
import { hex, sha256, sha256Text } from '../config/sha256'
import { filesOf } from './families/registry'
import { headName } from './hf-names'
import type { ModelConfig, TensorEntry } from './model-file'
import { toBfloat } from './quant/half'
import { weightFormat } from './quant/registry'

/**
 * Rows that are hashed together. Pieces begin at multiples of 64 rows whatever their size (`rowsPerPiece` in load-weights), so the
 * hash does not depend on the base precision or on the device.
 */
const groupRows = 64

/** Digests of a tensor's groups of rows, by the first row. */
type Groups = Map<number, Promise<ArrayBuffer>>

interface HashedTensors {
  /** The same tensors. Their rows are hashed when they are read. */
  tensors: ReadonlyMap<string, TensorEntry>
  /** SHA-256 of the tensors that were read, in any order and in pieces of any size, but for those in `without`. */
  digest(without?: ReadonlySet<string>): Promise<string>
}

function hashed(entry: TensorEntry, groups: Groups): TensorEntry {
  // What bitsandbytes packed has no rows of its own.
  const whole = weightFormat(entry.format).blockBytes === 0
  return {
    ...entry,
    async readRows(rowStart, rowCount) {
      // Hashing runs beside reading and converting. It may fall one piece behind, so that few copies are in memory.
      await Promise.all(groups.values())
      const bytes = await entry.readRows(rowStart, rowCount)
      const step = whole ? rowCount : groupRows
      const rowBytes = bytes.length / rowCount
      for (let row = 0; row < rowCount; row += step)
        groups.set(rowStart + row, sha256(bytes.subarray(row * rowBytes, Math.min(rowCount, row + step) * rowBytes)))
      return bytes
    },
  }
}

async function tensorLine({ name, shape, format }: TensorEntry, groups: Groups): Promise<string> {
  const digests = await Promise.all([...groups].sort(([a], [b]) => a - b).map(([, digest]) => digest))
  return `${JSON.stringify(name)} ${shape.join('x')} ${format} ${hex(await sha256(new Uint8Array(await new Blob(digests).arrayBuffer())))}`
}

/** `tensors`, to be loaded through the result, which hashes them on the way. */
export function hashing(tensors: ReadonlyMap<string, TensorEntry>): HashedTensors {
  const read = new Map<string, Groups>([...tensors.keys()].map((name) => [name, new Map()]))
  return {
    tensors: new Map([...tensors].map(([name, entry]) => [name, hashed(entry, read.get(name)!)])),
    async digest(without) {
      const lines = [...read].flatMap(([name, groups]) =>
        groups.size && !without?.has(name) ? [tensorLine(tensors.get(name)!, groups)] : [],
      )
      return sha256Text((await Promise.all(lines)).sort().join('\n'))
    },
  }
}

/** The head of a model that sorts pictures. It follows the classes of a task, and every method trains it, so it is no part of the base's identity. */
function headTensors(family: string): ReadonlySet<string> {
  const weight = headName(family)
  return new Set([weight, weight.replace(/weight$/, 'bias')])
}

/** The numbers that decide what a model computes. GGUF has them as f32. */
function numbersOf(config: ModelConfig): string {
  const { family, layers, hidden, intermediate, heads, kvHeads, headDim, normEpsilon, ropeTheta, ropeFactors, tied, hiddenAct } = config
  const vocab = config.vision ? 0 : config.vocab
  const { ropeDim, rope } = config
  const floats = [normEpsilon, ropeTheta, ...(ropeFactors ?? [])].map(Math.fround)
  const rotary = [
    ...(ropeDim === undefined ? [] : [ropeDim]),
    ...(rope ? [rope.scale ?? 1, rope.dynamic ?? 0, rope.long?.beyond ?? 0, ...(rope.long?.factors ?? [])].map(Math.fround) : []),
  ]
  const { experts } = filesOf(family)
  const mixture = experts
    ? [experts.mixture(config)].flatMap(({ count, perToken, inner, normalised }) => [count, perToken, inner, normalised])
    : []
  return JSON.stringify([
    family,
    layers,
    hidden,
    intermediate,
    heads,
    kvHeads,
    headDim,
    vocab,
    tied,
    hiddenAct,
    floats,
    ...rotary,
    ...mixture,
  ])
}

/** The identity of a model whose weights were read through `read`. `vectors`: its norms and biases by name. */
export async function identityOf(
  config: ModelConfig,
  read: HashedTensors,
  vectors: ReadonlyMap<string, Float32Array<ArrayBuffer>>,
): Promise<Identity> {
  const { family, layers, hidden, intermediate, heads, kvHeads, headDim } = config
  const head = config.vision ? headTensors(family) : undefined
  // Quantised files keep norms and biases as they are. bf16 is the coarsest type in which a publisher stores them.
  const lines = await Promise.all(
    [...vectors]
      .filter(([name]) => !head?.has(name))
      .map(
        async ([name, values]) => `${JSON.stringify(name)} ${hex(await sha256(new Uint8Array(Uint16Array.from(values, toBfloat).buffer)))}`,
      ),
  )
  const shape = JSON.stringify([family, layers, hidden, intermediate, heads, kvHeads, headDim])
  return {
    fingerprint: await sha256Text(`${numbersOf(config)}\n${await read.digest(head)}`),
    lineage: await sha256Text([shape, ...lines.sort()].join('\n')),
  }
}
