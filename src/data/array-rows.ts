// Rows of a file that begins with a bracket: the elements of a JSON array; or one conversation, if the elements are turns;
// or conversations, one list of turns per line.
import type { JsonOddities } from '../config/exact-json'
import { ArrayCutter } from './cut-rows'
import { LineRows } from './line-rows'
import { type ReadRow, parseRow } from './parse-row'
import { isRole } from './turns'

interface Gathered {
  line: number
  turns: unknown[]
  oddities: JsonOddities
  problem?: string
}

/** Whether the value is a single turn, not a row that has a column by that name. */
function isTurnAlone(value: Record<string, unknown>): boolean {
  const has = (key: string): boolean => Object.hasOwn(value, key)
  return (isRole(value.role) && (has('content') || has('tool_calls'))) || (isRole(value.from) && has('value'))
}

export class ArrayRows {
  private readonly array: ArrayCutter
  /** The lines behind the first list, where that is a conversation. */
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
  if (problem !== undefined) into.problem ??= `turn ${into.turns.length}: ${problem}`
  if (oddities?.loneSurrogate) into.oddities.loneSurrogate = true
  into.oddities.repeatedKeys.push(...(oddities?.repeatedKeys ?? []))
}

function conversation({ line, turns, oddities, problem }: Gathered): ReadRow {
  return problem === undefined ? { line, value: { messages: turns }, oddities } : { line, problem }
}
