// Tokenised examples, kept compactly: one list of integers for all rows, so that a million rows fit.
import type { Asking } from '../config/asking'
import type { DataOptions, ExamplePreview, UnknownReport } from '../config/data-options'
import { decodeContinuation } from '../tokenizer/tokenizer'
import type { EncodedExample, Encoder } from './encode-sample'
import { GrowingInts } from './growing-ints'

export interface Example {
  row: number
  ids: Int32Array
  /** 1 = this token is a training target; the first one only behind a virtual prompt. */
  trained: Uint8Array
  /** Targets by position where they are other tokens than the ids. */
  labels?: Int32Array
  /** Tokens lost by cutting at maxLength. */
  cutFrom?: number
}

/** The prompt that asks a row, and the answer that is trained for it. */
export interface Question {
  promptIds: number[]
  /** Up to its end token. */
  expectedIds: number[]
  /** Trimmed, special tokens written out. Where the vocabulary cannot write it: the row's own words, which no answer equals. */
  expected: string
}

/** Numbers kept for each row. */
const fields = 6
const [atStart, atLength, atAnswerStart, atAnswerEnd, atLine, atHash] = [0, 1, 2, 3, 4, 5]

/** Tokens of a row that a preview has at most. */
const mostPreviewed = 4096

export class Dataset {
  readonly name: string
  readonly format: DataOptions['format']
  /** Rows are cut here; what is cut off is kept for the previews. */
  readonly maxLength: number
  /** How prompts are asked: give it to `promptIds`. */
  readonly encoder: Encoder
  /** Columns seen, most frequent first. */
  columns: string[] = []
  notes: string[] = []
  /** Characters that the vocabulary cannot write, where there are any. */
  unknown?: UnknownReport
  /** The first 1000 rows that were left out. */
  readonly problems: { line: number; reason: string }[] = []
  problemCount = 0
  /** Tokens and training targets after cutting; rows that were cut; the longest row before cutting. */
  tokens = 0
  trainedTokens = 0
  cutRows = 0
  longest = 0
  /** End tokens behind trained answers. */
  readonly #ends = new Set<number>()

  /** id · 2 + trained, all rows one after another. */
  readonly #tokens = new GrowingInts()
  readonly #rows = new GrowingInts()
  /** Answers with characters that the vocabulary cannot write, by row. */
  readonly #answers = new Map<number, string>()
  readonly #labels = new Map<number, Int32Array>()

  constructor(name: string, format: DataOptions['format'], maxLength: number, encoder: Encoder) {
    this.name = name
    this.format = format
    this.maxLength = maxLength
    this.encoder = encoder
  }

  get rows(): number {
    return this.#rows.length / fields
  }

  addProblem(line: number, reason: string): void {
    if (this.problemCount++ < 1000) this.problems.push({ line, reason })
  }

  /** Adds an example; one without anything to train on within maxLength is noted as a problem, and the result is false. */
  add(example: EncodedExample, line: number): boolean {
    const { ids, trained } = example
    const kept = Math.min(ids.length, this.maxLength)
    let targets = 0
    for (let t = 1; t < kept; t++) targets += trained[t]
    if (targets === 0) {
      this.addProblem(line, nothingToTrain(example, this.maxLength))
      return false
    }
    const row = this.rows
    const { answerStart, answerEnd } = example
    const start = this.#tokens.length
    let hash = 0
    ids.forEach((id, t) => {
      const token = id * 2 + trained[t]
      this.#tokens.push(token)
      hash = (Math.imul(hash, 0x01000193) ^ token) | 0
    })
    const meta = [start, ids.length, answerStart, answerEnd, line, hash]
    for (const value of meta) this.#rows.push(value)
    if (example.labels) this.#labels.set(row, example.labels)
    for (const id of example.ends) this.#ends.add(id)
    if (example.answer !== undefined && this.#hasUnknown(ids.slice(answerStart, answerEnd))) this.#answers.set(row, example.answer)
    this.tokens += kept
    this.trainedTokens += targets
    if (kept < ids.length) this.cutRows++
    this.longest = Math.max(this.longest, ids.length)
    return true
  }

  /** Where the row stands in the file. */
  line(row: number): number {
    return this.#field(row, atLine)
  }

  /** A number that is the same for rows with the same tokens. */
  hash(row: number): number {
    return this.#field(row, atHash)
  }

  /** Whether a row has the same tokens as one of `other`, trained at the same places. */
  sameTokens(row: number, other: Dataset, otherRow: number): boolean {
    const length = this.fullLength(row)
    if (length !== other.fullLength(otherRow) || this.hash(row) !== other.hash(otherRow)) return false
    const [start, otherStart] = [this.#field(row, atStart), other.#field(otherRow, atStart)]
    for (let t = 0; t < length; t++) if (this.#tokens.get(start + t) !== other.#tokens.get(otherStart + t)) return false
    return String(this.#labels.get(row)) === String(other.#labels.get(otherRow))
  }

  /** Tokens of a row after cutting. */
  length(row: number): number {
    return Math.min(this.#field(row, atLength), this.maxLength)
  }

  /** Tokens of a row before cutting. */
  fullLength(row: number): number {
    return this.#field(row, atLength)
  }

  /** Lengths after cutting, of all rows or of the given ones; `maxLength` may be shorter than the dataset's. */
  lengths(rows?: ArrayLike<number>, maxLength = this.maxLength): Int32Array {
    const count = rows?.length ?? this.rows
    return Int32Array.from({ length: count }, (_, i) => Math.min(this.length(rows ? rows[i] : i), maxLength))
  }

  /** A row as training sees it, cut at `maxLength` (the dataset's own, or a shorter one). */
  example(row: number, maxLength = this.maxLength): Example {
    const full = this.fullLength(row)
    const length = Math.min(full, maxLength, this.maxLength)
    const start = this.#field(row, atStart)
    const ids = new Int32Array(length)
    const trained = new Uint8Array(length)
    for (let t = 0; t < length; t++) {
      const token = this.#tokens.get(start + t)
      ids[t] = token >> 1
      trained[t] = token & 1
    }
    const labels = this.#labels.get(row)?.subarray(0, length)
    return { row, ids, trained, ...(labels ? { labels } : {}), ...(length < full ? { cutFrom: full - length } : {}) }
  }

  /** How its rows ask, and what their answers end with; an adapter that is trained on them keeps it. */
  get asking(): Asking {
    const { asked } = this.encoder
    return { ...(asked && { form: asked }), ends: [...this.#ends] }
  }

  /** The row's last answer as a question; undefined for rows that are text alone. */
  question(row: number): Question | undefined {
    const [from, to] = [this.#field(row, atAnswerStart), this.#field(row, atAnswerEnd)]
    if (from === 0) return undefined
    const start = this.#field(row, atStart)
    const labels = this.#labels.get(row)
    const promptIds = Array.from({ length: from }, (_, t) => this.#tokens.get(start + t) >> 1)
    const answer = Array.from({ length: to - from }, (_, t) => labels?.[from + t] ?? this.#tokens.get(start + from + t) >> 1)
    const end = answer.findIndex((id) => this.#isEnd(id))
    const expectedIds = end < 0 ? answer : answer.slice(0, end)
    const decoded = () => decodeContinuation(this.encoder.tokenizer, promptIds, expectedIds, { skipSpecial: false })
    return { promptIds, expectedIds, expected: (this.#answers.get(row) ?? decoded()).trim() }
  }

  /** A row as coloured tokens, what was cut off included: at most 4096, the first trained ones among them. */
  preview(row: number): ExamplePreview {
    const start = this.#field(row, atStart)
    const length = this.fullLength(row)
    const head = mostPreviewed / 4
    let skipped = 0
    if (length > mostPreviewed) {
      let first = 1
      while (first < this.length(row) && !(this.#tokens.get(start + first) & 1)) first++
      if (first > 2 * head) skipped = Math.min(first - head, length - mostPreviewed + head) - head
    }
    const tokens = Array.from({ length: Math.min(length, mostPreviewed) }, (_, i) => {
      const t = i < head ? i : i + skipped
      const token = this.#tokens.get(start + t)
      const role: 'context' | 'trained' | 'cut' = t >= this.maxLength ? 'cut' : t > 0 && token & 1 ? 'trained' : 'context'
      return { id: token >> 1, text: this.encoder.tokenizer.token(token >> 1), role }
    })
    return { row, tokens, ...(skipped > 0 && { skipped: { at: head, count: skipped } }) }
  }

  #isEnd(id: number): boolean {
    return this.#ends.has(id) || this.encoder.tokenizer.ends.includes(id)
  }

  /** Byte-level vocabularies also name their end token as the unknown one, but no text is read as it. */
  #hasUnknown(ids: readonly number[]): boolean {
    const { unk } = this.encoder.tokenizer
    return unk !== undefined && !this.#isEnd(unk) && ids.includes(unk)
  }

  #field(row: number, field: number): number {
    if (row < 0 || row >= this.rows) throw new RangeError(`dataset: expected a row below ${this.rows}, got ${row}.`)
    return this.#rows.get(row * fields + field)
  }
}

function nothingToTrain({ ids, trained, answerStart }: EncodedExample, maxLength: number): string {
  if (trained.includes(1, 1))
    return `its prompt of ${answerStart || trained.indexOf(1, 1)} tokens fills the maximum length of ${maxLength}, so nothing is left to train on`
  if (ids.length < 2) return `it has ${ids.length} token, and training needs 2`
  return trained[0] ? 'only its first token is marked for training, and nothing stands before it' : 'no token in it is marked for training'
}
