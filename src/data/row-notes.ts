// Sentences about how a dataset's rows were read. Their numbers are counted while reading; the sentences are made at the end.
import type { JsonOddities } from '../config/exact-json'
import { type Phrase, say } from '../config/phrase'
import { isGenerated, originColumn, originFrom } from '../config/recipe'
import type { Tokenizer } from '../tokenizer/tokenizer'
import type { Mapping, Row } from './row'
import { type Sample, readInTokens } from './sample'
import { shortText } from './short-text'
import type { TurnNotes } from './turn-notes'
import type { Encoder } from './encode-sample'
import { MarksInText } from './marks-in-text'

const maxColumns = 1000
const shownColumns = 20
/** Characters of a column's name that is counted. */
const maxName = 1000

export class RowNotes {
  private readonly columnCounts = new Map<string, number>()
  /** Rows that have a key more than once, and the first such key. */
  private repeated = { rows: 0, key: '' }
  /** Conversations that begin with their own system message, and the column with another one. */
  private systems = { rows: 0, column: '' }
  /** Rows that say where they are from, and those of them that no file and no person made. */
  private origins = 0
  private generated = 0
  private surrogates = 0
  private readonly marked: MarksInText
  private emptyAnswers = 0

  constructor(tokenizer: Tokenizer) {
    this.marked = new MarksInText(tokenizer)
  }

  /** Counts the columns and oddities of a row as the file has it. */
  row(value: Row, oddities: JsonOddities | undefined): void {
    for (const column of Object.keys(value))
      if ((this.columnCounts.size < maxColumns && column.length <= maxName) || this.columnCounts.has(column))
        this.columnCounts.set(column, (this.columnCounts.get(column) ?? 0) + 1)
    const origin = originFrom(value[originColumn])
    if (origin) this.origins++
    if (origin && isGenerated(origin)) this.generated++
    if (oddities?.loneSurrogate) this.surrogates++
    if (oddities?.repeatedKeys.length && this.repeated.rows++ === 0) this.repeated.key = shortText(oddities.repeatedKeys[0])
  }

  sample(sample: Sample, encoder: Encoder): void {
    if (sample.kind === 'chat' && sample.unreadSystem !== undefined && this.systems.rows++ === 0) this.systems.column = sample.unreadSystem
    if (saysNothing(sample)) this.emptyAnswers++
    this.marked.look(sample, encoder)
  }

  /** Columns seen, most frequent first. */
  columns(): string[] {
    return [...this.columnCounts].sort((a, b) => b[1] - a[1]).map(([column]) => column)
  }

  /** All sentences, including those about turns. `hasTemplate`: the rows went through a chat template. */
  sentences(mapping: Mapping, turns: TurnNotes, hasTemplate: boolean): Phrase[] {
    return [...mapping.notes, ...this.unused(mapping, turns.labels), ...turns.sentences(hasTemplate), ...this.oddities()]
  }

  private oddities(): Phrase[] {
    const { rows, key } = this.repeated
    const out: Phrase[] = []
    if (this.systems.rows) {
      const { column } = this.systems
      const has = rowsHave(this.systems.rows)
      out.push(say`${has} a system message in the turns, so the one in the column ${column} is not used there.`)
    }
    if (this.generated) out.push(say`${this.generated} of ${this.origins} rows were generated. They are not held out for evaluation.`)
    if (this.emptyAnswers)
      out.push(say`${rowsHave(this.emptyAnswers)} an empty answer, from which the model learns to end its answer at once.`)
    if (rows) out.push(say`${rowsHave(rows)} the same key more than once (the first: ${key}). The last value is used.`)
    if (this.surrogates)
      out.push(
        say`${rowsHave(this.surrogates)} half of a surrogate pair (such as \\ud800). That is not a character, so it is read as U+FFFD.`,
      )
    return [...out, ...this.marked.sentences()]
  }

  private unused({ format, columns }: Mapping, labels: readonly string[]): Phrase[] {
    const used = Object.values(columns)
    // The note about preference pairs already covers the rejected answer.
    const known = [
      ...used,
      ...(this.origins ? [originColumn] : []),
      ...labels,
      ...(format === 'tokens' ? readInTokens : []),
      ...(used.includes('chosen') ? ['rejected'] : []),
    ]
    const unused = this.columns().filter((column) => !known.includes(column))
    if (!unused.length) return []
    const named = unused.slice(0, shownColumns).map(shortText).join(', ')
    const more = unused.length - shownColumns
    return [more > 0 ? say`Columns that are not used: ${named} and ${more} more.` : say`Columns that are not used: ${named}.`]
  }
}

/** Whether the row's last answer is empty: it has no text, no call and no other key with a value. (A refusal in OpenAI's form is a key that no template reads.) */
function saysNothing(sample: Sample): boolean {
  if (sample.kind === 'pair') return sample.completion.trim() === ''
  const last = sample.kind === 'chat' ? sample.messages.at(-1) : undefined
  if (last?.role !== 'assistant' || typeof last.content !== 'string' || last.content.trim() !== '') return false
  return Object.entries(last).every(([key, value]) => ['role', 'content', 'refusal'].includes(key) || value === undefined)
}

const rowsHave = (count: number): Phrase => (count === 1 ? say`1 row has` : say`${count} rows have`)
