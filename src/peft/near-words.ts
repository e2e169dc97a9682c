// What a learned context says: the tokens whose embeddings are nearest to each of its vectors, by Euclidean distance (Zhou et al. 2021,
// arXiv 2109.01134, section 4.5). The vectors need not mean what these words mean.
import type { NamedTensor } from './method'

/** What is asked of a tokenizer. */
interface Words {
  vocabSize: number
  isSpecial(id: number): boolean
  token(id: number): string
}

interface NearWord {
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
function nearest(vector: Float32Array, table: Float32Array, usable: readonly boolean[]): { id: number; distance: number }[] {
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

/** Vectors that are compared without a rest between them. */
const atOnce = 4

/**
 * For each context of shape [M, C] or [classes, M, C], by the rows of `table` [V, C]; special tokens are left out. A vector is compared with the
 * whole vocabulary, so `rest` is called every few vectors.
 */
export async function nearWords(
  { shape, values }: NamedTensor,
  table: Float32Array,
  { vocabSize, isSpecial, token }: Words,
  classes: readonly string[],
  rest: () => Promise<void>,
): Promise<ContextWords[]> {
  const [tokens, width] = shape.slice(-2)
  const sets = values.length / (tokens * width)
  const usable = Array.from({ length: table.length / width }, (_, id) => id < vocabSize && !isSpecial(id))
  const found: ContextWords[] = []
  for (let set = 0; set < sets; set++) {
    const vectors: NearWord[][] = []
    for (let m = 0; m < tokens; m++) {
      const at = set * tokens + m
      if (at % atOnce === 0) await rest()
      const vector = values.subarray(at * width, (at + 1) * width)
      vectors.push(nearest(vector, table, usable).map(({ id, distance }) => ({ word: token(id), distance })))
    }
    found.push({ ...(sets > 1 && { ofClass: classes[set] }), vectors })
  }
  return found
}
