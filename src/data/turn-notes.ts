// Sentences about how the turns of a dataset were read.
import { type Phrase, joined, say } from '../config/phrase'
import type { EncodedExample } from './encode-sample'
import type { Row } from './row'
import { shortText } from './short-text'
import { truthOf } from './turn-training'

/** Counts over a dataset's rows; `sentences` are its notes. */
export class TurnNotes {
  private readonly unread = new Map<string, Map<string, number>>()
  private readonly unwantedCounts = new Map<string, number>()
  private untold = 0
  private tools = 0
  private asSystem = 0

  /** Whether a row is left out because its label, in `column`, says that its answer is not wanted. */
  leavesOut(row: Row, column: string | undefined): boolean {
    if (column === undefined || truthOf(row[column]) !== false) return false
    this.unwantedCounts.set(column, (this.unwantedCounts.get(column) ?? 0) + 1)
    return true
  }

  look({ unread = [], untold = 0, unreadTools, asSystem = 0 }: EncodedExample): void {
    this.asSystem += asSystem
    this.untold += untold
    if (unreadTools) this.tools++
    for (const { role, key: name } of unread) {
      const key = shortText(name)
      const roles = this.unread.get(key) ?? new Map<string, number>()
      roles.set(role, (roles.get(role) ?? 0) + 1)
      if (this.unread.size < 1000) this.unread.set(key, roles)
    }
  }

  /** Columns that were read as labels. */
  get labels(): string[] {
    return [...this.unwantedCounts.keys()]
  }

  /** `1 row whose label is false`, for the error about a dataset that has no other rows. */
  get unwanted(): Phrase | undefined {
    const [first] = this.unwantedCounts
    if (!first) return undefined
    const [column, count] = first
    return count === 1 ? say`1 row whose ${column} is false` : say`${count} rows whose ${column} is false`
  }

  sentences(hasTemplate: boolean): Phrase[] {
    const out = [...this.unwantedCounts].map(([column, count]) =>
      count === 1
        ? say`1 row is left out because its ${column} is false, which marks its answer as not wanted.`
        : say`${count} rows are left out because their ${column} is false, which marks their answers as not wanted.`,
    )
    const keys = [...this.unread].slice(0, 20).map(([key, roles]) => {
      const turns = [...roles].map(([role, count]) => (count === 1 ? say`1 ${role} turn` : say`${count} ${role} turns`))
      return say`${key} (${joined(turns)})`
    })
    if (keys.length)
      out.push(
        hasTemplate
          ? say`Keys of turns that the chat template does not read: ${joined(keys)}.`
          : say`Keys of turns that are not read without a chat template: ${joined(keys)}.`,
      )
    if (this.asSystem)
      out.push(
        hasTemplate
          ? say`Turns of the role developer that are read as system, because the chat template does not know that role: ${this.asSystem}.`
          : say`Turns of the role developer that are read as system, because there is no chat template: ${this.asSystem}.`,
      )
    if (this.tools === 1) out.push(say`1 row has tools, which the chat template does not read.`)
    if (this.tools > 1) out.push(say`${this.tools} rows have tools, which the chat template does not read.`)
    if (this.untold === 1) out.push(say`1 assistant turn is not trained because the chat template does not show where it begins and ends.`)
    if (this.untold > 1)
      out.push(say`${this.untold} assistant turns are not trained because the chat template does not show where they begin and end.`)
    return out
  }
}
