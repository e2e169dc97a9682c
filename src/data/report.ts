// What people are told about a dataset: as a report for the page, as lines for the command line.
import type { DataOptions, DataReport } from '../config/data-options'
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { Cut } from './cut-at-length'
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
    asked: dataset.asking.form,
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
const ownNotes = (cut: Cut): string[] => [...cut.dataset.notes, ...repeatNotes(cut)]

/** Sentences about the rows for evaluation. */
function evalNotes(rows: CutRows): string[] {
  const { evalCut } = rows
  const file = evalCut ? [...leftOut(evalCut), ...cutNotes(evalCut), ...unknownNotes(evalCut), ...ownNotes(evalCut)] : []
  return [...file.map((note) => `${evalCut?.dataset.name}: ${note}`), ...overlapNotes(rows)]
}

/** Everything that the page shows about a dataset, as lines for the command line. */
export function dataLines(rows: CutRows): string[] {
  const { cut } = rows
  const { name, format } = cut.dataset
  const read = `${count(cut.rows.length, 'row')} read as ${format}, ${count(cut.tokens, 'token')}, ${cut.trainedTokens} of them in the loss.`
  const lines = [read, ...cutNotes(cut), ...problemLines(cut), ...unknownNotes(cut), ...ownNotes(cut)]
  return [...lines.map((line) => `${name}: ${line}`), ...evalNotes(rows)]
}

/** The rows that cannot be used, with their lines. */
export function problemLines({ problems, problemCount }: Cut): string[] {
  if (!problemCount) return []
  const listed = problems.slice(0, shownProblems).map(({ line, reason }) => `line ${line}: ${reason}`)
  const more = problemCount - listed.length
  return [`${count(problemCount, 'row')} cannot be used.`, ...listed, ...(more ? [`… and ${more} more.`] : [])]
}

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`

function cutNotes({ cutRows, rows, maxLength, longest }: Cut): string[] {
  if (!cutRows) return []
  return [`${cutRows} of ${rows.length} rows are cut at ${maxLength} tokens (the longest has ${longest}).`]
}

const unknownNotes = ({ unknown, trainedTokens }: Cut): string[] => (unknown ? [unknownSentence(unknown, trainedTokens)] : [])

function leftOut({ problemCount, problems }: Cut): string[] {
  if (!problemCount) return []
  const which = `(line ${problems[0].line}: ${problems[0].reason}${problemCount > 1 ? '; …' : ''})`
  return [`${count(problemCount, 'row')} ${problemCount === 1 ? 'is' : 'are'} left out ${which}.`]
}

function repeatNotes({ dataset, rows: used }: Cut): string[] {
  const { rows, line, originalLine } = repeatedRows(dataset, used)
  if (!rows) return []
  return [
    `${rows} of ${used.length} rows ${rows === 1 ? 'repeats' : 'repeat'} an earlier row (line ${line} is the same as line ${originalLine}).`,
  ]
}

function overlapNotes({ dataset, train, evalDataset, evalCut, eval: evalRows }: CutRows): string[] {
  const { rows, line, originalLine } = sharedRows(dataset, train, evalDataset, evalRows)
  if (!rows) return []
  const which = evalCut
    ? `line ${line} of ${evalDataset.name} is line ${originalLine} of ${dataset.name}`
    : `line ${line} is the same as line ${originalLine}`
  return [
    `${rows} of ${evalRows.length} evaluation rows ${rows === 1 ? 'is' : 'are'} also trained on (${which}), so evaluation looks better than it is.`,
  ]
}

/** Throws where rows had to be left out and nobody has said to go on without them. */
export function refuseProblems(
  { dataset: { name }, rows: { length: rows }, problems, problemCount }: Cut,
  options: Pick<DataOptions, 'skipBadLines'>,
): void {
  if (problemCount === 0 || options.skipBadLines) return
  const first = problems[0] ? ` (line ${problems[0].line}: ${problems[0].reason})` : ''
  throw new FormatError(
    say`${name}: expected ${rows + problemCount} rows to train on, got ${problemCount} that cannot be used${first}. Correct them, or train on the other ${rows}.`,
  )
}

/** Token lengths before cutting, in equal bins from 0. */
function histogram(dataset: Dataset): DataReport['histogram'] {
  const binWidth = Math.max(1, Math.ceil((dataset.longest + 1) / bins))
  const counts = new Array<number>(Math.floor(dataset.longest / binWidth) + 1).fill(0)
  for (let row = 0; row < dataset.rows; row++) counts[Math.floor(dataset.length(row) / binWidth)]++
  return { binWidth, counts, longest: dataset.longest }
}
