// Tensor names and row orders in GGUF and in Hugging Face files; src/formats/families has the tables.
import { families, filesOf, pictureFamilies } from './families/registry'
import type { ModelConfig } from './model-file'

const names = new Map(
  [...families, ...pictureFamilies].map(({ name, tensors }) => [
    name,
    { toHf: new Map(tensors), toGguf: new Map(tensors.map(([gguf, hf]) => [hf, gguf])) },
  ]),
)

function rename(names: ReadonlyMap<string, string>, name: string): string | undefined {
  const [, stem = '', ending = ''] = /^(.*?)(\.weight|\.bias)?$/s.exec(name) ?? []
  const layer = /\.(\d+)\./.exec(stem)?.[1]
  const found = names.get(layer === undefined ? stem : stem.replace(`.${layer}.`, '.{n}.'))
  return found === undefined ? undefined : (layer === undefined ? found : found.replace('{n}', layer)) + ending
}

/** `blk.0.attn_q.weight` → `model.layers.0.self_attn.q_proj.weight`; undefined for a tensor that Hugging Face does not have. */
export function hfName(family: string, gguf: string): string | undefined {
  return rename(names.get(family)!.toHf, gguf)
}

/** `model.layers.0.self_attn.q_proj.weight` → `blk.0.attn_q.weight`; also for module names without an ending. */
export function ggufName(family: string, hf: string): string | undefined {
  return rename(names.get(family)!.toGguf, hf)
}

/** The number that GGUF files add to the values of a tensor with this Hugging Face name. It is 0 except for the norms of some families. */
export function ggufOffset(family: string, hf: string): number {
  return hf.endsWith('norm.weight') ? (filesOf(family).normOffset ?? 0) : 0
}

/** The GGUF row that holds Hugging Face row `row` of q or k: h·D + s·D/2 + j is at h·D + 2j + s. */
function permutedRow(row: number, headDim: number): number {
  const within = row % headDim
  const half = headDim / 2
  return row - within + (within < half ? 2 * within : 2 * (within - half) + 1)
}

/** Another order of rows in GGUF files. */
export interface RowOrder {
  /** The GGUF row that holds a Hugging Face row. */
  row(row: number): number
  /** Whether the rows of each head stay among themselves. */
  withinHeads: boolean
}

/** The order of a tensor's rows in GGUF files; undefined if it is the publisher's. Also for module names. */
export function ggufOrder({ family, heads, kvHeads, headDim }: ModelConfig, name: string): RowOrder | undefined {
  const { permutedBy, joinedByGroup } = filesOf(family)
  if (permutedBy?.(name)) return { row: (row) => permutedRow(row, headDim), withinHeads: true }
  if (!joinedByGroup?.(name)) return undefined
  const queries = heads / kvHeads
  const row = (at: number) => {
    const [unit, within] = [Math.floor(at / headDim), at % headDim]
    const [group, part] = [Math.floor(unit / (queries + 2)), unit % (queries + 2)]
    const to = part < queries ? group * queries + part : heads + (part - queries) * kvHeads + group
    return to * headDim + within
  }
  return { row, withinHeads: false }
}

/** The rows of a matrix [N, cols] in the order of GGUF. */
export function inGgufOrder(values: Float32Array, cols: number, { row }: RowOrder): Float32Array<ArrayBuffer> {
  const out = new Float32Array(values.length)
  for (let at = 0; at < values.length / cols; at++) out.set(values.subarray(at * cols, (at + 1) * cols), row(at) * cols)
  return out
}
