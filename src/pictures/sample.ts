// Which pictures are trained on and which are held out: by class, so that each class keeps its share, and by seed.
import { type Phrase, say } from '../config/phrase'
import { shuffled } from '../data/random'

interface PictureSplit {
  /** Indices, ascending. */
  train: Int32Array
  eval: Int32Array
}

/** Indices of each class, in an order that the seed decides. Fewer shots of the same seed are the first of more. */
function byClass(labels: ArrayLike<number>, rows: ArrayLike<number>, seed: number): number[][] {
  const of = new Map<number, number[]>()
  for (const row of Array.from(rows)) {
    const label = labels[row]
    const list = of.get(label) ?? []
    list.push(row)
    of.set(label, list)
  }
  return [...of].sort(([a], [b]) => a - b).map(([label, list]) => Array.from(shuffled(list.length, seed, label + 1), (i) => list[i]))
}

const ascending = (rows: readonly number[]): Int32Array => Int32Array.from(rows).sort()

/**
 * Holds out round(count · share) of the rows of each class: at least one of a class with two or more, and never all. `rows` are indices
 * into `labels`.
 */
export function stratified(labels: ArrayLike<number>, rows: ArrayLike<number>, share: number, seed: number): PictureSplit {
  const held: number[] = []
  const kept: number[] = []
  for (const list of byClass(labels, rows, seed)) {
    const wanted = share > 0 && list.length > 1 ? Math.min(list.length - 1, Math.max(1, Math.round(list.length * share))) : 0
    held.push(...list.slice(0, wanted))
    kept.push(...list.slice(wanted))
  }
  return { train: ascending(kept), eval: ascending(held) }
}

/** At most `shots` rows of each class. */
export function shotsOf(labels: ArrayLike<number>, rows: ArrayLike<number>, shots: number, seed: number): Int32Array {
  return ascending(byClass(labels, rows, seed).flatMap((list) => list.slice(0, shots)))
}

/** Says which classes have fewer pictures among `train` than the `shots` that are asked for; undefined if none has. 0 shots are all pictures. */
export function fewerShots(
  names: readonly string[],
  labels: ArrayLike<number>,
  train: ArrayLike<number>,
  shots: number,
): Phrase | undefined {
  const counts = names.map(() => 0)
  for (const row of Array.from(train)) counts[labels[row]]++
  const few = names.flatMap((name, label) => (counts[label] < shots ? [{ name, count: counts[label] }] : []))
  if (!few.length) return undefined
  const { name, count } = few.reduce((least, one) => (one.count < least.count ? one : least))
  return say`Classes with fewer than ${shots} pictures to train on: ${few.length} of ${names.length}, such as ${name} with ${count}. All that they have are used.`
}
