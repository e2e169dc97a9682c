// What a learned context says: the tokens whose embeddings are nearest to each of its vectors, by Euclidean distance (Zhou et al. 2021,
// arXiv 2109.01134, section 4.5). The vectors need not mean what these words mean.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import { modelTokenizer } from '../tokenizer/create-tokenizer'
import type { LoadedModel } from './loaded-model'
import type { Adapter } from './method'

export interface NearWord {
  /** A token as it is shown. */
  word: string
  distance: number
}

/** Of one context: for each vector its nearest words, the nearest first. */
export interface ContextWords {
  /** The class that it belongs to; absent if all share it. */
  ofClass?: string
  vectors: readonly (readonly NearWord[])[]
}

const shown = 3

/** The ids of the `shown` usable rows of `table` [V, C] that are nearest to `vector` [C], with their distances. */
export function nearest(vector: Float32Array, table: Float32Array, usable: readonly boolean[]): { id: number; distance: number }[] {
  const width = vector.length
  const best: { id: number; distance: number }[] = []
  for (let id = 0; id < usable.length; id++) {
    if (!usable[id]) continue
    let sum = 0
    for (let c = 0; c < width; c++) sum += (table[id * width + c] - vector[c]) ** 2
    const distance = Math.sqrt(sum)
    if (best.length === shown && distance >= best[shown - 1].distance) continue
    best.push({ id, distance })
    best.sort((a, b) => a.distance - b.distance)
    best.length = Math.min(best.length, shown)
  }
  return best
}

/** @throws FormatError for an adapter without such a context, or a model without a tokenizer */
export async function nearWords({ file, plan, base }: LoadedModel, { method, tensors }: Adapter): Promise<ContextWords[]> {
  const context = method.contextTensor === undefined ? undefined : tensors.get(method.contextTensor)
  const tokenizer = modelTokenizer(file)
  if (!context || !tokenizer)
    throw new FormatError(
      say`${file.name}: expected an adapter with a learned context and a model with a tokenizer, got another. Choose an adapter of CoOp or CoCoOp.`,
    )
  const table = await base.stored(plan.family.embedding(file.config).name)
  const [tokens, width] = context.shape.slice(-2)
  const sets = context.values.length / (tokens * width)
  const usable = Array.from({ length: table.length / width }, (_, id) => id < tokenizer.vocabSize && !tokenizer.isSpecial(id))
  const names = file.config.vision?.classes ?? []
  return Array.from({ length: sets }, (_, set) => ({
    ...(sets > 1 && { ofClass: names[set] }),
    vectors: Array.from({ length: tokens }, (_, m) => {
      const from = (set * tokens + m) * width
      return nearest(context.values.subarray(from, from + width), table, usable).map(({ id, distance }) => ({
        word: tokenizer.token(id),
        distance,
      }))
    }),
  }))
}
