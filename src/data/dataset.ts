// Tokenised rows at their full length. One list of integers holds all rows, so that a million rows fit. A run cuts them at its own
// maximum length (`cut-at-length.ts`).
import type { Asking } from '../config/asking'
import type { DataOptions, ExamplePreview } from '../config/data-options'
import { ShapeError } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import { decodeContinuation } from '../tokenizer/tokenizer'
import type { EncodedExample, Encoder } from './encode-sample'
import { GrowingInts } from './growing-ints'
import type { UnknownRows } from './unknown-characters'

interface Example {
  row: number
  ids: Int32Array
  /** 1 = this token is a training target. The first token of a row is one only if virtual tokens precede it. */
  trained: Uint8Array
  /** Targets by position, if they differ from the ids. */
  labels?: Int32Array
  /** How many of the row's tokens were cut off. */
  cutFrom?: number
}

/** Where a row's training targets begin. Cutting needs this. */
interface RowStart {
  /** The first target with a token before it. */
  firstTarget: number
  /** Tokens before the last answer; 0 = the row has no prompt. */
  answerStart: number
}

/** A row's prompt, and the answer that is trained for it. */
interface Question {
  promptIds: number[]
  /** Up to its end token. */
  expectedIds: number[]
  /** Trimmed, special tokens written out. If the vocabulary cannot write it: the row's own words, which no answer equals. */
  expected: string
}

/** Numbers kept for each row. */
const fields = 8
const [atStart, atKept, atLength, atAnswerStart, atAnswerEnd, atLine, atHash, atFirstTarget] = [0, 1, 2, 3, 4, 5, 6, 7]

/** Most tokens of a row that a preview shows. */
const mostPreviewed = 4096

export class Dataset {
  readonly name: string
  readonly format: DataOptions['format']
  /** Most tokens that are kept of a row: the model's context. */
  readonly keep: number
  /** How a prompt becomes ids; `promptIds` takes it. */
  readonly encoder: Encoder
  /** Columns seen, most frequent first. */
  columns: string[] = []
  notes: Phrase[] = []
  /** Characters that the vocabulary cannot write, if there are any. */
  unknown?: UnknownRows
  /** The first 1000 rows that cannot be used at any maximum length. */
  readonly problems: { line: number; reason: Phrase }[] = []
  problemCount = 0
  /** Tokens of the longest row. */
  longest = 0
  /** End tokens after trained answers. */
  private readonly ends = new Set<number>()

  /** id · 2 + trained, for all rows one after another. */
  private readonly tokens = new GrowingInts()
  private readonly rowFields = new GrowingInts()
  /** Answers by row, if the kept tokens do not give them: the vocabulary lacks some characters, or the end is not kept. */
  private readonly answers = new Map<number, string>()
  private readonly labels = new Map<number, Int32Array>()

  constructor(name: string, format: DataOptions['format'], encoder: Encoder, keep = Infinity) {
    this.name = name
    this.format = format
    this.encoder = encoder
    this.keep = keep
  }

  get rows(): number {
    return this.rowFields.length / fields
  }

  addProblem(line: number, reason: Phrase): void {
    if (this.problemCount++ < 1000) this.problems.push({ line, reason })
  }

  /** Adds an example. If it has nothing to train on at any length, notes a problem instead and returns false. */
  add(example: EncodedExample, line: number): boolean {
    const { ids, trained, answerStart, answerEnd } = example
    const firstTarget = trained.indexOf(1, 1)
    if (firstTarget < 0) {
      this.addProblem(line, nothingToTrain(example))
      return false
    }
    const row = this.rows
    const kept = Math.min(ids.length, this.keep)
    const start = this.tokens.length
    let hash = 0
    ids.forEach((id, t) => {
      const token = id * 2 + trained[t]
      if (t < kept) this.tokens.push(token)
      hash = (Math.imul(hash, 0x01000193) ^ token) | 0
    })
    const meta = [start, kept, ids.length, answerStart, answerEnd, line, hash, firstTarget]
    for (const value of meta) this.rowFields.push(value)
    if (example.labels) this.labels.set(row, example.labels.slice(0, kept))
    for (const id of example.ends) this.ends.add(id)
    const answer = answerStart > 0 ? this.unreadableAnswer(example, kept) : undefined
    if (answer !== undefined) this.answers.set(row, answer)
    this.longest = Math.max(this.longest, ids.length)
    return true
  }

  /** The words of an answer, if its kept tokens do not give them. */
  private unreadableAnswer({ ids, labels, answerStart, answerEnd, answer }: EncodedExample, kept: number): string | undefined {
    const inIds = ids.slice(answerStart, answerEnd)
    if (answer !== undefined && this.hasUnknown(inIds)) return answer
    if (answerEnd <= kept) return undefined
    const trained = labels ? [...labels.subarray(answerStart, answerEnd)] : inIds
    return this.decoded(ids.slice(0, answerStart), this.upToEnd(trained))
  }

  /** The row's line in the file. */
  line(row: number): number {
    return this.field(row, atLine)
  }

  /** A number that is the same for rows with the same tokens. */
  hash(row: number): number {
    return this.field(row, atHash)
  }

  /** Whether a row has the same tokens as a row of `other`, trained at the same places. Tokens that are not kept are compared by the hash. */
  sameTokens(row: number, other: Dataset, otherRow: number): boolean {
    if (this.length(row) !== other.length(otherRow) || this.hash(row) !== other.hash(otherRow)) return false
    const [start, otherStart] = [this.field(row, atStart), other.field(otherRow, atStart)]
    const kept = Math.min(this.field(row, atKept), other.field(otherRow, atKept))
    for (let t = 0; t < kept; t++) if (this.tokens.get(start + t) !== other.tokens.get(otherStart + t)) return false
    return String(this.labels.get(row)) === String(other.labels.get(otherRow))
  }

  /** Tokens of a row before cutting. */
  length(row: number): number {
    return this.field(row, atLength)
  }

  /** Lengths of all rows, or of the given ones, cut at `maxLength`. */
  lengths(rows: ArrayLike<number> | undefined, maxLength: number): Int32Array {
    const count = rows?.length ?? this.rows
    return Int32Array.from({ length: count }, (_, i) => Math.min(this.field(rows ? rows[i] : i, atKept), maxLength))
  }

  start(row: number): RowStart {
    return { firstTarget: this.field(row, atFirstTarget), answerStart: this.field(row, atAnswerStart) }
  }

  /** Counts the training targets of a row cut at `maxLength`; with `id`, only targets with this id. The first token is never one: nothing precedes it. */
  targets(row: number, maxLength: number, id?: number): number {
    const start = this.field(row, atStart)
    const length = Math.min(this.field(row, atKept), maxLength)
    let count = 0
    for (let t = Math.max(1, this.field(row, atFirstTarget)); t < length; t++) {
      const token = this.tokens.get(start + t)
      if (token & 1 && (id === undefined || token >> 1 === id)) count++
    }
    return count
  }

  /** A row as training sees it, cut at `maxLength`. */
  example(row: number, maxLength = this.keep): Example {
    const full = this.length(row)
    const length = Math.min(this.field(row, atKept), maxLength)
    const start = this.field(row, atStart)
    const ids = new Int32Array(length)
    const trained = new Uint8Array(length)
    for (let t = 0; t < length; t++) {
      const token = this.tokens.get(start + t)
      ids[t] = token >> 1
      trained[t] = token & 1
    }
    const labels = this.labels.get(row)?.subarray(0, length)
    return { row, ids, trained, ...(labels ? { labels } : {}), ...(length < full ? { cutFrom: full - length } : {}) }
  }

  /** The form of the rows and the end tokens of their answers. An adapter that is trained on them keeps both. */
  get asking(): Asking {
    const { asked } = this.encoder
    return { ...(asked && { form: asked }), ends: [...this.ends] }
  }

  /** The row's last answer and its prompt; undefined for rows of plain text. @throws ShapeError if the prompt is longer than the model's context */
  question(row: number): Question | undefined {
    const [from, to, kept] = [this.field(row, atAnswerStart), this.field(row, atAnswerEnd), this.field(row, atKept)]
    if (from === 0) return undefined
    if (from > kept)
      throw new ShapeError(
        say`${this.name}, line ${this.line(row)}: expected a prompt of at most ${this.keep} tokens, got one of ${from}. Shorten the prompt, or leave the row out.`,
      )
    const start = this.field(row, atStart)
    const labels = this.labels.get(row)
    const promptIds = Array.from({ length: from }, (_, t) => this.tokens.get(start + t) >> 1)
    const length = Math.min(to, kept) - from
    const answer = Array.from({ length }, (_, t) => labels?.[from + t] ?? this.tokens.get(start + from + t) >> 1)
    const expectedIds = this.upToEnd(answer)
    return { promptIds, expectedIds, expected: (this.answers.get(row) ?? this.decoded(promptIds, expectedIds)).trim() }
  }

  private upToEnd(answer: number[]): number[] {
    const end = answer.findIndex((id) => this.isEnd(id))
    return end < 0 ? answer : answer.slice(0, end)
  }

  private decoded(promptIds: readonly number[], answer: readonly number[]): string {
    return decodeContinuation(this.encoder.tokenizer, promptIds, answer, { skipSpecial: false })
  }

  /** A row as coloured tokens, including those that `maxLength` cuts off. At most 4096, among them the first trained ones. */
  preview(row: number, maxLength = this.keep): ExamplePreview {
    const start = this.field(row, atStart)
    const kept = this.field(row, atKept)
    const head = mostPreviewed / 4
    const first = Math.min(this.field(row, atFirstTarget), kept, maxLength)
    const skipped = kept > mostPreviewed && first > 2 * head ? Math.min(first - head, kept - mostPreviewed + head) - head : 0
    const tokens = Array.from({ length: Math.min(kept, mostPreviewed) }, (_, i) => {
      const t = i < head ? i : i + skipped
      const token = this.tokens.get(start + t)
      const role: 'context' | 'trained' | 'cut' = t >= maxLength ? 'cut' : t > 0 && token & 1 ? 'trained' : 'context'
      return { id: token >> 1, text: this.encoder.tokenizer.token(token >> 1), role }
    })
    const more = this.length(row) - tokens.length - skipped
    return { row, tokens, ...(skipped > 0 && { skipped: { at: head, count: skipped } }), ...(more > 0 && { more }) }
  }

  private isEnd(id: number): boolean {
    return this.ends.has(id) || this.encoder.tokenizer.ends.includes(id)
  }

  /** Some byte-level vocabularies name their end token as the unknown one too, but no text becomes it. */
  private hasUnknown(ids: readonly number[]): boolean {
    const { unk } = this.encoder.tokenizer
    return unk !== undefined && !this.isEnd(unk) && ids.includes(unk)
  }

  private field(row: number, field: number): number {
    if (row < 0 || row >= this.rows) throw new RangeError(`dataset: expected a row below ${this.rows}, got ${row}.`)
    return this.rowFields.get(row * fields + field)
  }
}

function nothingToTrain({ ids, trained }: EncodedExample): Phrase {
  if (ids.length < 2) return say`it has ${ids.length} token, and training needs 2`
  return trained[0] ? say`only its first token is marked for training, and nothing precedes it` : say`no token in it is marked for training`
}
