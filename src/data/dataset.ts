// Tokenised rows at their full length. One list of integers holds all rows, so that a million rows fit. A run cuts them at its own
// maximum length (`cut-at-length.ts`).
import type { Asking } from '../config/asking'
import type { DataOptions, ExamplePreview } from '../config/data-options'
import { ShapeError } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import { decodeContinuation } from '../tokenizer/tokenizer'
import type { EncodedExample, Encoder } from './encode-sample'
import { exampleAgain, sampleAgain } from './example-again'
import { GrowingInts, type IntChunks } from './growing-ints'
import type { DataSource, RowPlace } from './data-source'
import type { JsonlCopy } from './jsonl-copy'
import type { Mapping } from './row'
import { keptAsking } from './row-asking'
import type { Sample } from './sample'
import { shortPhrase } from './short-text'
import type { UnknownRows } from './unknown-characters'

export interface Example {
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
export interface Question {
  promptIds: number[]
  /** What people see of the prompt, if solved examples or other words are in front of it. */
  shownIds?: number[]
  /** The words of the row that ask, without the words around them; only for rows that are asked otherwise. */
  words?: string
  /** Up to its end token. */
  expectedIds: number[]
  /** Trimmed, special tokens written out. If the vocabulary cannot write it: the row's own words, which no answer equals. */
  expected: string
}

/** Numbers kept for each row. */
const fields = 15
const [atStart, atKept, atLength, atAnswerStart, atAnswerEnd, atLine, atHash, atFirstTarget] = [0, 1, 2, 3, 4, 5, 6, 7]
/** The second half of the hash; the place in the file (twice 32 bits), the bytes and their hash; where the labels begin, -1 = none; 1 = it was generated. */
const [atHash2, atPlaceLow, atPlaceHigh, atSize, atBytesHash, atLabels, atGenerated] = [8, 9, 10, 11, 12, 13, 14]

/** A dataset as plain data, for another thread. What turns rows into tokens is not part of it. */
export interface DatasetParts {
  format: DataOptions['format']
  keep: number
  columns: string[]
  notes: Phrase[]
  unknown?: UnknownRows
  problems: { line: number; reason: Phrase }[]
  problemCount: number
  longest: number
  ends: number[]
  mappings: { row: number; mapping: Mapping }[]
  tokens: IntChunks
  rowFields: IntChunks
  labels: IntChunks
}

/** Most tokens of a row that a preview shows. */
const mostPreviewed = 4096

export class Dataset {
  readonly format: DataOptions['format']
  /** The file that its rows are in. */
  readonly source: DataSource
  /** Most tokens that are kept of a row: the model's context. */
  readonly keep: number
  /** How a prompt becomes ids; `promptIds` takes it. */
  readonly encoder: Encoder
  /** Columns seen, most frequent first. */
  columns: string[] = []
  /** Its rows as JSONL, if its file was of another kind and it was read in this thread. */
  copy?: JsonlCopy
  notes: Phrase[] = []
  /** Characters that the vocabulary cannot write, if there are any. */
  unknown?: UnknownRows
  /** The first 1000 rows that cannot be used at any maximum length. */
  readonly problems: { line: number; reason: Phrase }[]
  problemCount = 0
  /** Tokens of the longest row. */
  longest = 0
  /** End tokens after trained answers. */
  private readonly ends: Set<number>

  /** id · 2 + trained, for all rows one after another. */
  private readonly tokens: GrowingInts
  private readonly rowFields: GrowingInts
  /** The labels of rows whose labels differ from their ids, one after another. */
  private readonly labels: GrowingInts
  /** How columns were mapped, from each of these rows on. */
  private readonly mappings: { row: number; mapping: Mapping }[]

  /** `parts` = a dataset that another thread has read. */
  constructor(source: DataSource, format: DataOptions['format'], encoder: Encoder, keep = Infinity, parts?: DatasetParts) {
    this.source = source
    this.format = format
    this.encoder = encoder
    this.keep = keep
    this.tokens = new GrowingInts(parts?.tokens)
    this.rowFields = new GrowingInts(parts?.rowFields)
    this.labels = new GrowingInts(parts?.labels)
    this.problems = parts?.problems ?? []
    this.mappings = parts?.mappings ?? []
    this.ends = new Set(parts?.ends)
    if (!parts) return
    const { columns, notes, unknown, problemCount, longest } = parts
    Object.assign(this, { columns, notes, unknown, problemCount, longest })
  }

  get name(): string {
    return this.source.name
  }

  /** The dataset as plain data. It must not be used any more if the parts are handed over. */
  parts(): DatasetParts {
    const { format, keep, columns, notes, unknown, problems, problemCount, longest, mappings } = this
    const lists = { tokens: this.tokens.parts(), rowFields: this.rowFields.parts(), labels: this.labels.parts() }
    return { format, keep, columns, notes, unknown, problems, problemCount, longest, mappings, ends: [...this.ends], ...lists }
  }

  get rows(): number {
    return this.rowFields.length / fields
  }

  addProblem(line: number, reason: Phrase): void {
    if (this.problemCount++ < 1000) this.problems.push({ line, reason: shortPhrase(reason) })
  }

  /** The rows that are added from now on are read with this mapping. */
  readWith(mapping: Mapping): void {
    if (this.mappings.at(-1)?.mapping !== mapping) this.mappings.push({ row: this.rows, mapping })
  }

  /** How the columns of a row were read. */
  private mappingOf(row: number): Mapping {
    return this.mappings.findLast((from) => from.row <= row)!.mapping
  }

  /** Adds an example. If it has nothing to train on at any length, notes a problem instead and returns false. */
  add(example: EncodedExample, line: number, place: RowPlace, generated = false): boolean {
    const { ids, trained, answerStart, answerEnd } = example
    const firstTarget = trained.indexOf(1, 1)
    if (firstTarget < 0) {
      this.addProblem(line, nothingToTrain(example))
      return false
    }
    const kept = Math.min(ids.length, this.keep)
    const start = this.tokens.length
    let [hash, hash2] = [0, 0]
    ids.forEach((id, t) => {
      const token = id * 2 + trained[t]
      if (t < kept) this.tokens.push(token)
      hash = (Math.imul(hash, 0x01000193) ^ token) | 0
      hash2 = Math.imul(hash2 ^ token ^ (hash2 >>> 15), 0x85ebca6b)
    })
    const labels = example.labels ? this.labels.length : -1
    example.labels?.subarray(0, kept).forEach((label) => this.labels.push(label))
    const { at, sizeBytes, hash: bytesHash } = place
    const placed = [(at % 2 ** 32) | 0, Math.floor(at / 2 ** 32), sizeBytes, bytesHash]
    const meta = [start, kept, ids.length, answerStart, answerEnd, line, hash, firstTarget, hash2, ...placed, labels, Number(generated)]
    for (const value of meta) this.rowFields.push(value)
    for (const id of example.ends) this.ends.add(id)
    this.longest = Math.max(this.longest, ids.length)
    return true
  }

  /** The words of an answer, if its kept tokens do not give them: the vocabulary lacks some characters, or its end is not kept. */
  private async unreadableAnswer(row: number, promptIds: readonly number[], kept: readonly number[]): Promise<string | undefined> {
    const whole = this.field(row, atAnswerEnd) <= this.field(row, atKept)
    if (whole && !this.hasUnknown(kept)) return undefined
    const example = await exampleAgain(this.source, this.encoder, this.inFile(row))
    const { ids, answer, answerStart, answerEnd, labels } = example
    const inIds = ids.slice(answerStart, answerEnd)
    if (answer !== undefined && this.hasUnknown(inIds)) return answer
    if (whole) return undefined
    return this.decoded(promptIds, this.upToEnd(labels ? [...labels.subarray(answerStart, answerEnd)] : inIds))
  }

  private inFile(row: number) {
    return { line: this.line(row), place: this.place(row), mapping: this.mappingOf(row) }
  }

  /** A row as it was understood, read from the file again. @throws the errors of `bytesAgain` */
  sample(row: number): Promise<Sample> {
    return sampleAgain(this.source, this.encoder.tokenizer.vocabSize, this.inFile(row))
  }

  /** Where a row is in its file. */
  private place(row: number): RowPlace {
    const [low, high] = [this.field(row, atPlaceLow) >>> 0, this.field(row, atPlaceHigh)]
    return { at: high * 2 ** 32 + low, sizeBytes: this.field(row, atSize), hash: this.field(row, atBytesHash) }
  }

  /** The row's line in the file. */
  line(row: number): number {
    return this.field(row, atLine)
  }

  /** Whether no file and no person made the row. */
  isGenerated(row: number): boolean {
    return this.field(row, atGenerated) === 1
  }

  /** 8 bytes that are the same for rows with the same tokens. */
  hash(row: number): [number, number] {
    return [this.field(row, atHash), this.field(row, atHash2)]
  }

  /** Whether a row has the same tokens as a row of `other`, trained at the same places. Tokens that are not kept are compared by the hash. */
  sameTokens(row: number, other: Dataset, otherRow: number): boolean {
    const [hash, hash2] = other.hash(otherRow)
    if (this.field(row, atHash) !== hash || this.field(row, atHash2) !== hash2) return false
    if (this.length(row) !== other.length(otherRow)) return false
    const [start, otherStart] = [this.field(row, atStart), other.field(otherRow, atStart)]
    const kept = Math.min(this.field(row, atKept), other.field(otherRow, atKept))
    for (let t = 0; t < kept; t++) if (this.tokens.get(start + t) !== other.tokens.get(otherStart + t)) return false
    return String(this.labelsOf(row)) === String(other.labelsOf(otherRow))
  }

  /** Targets by position, if they differ from the ids. */
  private labelsOf(row: number, length = this.field(row, atKept)): Int32Array | undefined {
    const start = this.field(row, atLabels)
    return start < 0 ? undefined : Int32Array.from({ length }, (_, t) => this.labels.get(start + t))
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
    const labels = this.labelsOf(row, length)
    return { row, ids, trained, ...(labels ? { labels } : {}), ...(length < full ? { cutFrom: full - length } : {}) }
  }

  /** How the rows are asked, and the end tokens of their answers. An adapter that is trained on them keeps both. */
  get asking(): Asking {
    const { asked, form } = this.encoder
    return keptAsking(asked, form, this.ends)
  }

  /**
   * The row's last answer and its prompt; undefined for rows of plain text. An answer that the kept tokens do not give is read from the
   * file again. @throws ShapeError if the prompt is longer than the model's context, and the errors of `bytesAgain`
   */
  async question(row: number): Promise<Question | undefined> {
    const [from, to, kept] = [this.field(row, atAnswerStart), this.field(row, atAnswerEnd), this.field(row, atKept)]
    if (from === 0) return undefined
    if (from > kept)
      throw new ShapeError(
        say`${this.name}, line ${this.line(row)}: expected a prompt of at most ${this.keep} tokens, got one of ${from}. Shorten the prompt, or leave the row out.`,
      )
    const start = this.field(row, atStart)
    const labels = this.labelsOf(row)
    const promptIds = Array.from({ length: from }, (_, t) => this.tokens.get(start + t) >> 1)
    const inIds = Array.from({ length: Math.min(to, kept) - from }, (_, t) => this.tokens.get(start + from + t) >> 1)
    const expectedIds = this.upToEnd(labels ? [...labels.subarray(from, Math.min(to, kept))] : inIds)
    const expected = (await this.unreadableAnswer(row, promptIds, inIds)) ?? this.decoded(promptIds, expectedIds)
    return { promptIds, expectedIds, expected: expected.trim() }
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
