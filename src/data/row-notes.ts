// Sentences about how a dataset's rows were read: counted while reading, written at the end.
import type { JsonOddities } from '../config/exact-json'
import type { Tokenizer } from '../tokenizer/tokenizer'
import type { Mapping, Row } from './row'
import type { Sample } from './sample'
import type { TurnNotes } from './turn-notes'

const maxColumns = 1000
const shownColumns = 20
const readInTokens = ['input_ids', 'labels', 'attention_mask']

export class RowNotes {
  private readonly columnCounts = new Map<string, number>()
  /** Rows with equal keys, and the first such key. */
  private repeated = { rows: 0, key: '' }
  /** Conversations that begin with a system message of their own, and the column with another one. */
  private systems = { rows: 0, column: '' }
  private surrogates = 0
  private endInText = 0
  private emptyAnswers = 0

  /** Counts what a row has before it is interpreted. */
  row(value: Row, oddities: JsonOddities | undefined): void {
    for (const column of Object.keys(value))
      if (this.columnCounts.size < maxColumns || this.columnCounts.has(column))
        this.columnCounts.set(column, (this.columnCounts.get(column) ?? 0) + 1)
    if (oddities?.loneSurrogate) this.surrogates++
    if (oddities?.repeatedKeys.length && this.repeated.rows++ === 0) this.repeated.key = oddities.repeatedKeys[0]
  }

  sample(sample: Sample, tokenizer: Tokenizer): void {
    if (sample.kind === 'chat' && sample.unreadSystem !== undefined && this.systems.rows++ === 0) this.systems.column = sample.unreadSystem
    if (saysNothing(sample)) this.emptyAnswers++
    if (sample.kind !== 'text') return
    const [eos] = tokenizer.eos
    const end = eos === undefined ? '' : tokenizer.token(eos)
    if (end && sample.text.includes(end)) this.endInText++
  }

  /** Columns seen, most frequent first. */
  columns(): string[] {
    return [...this.columnCounts].sort((a, b) => b[1] - a[1]).map(([column]) => column)
  }

  /** All sentences, those about turns among them; `hasTemplate`: the rows went through a chat template. */
  sentences(mapping: Mapping, turns: TurnNotes, hasTemplate: boolean): string[] {
    const { rows, key } = this.repeated
    return [
      ...mapping.notes,
      ...this.unused(mapping, turns.labels),
      ...turns.sentences(hasTemplate),
      ...(this.systems.rows
        ? [`${rowsHave(this.systems.rows)} a system message in the turns; the one in the column ${this.systems.column} is not used there.`]
        : []),
      ...(this.emptyAnswers ? [`${rowsHave(this.emptyAnswers)} an empty answer: there the model learns to end its answer at once.`] : []),
      ...(rows ? [`${rowsHave(rows)} a key more than once (the first: ${key}); its last value is used.`] : []),
      ...(this.surrogates
        ? [`${rowsHave(this.surrogates)} half of a surrogate pair (such as \\ud800), which is no character; it is read as U+FFFD.`]
        : []),
      ...(this.endInText
        ? [`${rowsHave(this.endInText)} the end token written out in the text; it is read there as plain characters.`]
        : []),
    ]
  }

  private unused({ format, columns }: Mapping, labels: readonly string[]): string[] {
    const used = Object.values(columns)
    // The note about preference pairs already covers the rejected answer.
    const known = [...used, ...labels, ...(format === 'tokens' ? readInTokens : []), ...(used.includes('chosen') ? ['rejected'] : [])]
    const unused = this.columns().filter((column) => !known.includes(column))
    if (!unused.length) return []
    const more = unused.length > shownColumns ? ` and ${unused.length - shownColumns} more` : ''
    return [`Columns that are not used: ${unused.slice(0, shownColumns).join(', ')}${more}.`]
  }
}

/** The answer that the row ends with has no words: neither text nor a call nor anything else of its own. */
function saysNothing(sample: Sample): boolean {
  if (sample.kind === 'pair') return sample.completion.trim() === ''
  const last = sample.kind === 'chat' ? sample.messages.at(-1) : undefined
  if (last?.role !== 'assistant' || typeof last.content !== 'string' || last.content.trim() !== '') return false
  return Object.entries(last).every(([key, value]) => key === 'role' || key === 'content' || value === undefined)
}

const rowsHave = (count: number): string => (count === 1 ? '1 row has' : `${count} rows have`)
