// The rows after a recipe as files and as a report. The same rows give the same bytes on the page and on the command line.
import { Gzip } from 'fflate'
import type { FileReport, Part, RecipeReport, StepReport } from '../config/recipe'
import { type WorkRow, lineOf } from './row'

const pieceCharacters = 2 ** 20

/** The rows of a part as JSONL in UTF-8, in pieces. */
export function* jsonlPieces(rows: readonly WorkRow[], part: Part): Generator<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder()
  let text = ''
  for (const row of rows) {
    if (row.part !== part) continue
    text += lineOf(row)
    if (text.length < pieceCharacters) continue
    yield encoder.encode(text)
    text = ''
  }
  if (text) yield encoder.encode(text)
}

/** The pieces packed by gzip. Its header has no time, so the same rows give the same bytes. */
export function* gzipPieces(pieces: Iterable<Uint8Array>): Generator<Uint8Array<ArrayBuffer>> {
  const packed: Uint8Array<ArrayBuffer>[] = []
  const gzip = new Gzip({ mtime: 0 }, (piece) => packed.push(Uint8Array.from(piece)))
  for (const piece of pieces) {
    gzip.push(piece)
    yield* packed.splice(0)
  }
  gzip.push(new Uint8Array(0), true)
  yield* packed
}

export function recipeReport(files: readonly FileReport[], steps: readonly StepReport[], rows: readonly WorkRow[]): RecipeReport {
  const makers: RecipeReport['makers'] = {}
  for (const { origin } of rows) makers[origin.by] = (makers[origin.by] ?? 0) + 1
  const evaluationRows = rows.filter(({ part }) => part === 'evaluation').length
  return { files, steps, trainRows: rows.length - evaluationRows, evaluationRows, makers }
}

/** The name of a file with the cleaned rows of `name`: `rows.csv` becomes `rows.cleaned.jsonl`. */
export const cleanedName = (name: string, part: Part): string =>
  `${name.replace(/(\.[a-z0-9]{1,8}){1,2}$/i, '')}.${part === 'train' ? 'cleaned' : 'cleaned.eval'}.jsonl`
