// Rows of a file that begins with a bracket. The rows are the elements of a JSON array. If the elements are turns, the array is one
// conversation, and each further line may have another one.
import type { JsonOddities } from '../config/exact-json'
import { type Phrase, say } from '../config/phrase'
import { ArrayCutter } from './cut-rows'
import { LineRows } from './line-rows'
import { type ReadRow, parseRow } from './parse-row'
import { isRole } from './turns'

interface Gathered {
  line: number
  turns: unknown[]
  oddities: JsonOddities
  problem?: Phrase
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

  /** `line` is the number of the first line. */
  constructor(line = 1) {
    this.array = new ArrayCutter(line)
  }

  *push(chunk: Uint8Array): Generator<ReadRow> {
    if (this.lines) return yield* this.lines.push(chunk)
    for (const cut of this.array.push(chunk)) {
      const row = parseRow(cut)
      if (this.first && row.value && isTurnAlone(row.value))
        this.gathered = { line: row.line, turns: [], oddities: { repeatedKeys: [], loneSurrogate: false } }
      this.first = false
      if (this.gathered) gather(this.gathered, row)
      else yield row
    }
    const { tail } = this.array
    if (!this.gathered || !tail) return
    yield conversation(this.gathered)
    this.lines = new LineRows(tail.line)
    yield* this.lines.push(tail.bytes)
  }

  *end(): Generator<ReadRow> {
    if (this.lines) return yield* this.lines.end()
    if (this.gathered && this.array.closed) yield conversation(this.gathered)
    else for (const cut of this.array.end()) yield parseRow(cut)
  }
}

function gather(into: Gathered, { value, problem, oddities }: ReadRow): void {
  into.turns.push(value)
  if (problem !== undefined) into.problem ??= say`turn ${into.turns.length}: ${problem}`
  if (oddities?.loneSurrogate) into.oddities.loneSurrogate = true
  into.oddities.repeatedKeys.push(...(oddities?.repeatedKeys ?? []))
}

function conversation({ line, turns, oddities, problem }: Gathered): ReadRow {
  return problem === undefined ? { line, value: { messages: turns }, oddities } : { line, problem }
}
