// Counts what a step does, and keeps the first changes for a look at them.
import { stringifyJson } from '../config/exact-json'
import type { Phrase } from '../config/phrase'
import type { ChangeKind, ShownChange, StepReport } from '../config/recipe'
import type { WorkRow } from './row'

const mostShown = 200
const mostCharacters = 2000

export class Tally {
  private readonly counts: Record<ChangeKind, number> = { dropped: 0, edited: 0, added: 0, moved: 0 }
  private readonly changes: ShownChange[] = []
  private readonly notes: Phrase[] = []

  drop(row: WorkRow, why?: Phrase): void {
    this.count('dropped', row, { before: row, why })
  }

  /** `after` is what has become of `before`. */
  edit(before: WorkRow, after: WorkRow, why?: Phrase): void {
    this.count('edited', after, { before, after, why })
  }

  /** `from`: the row that the new one was made from. */
  add(row: WorkRow, why?: Phrase, from?: WorkRow): void {
    this.count('added', row, { before: from, after: row, why })
  }

  /** The row went to the other part. */
  move(row: WorkRow, why?: Phrase): void {
    this.count('moved', row, { after: row, why })
  }

  note(sentence: Phrase): void {
    this.notes.push(sentence)
  }

  report(): Pick<StepReport, 'counts' | 'changes' | 'notes'> {
    return { counts: this.counts, changes: this.changes, notes: this.notes }
  }

  private count(kind: ChangeKind, { origin }: WorkRow, shown: { before?: WorkRow; after?: WorkRow; why?: Phrase }): void {
    this.counts[kind]++
    if (this.changes.length >= mostShown) return
    const { before, after, why } = shown
    this.changes.push({
      kind,
      origin,
      ...(before && { before: shortJson(before) }),
      ...(after && { after: shortJson(after) }),
      ...(why && { why }),
    })
  }
}

/** The row's columns as JSON text. */
function shortJson({ value }: WorkRow): string {
  const text = stringifyJson(value)
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters).replace(/[\ud800-\udbff]$/, '')}…` : text
}
