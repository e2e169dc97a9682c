// Rows held out for evaluation.
import { shuffled } from './random'

/**
 * Rows 0 … count-1 as training and evaluation rows, each ascending. Exactly round(count · share) rows are held out, at least
 * one where share > 0 and there are two rows, and never all.
 */
export function splitRows(count: number, share: number, seed: number): { train: Int32Array; eval: Int32Array } {
  const held = share > 0 && count >= 2 ? Math.min(count - 1, Math.max(1, Math.round(count * share))) : 0
  const order = shuffled(count, seed, 0x5eed)
  return { eval: order.slice(0, held).sort(), train: order.slice(held).sort() }
}
