// Rows with prompts that a model may rewrite.
import { type RewriteQuery, isGenerated } from '../config/recipe'
import { stringifyJson } from '../config/exact-json'
import { shuffled } from '../data/random'
import { placesOf } from './look'
import { questionsOf } from './questions'
import type { WorkRow } from './row'
import { rowKey } from './row-key'
import type { RowToLabel } from './to-label'

/**
 * Of the rows that the seed chooses, `count` after the first `from`, and the number of all. Rows for evaluation, generated rows and rows
 * without a question have no rewrites.
 */
export async function rowsToRewrite(
  rows: readonly WorkRow[],
  { words, rows: most, seed, without }: RewriteQuery,
  from: number,
  count: number,
): Promise<{ total: number; rows: RowToLabel[] }> {
  const questionOf = questionsOf(rows)
  const places = placesOf(rows, { text: words, part: 'train' }).filter(
    (place) => !isGenerated(rows[place].origin) && (questionOf(rows[place])?.text.trim() ?? '') !== '',
  )
  const known = new Set(without)
  const chosen: { place: number; key: string }[] = []
  for (const i of shuffled(places.length, seed)) {
    if (chosen.length === most) break
    const key = await rowKey(rows[places[i]])
    if (known.has(key)) continue
    // Of rows with equal columns, one is shown.
    known.add(key)
    chosen.push({ place: places[i], key })
  }
  chosen.sort((a, b) => a.place - b.place)
  const shown = chosen.slice(from, from + count).map(({ place, key }): RowToLabel => {
    const prompt = questionOf(rows[place])?.text ?? ''
    const others = Object.entries(rows[place].value).filter(([, value]) => value !== prompt)
    const columns = others.map(([name, value]) => ({ name, text: typeof value === 'string' ? value : stringifyJson(value) }))
    return { key, columns, answer: '', prompt }
  })
  return { total: chosen.length, rows: shown }
}
