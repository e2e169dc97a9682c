// A held-out row as a person would type it, to be tried in the chat.
import type { Dataset } from '../data/dataset'
import type { Sample } from '../data/sample'
import type { HeldOutRow } from './api'
import type { LoadedData } from './loaded'

/** Rows that are looked at for one that can be asked in one turn. */
const mostLookedAt = 200

/** The one prompt of a row, and its system words; undefined if it has none, or is a conversation of several turns. */
function promptOf(sample: Sample): Pick<HeldOutRow, 'prompt' | 'systemWords'> | undefined {
  if (sample.kind === 'pair') return { prompt: sample.prompt, systemWords: sample.system }
  if (sample.kind !== 'chat' || sample.tools !== undefined) return undefined
  const system = sample.messages.find(({ role }) => role === 'system')
  const [asked, answered, ...more] = sample.messages.filter((message) => message !== system)
  const single = asked?.role === 'user' && answered?.role === 'assistant' && more.length === 0
  return single ? { prompt: asked.content, systemWords: system?.content } : undefined
}

async function rowAt(dataset: Dataset, row: number): Promise<Omit<HeldOutRow, 'at'> | undefined> {
  const prompt = promptOf(await dataset.sample(row))
  const question = prompt && (await dataset.question(row))
  return question && { ...prompt, line: dataset.line(row), expected: question.expected }
}

/** The first row from place `at` on, among those that a run of `maxLength` holds out, that asks in one turn; undefined if there is none. @throws FormatError, ShapeError */
export async function heldOutRow(data: LoadedData, at: number, maxLength: number): Promise<HeldOutRow | undefined> {
  const { eval: rows, evalDataset } = await data.rowsFor([], maxLength)
  for (let i = 0; i < Math.min(rows.length, mostLookedAt); i++) {
    const place = (at + i) % rows.length
    const found = await rowAt(evalDataset, rows[place])
    if (found) return { ...found, at: place }
  }
  return undefined
}
