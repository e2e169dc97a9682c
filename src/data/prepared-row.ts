// A row as other trainers read it: ids, labels as in transformers, and the text of its trained and other parts.
import { decodeContinuation } from '../tokenizer/tokenizer'
import type { RunData } from './run-rows'

/** transformers' label of a position that is not trained. */
const untrained = -100

interface PreparedRow {
  ids: number[]
  labels: number[]
  segments?: { label: boolean; text: string }[]
}

/**
 * Row `row` of `dataset`, cut at `maxLength`. The first token has a label only if virtual tokens precede the row (`leading`), because
 * nothing else predicts it.
 */
export function preparedRow(dataset: RunData, row: number, maxLength: number, leading: boolean): PreparedRow {
  const example = dataset.example(row, maxLength)
  const ids = [...example.ids]
  const labels = ids.map((id, t) => (example.trained[t] && (t > 0 || leading) ? (example.labels?.[t] ?? id) : untrained))
  return { ids, labels, ...(dataset.encoder && { segments: segmentsOf(dataset.encoder.tokenizer, ids, example.trained) }) }
}

function segmentsOf(tokenizer: Parameters<typeof decodeContinuation>[0], ids: number[], trained: Uint8Array): PreparedRow['segments'] {
  const segments: { label: boolean; text: string }[] = []
  for (let from = 0; from < ids.length;) {
    let to = from + 1
    while (to < ids.length && trained[to] === trained[from]) to++
    const text = decodeContinuation(tokenizer, ids.slice(0, from), ids.slice(from, to), { skipSpecial: false })
    segments.push({ label: trained[from] === 1, text })
    from = to
  }
  return segments
}
