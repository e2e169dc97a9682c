// Rows held out for evaluation.
import { shuffled } from './random'

/**
 * Rows 0 … count-1 as training and evaluation rows, each ascending. Exactly round(count · share) rows are held out, at least
 * one where share > 0 and there are two rows, and never all. Of rows that may not be held out, none is, so there may be fewer.
 */
export function splitRows(
  count: number,
  share: number,
  seed: number,
  mayHold: (row: number) => boolean = () => true,
): { train: Int32Array; eval: Int32Array } {
  const wanted = share > 0 && count >= 2 ? Math.min(count - 1, Math.max(1, Math.round(count * share))) : 0
  const order = shuffled(count, seed, 0x5eed)
  const held = order.filter(mayHold).slice(0, wanted)
  const isHeld = new Set(held)
  return { eval: held.sort(), train: order.filter((row) => !isHeld.has(row)).sort() }
}
