// What a person should know about how the turns of a dataset were read.
import type { EncodedExample } from './encode-sample'
import type { Row } from './row'
import { truthOf } from './turn-training'

const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`

/** Counts over a dataset's rows; `sentences` are its notes. */
export class TurnNotes {
  private readonly unread = new Map<string, Map<string, number>>()
  private readonly unwantedCounts = new Map<string, number>()
  private untold = 0
  private tools = 0

  /** Whether a row is to be left out because `column`, its label, says that its answer is not wanted. */
  leavesOut(row: Row, column: string | undefined): boolean {
    if (column === undefined || truthOf(row[column]) !== false) return false
    this.unwantedCounts.set(column, (this.unwantedCounts.get(column) ?? 0) + 1)
    return true
  }

  look({ unread = [], untold = 0, unreadTools }: EncodedExample): void {
    this.untold += untold
    if (unreadTools) this.tools++
    for (const { role, key } of unread) {
      const roles = this.unread.get(key) ?? new Map<string, number>()
      roles.set(role, (roles.get(role) ?? 0) + 1)
      if (this.unread.size < 1000) this.unread.set(key, roles)
    }
  }

  /** Columns that were read as labels. */
  get labels(): string[] {
    return [...this.unwantedCounts.keys()]
  }

  /** For a dataset without other rows: `1 whose label is false`. */
  get unwanted(): string | undefined {
    const [first] = this.unwantedCounts
    return first && `${first[1]} whose ${first[0]} is false`
  }

  sentences(hasTemplate: boolean): string[] {
    const out: string[] = []
    for (const [column, count] of this.unwantedCounts) {
      const [are, their, answers] = count === 1 ? ['is', 'its', 'its answer is'] : ['are', 'their', 'their answers are']
      out.push(`${plural(count, 'row')} ${are} left out, since ${their} ${column} is false: ${answers} not wanted.`)
    }
    const keys = [...this.unread].slice(0, 20).map(([key, roles]) => {
      const turns = [...roles].map(([role, count]) => `${plural(count, 'turn')} of ${role}`)
      return `${key} (${turns.join(', ')})`
    })
    const where = hasTemplate ? 'that the chat template does not read' : 'that nothing reads where there is no chat template'
    if (keys.length) out.push(`Keys of turns ${where}: ${keys.join(', ')}.`)
    if (this.tools)
      out.push(`${plural(this.tools, 'row')} ${this.tools === 1 ? 'has' : 'have'} tools, which the chat template does not read.`)
    if (this.untold)
      out.push(
        `${plural(this.untold, 'turn')} of the assistant ${this.untold === 1 ? 'is' : 'are'} not trained, since the chat template does not show where ${this.untold === 1 ? 'it begins and ends' : 'they begin and end'}.`,
      )
    return out
  }
}
