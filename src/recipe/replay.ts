// Old rows that are mixed in among new ones, so that training on the new rows does not undo what the old ones taught.
import { stringifyJson } from '../config/exact-json'
import { shuffled } from '../data/random'
import { comparedText } from './compared-text'
import type { WorkRow } from './row'
import { wordsOf } from './words'

interface Mix {
  /** New rows for training. */
  fresh: readonly WorkRow[]
  old: readonly WorkRow[]
  /** Each list of held-out rows: of the new data and of the old. */
  held: readonly (readonly WorkRow[])[]
  /** How many old rows for each new one. */
  share: number
  seed: number
}

export interface Mixed {
  /** The new rows in their order, and then the chosen old rows in theirs. */
  rows: readonly WorkRow[]
  replayed: number
  /** How many old rows were asked for: at least one. */
  wanted: number
  /** Old rows whose prompt is also held out, and those whose prompt is also among the new rows. Neither are chosen. */
  leaks: number
  known: number
}

/** What a row asks: its prompt, or the whole of a plain text. A row that cannot be read is compared as it is. */
async function keysOf(rows: readonly WorkRow[]): Promise<string[]> {
  const words = await wordsOf(rows, () => Promise.resolve())
  return words.map((found, i) =>
    found ? comparedText(found.prompt || found.answer, { spaces: true, ignoreCase: true }) : stringifyJson(rows[i].value),
  )
}

/** Mixes old rows in. The seed decides which. */
export async function mixed({ fresh, old, held, share, seed }: Mix): Promise<Mixed> {
  const [oldKeys, freshKeys, ...heldKeys] = await Promise.all([old, fresh, ...held].map(keysOf))
  const [heldOut, trained] = [new Set(heldKeys.flat()), new Set(freshKeys)]
  const free = oldKeys.flatMap((key, i) => (heldOut.has(key) || trained.has(key) ? [] : [i]))
  const leaks = oldKeys.filter((key) => heldOut.has(key)).length
  const wanted = Math.max(1, Math.round(share * fresh.length))
  const chosen = shuffled(free.length, seed).subarray(0, wanted).sort()
  return {
    rows: [...fresh, ...Array.from(chosen, (place) => old[free[place]])],
    replayed: chosen.length,
    wanted,
    leaks,
    known: old.length - free.length - leaks,
  }
}
