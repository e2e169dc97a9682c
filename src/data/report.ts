// What a person is told about a dataset: a report for the page, lines for the command line.
import type { DataOptions, DataReport } from '../config/data-options'
import { FormatError } from '../config/errors'
import { type Phrase, say, sentence } from '../config/phrase'
import { type Cut, unusable } from './cut-at-length'
import type { Dataset } from './dataset'
import { repeatedRows, sharedRows } from './repeats'
import type { CutRows } from './run-rows'
import { unknownSentence } from './unknown-characters'

const bins = 24
const shownProblems = 10

/** The report of a dataset with its split. */
export function dataReport(id: string, rows: CutRows): DataReport {
  const { dataset, cut, evalCut } = rows
  const { name, format, columns } = dataset
  const { maxLength, tokens, trainedTokens, cutRows, problems, problemCount } = cut
  return {
    id,
    name,
    format,
    asking: dataset.asking,
    columns,
    rows: cut.rows.length,
    trainRows: rows.train.length,
    evalRows: rows.eval.length,
    evalSource: evalCut ? 'file' : rows.eval.length ? 'held out' : 'none',
    maxLength,
    tokens,
    trainedTokens,
    cutRows,
    problems,
    problemCount,
    histogram: histogram(dataset),
    ...(cut.unknown ? { unknown: cut.unknown } : {}),
    notes: [...ownNotes(cut), ...evalNotes(rows)],
  }
}

/** Sentences about the rows themselves. */
const ownNotes = (cut: Cut): Phrase[] => [...cut.dataset.notes, ...repeatNotes(cut)]

/** Sentences about the rows for evaluation. */
function evalNotes(rows: CutRows): Phrase[] {
  const { evalCut } = rows
  const file = evalCut ? [...leftOut(evalCut), ...cutNotes(evalCut), ...unknownNotes(evalCut), ...ownNotes(evalCut)] : []
  return [...file.map((note) => say`${evalCut?.dataset.name}: ${note}`), ...overlapNotes(rows)]
}

/** Sentences about the rows for evaluation, as lines for the command line. */
export const evalLines = (rows: CutRows): string[] => evalNotes(rows).map((line) => sentence(line))

/** Everything that the page shows about a dataset, as lines for the command line. */
export function dataLines(rows: CutRows): string[] {
  const { cut } = rows
  const { name, format } = cut.dataset
  const [count, tokens] = [cut.rows.length, cut.tokens]
  const read =
    count === 1
      ? say`1 row read as ${format}, ${tokens} tokens, ${cut.trainedTokens} of them in the loss.`
      : say`${count} rows read as ${format}, ${tokens} tokens, ${cut.trainedTokens} of them in the loss.`
  const lines = [read, ...cutNotes(cut), ...problemNotes(cut), ...unknownNotes(cut), ...ownNotes(cut)]
  return [...lines.map((line) => say`${name}: ${line}`), ...evalNotes(rows)].map((line) => sentence(line))
}

/** The rows that cannot be used, with their lines in the file. */
export const problemLines = (cut: Cut): string[] => problemNotes(cut).map((line) => sentence(line))

function problemNotes({ problems, problemCount }: Cut): Phrase[] {
  if (!problemCount) return []
  const listed = problems.slice(0, shownProblems).map(({ line, reason }) => say`line ${line}: ${reason}`)
  const more = problemCount - listed.length
  const head = problemCount === 1 ? say`1 row cannot be used.` : say`${problemCount} rows cannot be used.`
  return [head, ...listed, ...(more ? [say`… and ${more} more.`] : [])]
}

function cutNotes({ cutRows, rows, maxLength, longest }: Cut): Phrase[] {
  if (!cutRows) return []
  if (cutRows === 1) return [say`1 of ${rows.length} rows is cut at ${maxLength} tokens (the longest row has ${longest}).`]
  return [say`${cutRows} of ${rows.length} rows are cut at ${maxLength} tokens (the longest row has ${longest}).`]
}

const unknownNotes = ({ unknown, trainedTokens }: Cut): Phrase[] => (unknown ? [unknownSentence(unknown, trainedTokens)] : [])

function leftOut({ problemCount, problems }: Cut): Phrase[] {
  if (!problemCount) return []
  const [{ line, reason }] = problems
  if (problemCount === 1) return [say`1 row is left out (line ${line}: ${reason}).`]
  return [say`${problemCount} rows are left out (line ${line}: ${reason}; …).`]
}

function repeatNotes({ dataset, rows: used }: Cut): Phrase[] {
  const { rows, line, originalLine } = repeatedRows(dataset, used)
  if (!rows) return []
  if (rows === 1) return [say`1 of ${used.length} rows repeats an earlier row (line ${line} is the same as line ${originalLine}).`]
  return [say`${rows} of ${used.length} rows repeat an earlier row (line ${line} is the same as line ${originalLine}).`]
}

function overlapNotes({ dataset, train, evalDataset, evalCut, eval: evalRows }: CutRows): Phrase[] {
  const { rows, line, originalLine } = sharedRows(dataset, train, evalDataset, evalRows)
  if (!rows) return []
  const which = evalCut
    ? say`line ${line} of ${evalDataset.name} is the same as line ${originalLine} of ${dataset.name}`
    : say`line ${line} is the same as line ${originalLine}`
  if (rows === 1)
    return [say`1 of ${evalRows.length} evaluation rows is also trained on (${which}), so the evaluation looks better than it is.`]
  return [say`${rows} of ${evalRows.length} evaluation rows are also trained on (${which}), so the evaluation looks better than it is.`]
}

/** Throws if rows had to be left out and the person has not agreed to train without them. */
export function refuseProblems(
  { dataset: { name }, rows: { length: rows }, problems, problemCount }: Cut,
  options: Pick<DataOptions, 'skipBadLines'>,
): void {
  if (problemCount === 0 || options.skipBadLines) return
  const bad = unusable(problems, problemCount)
  throw new FormatError(
    rows
      ? say`${name}: expected ${rows + problemCount} rows to train on, got ${bad}. Correct these rows, or train on the other ${rows}.`
      : say`${name}: expected ${problemCount} rows to train on, got ${bad}. Correct these rows, or choose another file.`,
  )
}

/** Token lengths before cutting, in equal bins from 0. */
function histogram(dataset: Dataset): DataReport['histogram'] {
  const binWidth = Math.max(1, Math.ceil((dataset.longest + 1) / bins))
  const counts = new Array<number>(Math.floor(dataset.longest / binWidth) + 1).fill(0)
  for (let row = 0; row < dataset.rows; row++) counts[Math.floor(dataset.length(row) / binWidth)]++
  return { binWidth, counts, longest: dataset.longest }
}
