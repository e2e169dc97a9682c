// Tensor names and row orders in GGUF and in Hugging Face files; src/formats/families has the tables.
import { families, filesOf } from './families/registry'

const names = new Map(
  families.map(({ name, tensors }) => [name, { toHf: new Map(tensors), toGguf: new Map(tensors.map(([gguf, hf]) => [hf, gguf])) }]),
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
export function permutedRow(row: number, headDim: number): number {
  const within = row % headDim
  const half = headDim / 2
  return row - within + (within < half ? 2 * within : 2 * (within - half) + 1)
}

/** Reorders the rows of a matrix [H·D, cols] from Hugging Face order to the permuted order of GGUF. */
export function permuteRows(values: Float32Array, cols: number, heads: number): Float32Array<ArrayBuffer> {
  const rows = values.length / cols
  const out = new Float32Array(values.length)
  for (let row = 0; row < rows; row++) out.set(values.subarray(row * cols, (row + 1) * cols), permutedRow(row, rows / heads) * cols)
  return out
}
