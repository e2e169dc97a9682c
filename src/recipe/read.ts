// Reads files of rows for a recipe. All rows stay in memory.
import { Cancelled, FormatError } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import { type ReadHow, autoHow, givenHow } from '../config/read-how'
import { type FileReport, type Part, originColumn } from '../config/recipe'
import type { DataSource } from '../data/data-source'
import { readAny } from '../data/in/read-any'
import { shortPhrase } from '../data/short-text'
import { type WorkRow, fileRow, renamedOriginNote } from './row'

interface ReadWatch {
  /** How the file is read; absent = that is guessed. */
  how?: ReadHow
  signal?: AbortSignal
  onBytes?(bytes: number): void
}

const mostProblems = 100

/** The rows of a file, and the lines that are not rows. @throws FormatError if it has no row at all; Cancelled */
export async function readFile(source: DataSource, part: Part, watch: ReadWatch = {}): Promise<{ rows: WorkRow[]; report: FileReport }> {
  const rows: WorkRow[] = []
  const problems: FileReport['problems'][number][] = []
  const notes: Phrase[] = []
  let problemCount = 0
  let renamed = false
  const onNote = (note: Phrase): void => void notes.push(note)
  const onBytes = (bytes: number): void => {
    watch.onBytes?.(bytes)
    if (watch.signal?.aborted) throw new Cancelled()
  }
  for await (const { line, value, problem } of readAny(source, watch.how, { onBytes, onNote, signal: watch.signal })) {
    if (value) {
      const row = fileRow(value, source.name, line, part)
      rows.push(row)
      if (Object.hasOwn(value, originColumn) && Object.keys(row.value).length === Object.keys(value).length) renamed = true
    } else if (problemCount++ < mostProblems) problems.push({ line, reason: shortPhrase(problem ?? say`not a row`) })
  }
  if (!rows.length)
    throw new FormatError(
      say`${source.name}: expected rows, got ${problems[0] ? say`line ${problems[0].line}: ${problems[0].reason}` : say`an empty file`}. Choose another file.`,
    )
  if (renamed) notes.push(renamedOriginNote)
  const read = givenHow(watch.how ?? autoHow)
  const chosen = Object.keys(read).length > 0 && { read }
  return { rows, report: { name: source.name, rows: rows.length, problems, problemCount, notes, ...chosen } }
}
