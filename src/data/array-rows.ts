// Rows of a file that begins with a bracket. The rows are the elements of a JSON array. If the elements are turns, the array is one
// conversation, and each further line may have another one.
import type { JsonOddities } from '../config/exact-json'
import { type Phrase, say } from '../config/phrase'
import { ArrayCutter, maxRowBytes, tooLong } from './cut-rows'
import type { RowPlace } from './data-source'
import { LineRows } from './line-rows'
import { type ReadRow, parseRow } from './parse-row'
import { isRole } from './turns'

interface Gathered {
  line: number
  turns: unknown[]
  oddities: JsonOddities
  problem?: Phrase
  /** Bytes of the turns. */
  sizeBytes: number
}

/** Whether the value is a single turn, and not a row that happens to have a column of that name. */
function isTurnAlone(value: Record<string, unknown>): boolean {
  const has = (key: string): boolean => Object.hasOwn(value, key)
  return (isRole(value.role) && (has('content') || has('tool_calls'))) || (isRole(value.from) && has('value'))
}

export class ArrayRows {
  private readonly array: ArrayCutter
  /** The lines after the first list, if that list is a conversation. */
  private lines?: LineRows
  private gathered?: Gathered
  private first = true

  /** `line` is the number of the first line, which begins at byte `at`. `inObject`: a brace that closes an object may follow. */
  constructor(line: number, at: number, inObject = false) {
    this.array = new ArrayCutter(line, at, inObject)
  }

  *push(chunk: Uint8Array): Generator<ReadRow> {
    if (this.lines) return yield* this.lines.push(chunk)
    for (const cut of this.array.push(chunk)) {
      const row = parseRow(cut)
      if (this.first && row.value && isTurnAlone(row.value))
        this.gathered = { line: row.line, turns: [], oddities: { repeatedKeys: [], loneSurrogate: false }, sizeBytes: 0 }
      if (this.first && !this.gathered) this.array.forgetPlace()
      this.first = false
      if (this.gathered) gather(this.gathered, row, cut.bytes.length)
      else yield row
    }
    const { tail, place } = this.array
    if (!this.gathered || !tail) return
    yield conversation(this.gathered, place)
    this.lines = new LineRows(tail.line, tail.at)
    yield* this.lines.push(tail.bytes)
  }

  *end(): Generator<ReadRow> {
    if (this.lines) return yield* this.lines.end()
    if (this.gathered && this.array.closed) yield conversation(this.gathered, this.array.place)
    else for (const cut of this.array.end()) yield parseRow(cut)
  }
}

function gather(into: Gathered, { value, problem, oddities }: ReadRow, sizeBytes: number): void {
  into.sizeBytes += sizeBytes
  if (into.sizeBytes > maxRowBytes) {
    into.turns = []
    into.problem ??= tooLong
    return
  }
  into.turns.push(value)
  if (problem !== undefined) into.problem ??= say`turn ${into.turns.length}: ${problem}`
  if (oddities?.loneSurrogate) into.oddities.loneSurrogate = true
  into.oddities.repeatedKeys.push(...(oddities?.repeatedKeys.slice(0, 1) ?? []))
}

function conversation({ line, turns, oddities, problem }: Gathered, place: RowPlace): ReadRow {
  if (problem === undefined && place.sizeBytes > maxRowBytes) return { line, problem: tooLong }
  return problem === undefined ? { line, value: { messages: turns }, place, oddities } : { line, problem }
}
