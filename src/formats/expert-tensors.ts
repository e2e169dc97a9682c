// Tensors of experts. In TabTune each expert's matrix has a name of its own, as in most Hugging Face folders and in PEFT. GGUF files, and
// folders that transformers 5 was told to save as it computes, join the matrices of all experts. On the GPU they are joined too.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { ExpertMatrix } from './families/family-files'
import { filesOf } from './families/registry'
import { layersName } from './hf-names'
import type { ModelConfig, TensorEntry } from './model-file'

const matrices: readonly ExpertMatrix[] = ['gate', 'up', 'down']
const joinedInGguf = /^blk\.(\d+)\.ffn_(gate|up|down)_exps\.weight$/

/** The name of an expert's matrix: `model.layers.0.mlp.experts.3.gate_proj.weight`. */
export function expertName(family: string, layer: number, expert: number, matrix: ExpertMatrix): string {
  const { experts, names } = filesOf(family).experts!
  return `${layersName(family)}.${layer}.${experts}.${expert}.${names[matrix]}.weight`
}

/** The name of the matrices of all experts, one after the other: `model.layers.0.mlp.experts.gate_proj.weight`. */
export function stackName(family: string, layer: number, matrix: ExpertMatrix): string {
  const { experts, names } = filesOf(family).experts!
  return `${layersName(family)}.${layer}.${experts}.${names[matrix]}.weight`
}

/** GGUF's name of the tensor that a matrix of experts is part of, and the expert's number; undefined for other tensors. Also for module names. */
export function ggufExpert(family: string, name: string): { name: string; expert: number } | undefined {
  const { experts } = filesOf(family)
  const front = `${layersName(family)}.`
  if (!experts || !name.startsWith(front)) return undefined
  const [layer, ...rest] = name
    .slice(front.length)
    .replace(/\.weight$/, '')
    .split('.')
  const inner = rest.join('.')
  if (!inner.startsWith(`${experts.experts}.`)) return undefined
  const [expert, module] = inner.slice(experts.experts.length + 1).split('.')
  const matrix = matrices.find((one) => experts.names[one] === module)
  return matrix && /^\d+$/.test(expert!) ? { name: `blk.${layer}.ffn_${matrix}_exps.weight`, expert: Number(expert) } : undefined
}

/** The layer of a joined tensor, and the matrices that its rows list for each expert; undefined for other tensors. */
function joinedOf(family: string, name: string): { layer: number; lists: readonly ExpertMatrix[] } | undefined {
  const { experts } = filesOf(family)
  if (!experts) return undefined
  const inGguf = joinedInGguf.exec(name)
  if (inGguf) return { layer: Number(inGguf[1]), lists: [inGguf[2] as ExpertMatrix] }
  const front = `${layersName(family)}.`
  const [layer, ...rest] = name.startsWith(front) ? name.slice(front.length).split('.') : []
  const lists = experts.joined[rest.join('.')]
  return lists && /^\d+$/.test(layer!) ? { layer: Number(layer), lists } : undefined
}

/** Whether a tensor [E, rows, columns] has the matrices of all experts. */
export const joinsExperts = ({ family }: ModelConfig, { name, shape }: Pick<TensorEntry, 'name' | 'shape'>): boolean =>
  shape.length === 3 && joinedOf(family, name) !== undefined

/** The names of the matrices in a GGUF tensor of experts, in their order; undefined for other tensors. */
export function expertsInGguf(config: ModelConfig, name: string): string[] | undefined {
  const { family } = config
  const joined = joinedInGguf.test(name) ? joinedOf(family, name) : undefined
  if (!joined) return undefined
  const { count } = filesOf(family).experts!.mixture(config)
  return Array.from({ length: count }, (_, e) => expertName(family, joined.layer, e, joined.lists[0]!))
}

/** The matrices of single experts in a tensor [E, rows, columns], whose rows `entry` reads as those of one matrix; any other tensor as it is. */
export function singleExperts(config: ModelConfig, entry: TensorEntry): TensorEntry[] {
  const { family } = config
  const joined = entry.shape.length === 3 ? joinedOf(family, entry.name) : undefined
  if (!joined) return [entry]
  const [count, all, cols] = entry.shape as [number, number, number]
  const { layer, lists } = joined
  const rows = all / lists.length
  const expected = filesOf(family).experts!.mixture(config).count
  if (count !== expected || !Number.isInteger(rows))
    throw new FormatError(
      say`${entry.name}: expected the matrices of ${expected} experts, got [${entry.shape.join(', ')}]. Use the model's own configuration.`,
    )
  return Array.from({ length: count }, (_, e) =>
    lists.map((matrix, i): TensorEntry => {
      const start = (e * lists.length + i) * rows
      const name = expertName(family, layer, e, matrix)
      return {
        ...entry,
        name,
        shape: [rows, cols],
        sizeBytes: entry.sizeBytes / (count * lists.length),
        async readRows(first, some) {
          if (first < 0 || some < 0 || first + some > rows)
            throw new FormatError(say`${name}: expected rows up to ${rows}, got ${some} from row ${first}. This is a mistake in TabTune.`)
          return entry.readRows(start + first, some)
        },
      }
    }),
  ).flat()
}

/** Matrices of one shape and format as one matrix that has their rows one after the other. */
export function stacked(name: string, entries: readonly TensorEntry[]): TensorEntry {
  const [first] = entries as [TensorEntry]
  const [rows, cols] = first.shape as [number, number]
  return {
    ...first,
    name,
    shape: [entries.length * rows, cols],
    sizeBytes: entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    async readRows(start, count) {
      const pieces: Uint8Array<ArrayBuffer>[] = []
      for (let at = start; at < start + count;) {
        const some = Math.min(rows - (at % rows), start + count - at)
        pieces.push(await entries[Math.floor(at / rows)]!.readRows(at % rows, some))
        at += some
      }
      return pieces.length === 1 ? pieces[0]! : new Uint8Array(await new Blob(pieces).arrayBuffer())
    },
  }
}
