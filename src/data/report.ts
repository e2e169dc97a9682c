// What people are told about a dataset: as a report for the page, as lines for the command line.
import type { DataOptions, DataReport } from '../config/data-options'
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { Dataset } from './dataset'
import { repeatedRows, sharedRows } from './repeats'
import { unknownSentence } from './unknown-characters'

const bins = 24
const shownProblems = 10

/** A dataset, and which of its rows are for training and which for evaluation. */
export interface SplitDataset {
  dataset: Dataset
  train: ArrayLike<number>
  eval: ArrayLike<number>
  /** The evaluation file, where there is one; `eval` are then its rows. */
  evalFile?: Dataset
}

/** The report of a dataset with its split. */
export function dataReport(id: string, split: SplitDataset): DataReport {
  const { dataset, evalFile } = split
  const { name, format, columns, rows, tokens, trainedTokens, cutRows } = dataset
  return {
    id,
    name,
    format,
    asked: dataset.asking.form,
    columns,
    rows,
    trainRows: split.train.length,
    evalRows: split.eval.length,
    evalSource: evalFile ? 'file' : split.eval.length ? 'held out' : 'none',
    tokens,
    trainedTokens,
    cutRows,
    problems: dataset.problems,
    problemCount: dataset.problemCount,
    histogram: histogram(dataset),
    ...(dataset.unknown ? { unknown: dataset.unknown } : {}),
    notes: [...ownNotes(dataset), ...evalNotes(split)],
  }
}

/** Sentences about the rows themselves. */
const ownNotes = (dataset: Dataset): string[] => [...dataset.notes, ...repeatNotes(dataset)]

/** Sentences about the rows for evaluation. */
function evalNotes(split: SplitDataset): string[] {
  const { evalFile } = split
  const file = evalFile ? [...leftOut(evalFile), ...cutNotes(evalFile), ...unknownNotes(evalFile), ...ownNotes(evalFile)] : []
  return [...file.map((note) => `${evalFile?.name}: ${note}`), ...overlapNotes(split)]
}

/** Everything that the page shows about a dataset, as lines for the command line. */
export function dataLines(split: SplitDataset): string[] {
  const { dataset } = split
  const { name, format, rows, tokens, trainedTokens } = dataset
  const read = `${count(rows, 'row')} read as ${format}, ${count(tokens, 'token')}, ${trainedTokens} of them in the loss.`
  const lines = [read, ...cutNotes(dataset), ...problemLines(dataset), ...unknownNotes(dataset), ...ownNotes(dataset)]
  return [...lines.map((line) => `${name}: ${line}`), ...evalNotes(split)]
}

/** The rows that cannot be used, with their lines. */
export function problemLines({ problems, problemCount }: Dataset): string[] {
  if (!problemCount) return []
  const listed = problems.slice(0, shownProblems).map(({ line, reason }) => `line ${line}: ${reason}`)
  const more = problemCount - listed.length
  return [`${count(problemCount, 'row')} cannot be used.`, ...listed, ...(more ? [`… and ${more} more.`] : [])]
}

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`

function cutNotes({ cutRows, rows, maxLength, longest }: Dataset): string[] {
  if (!cutRows) return []
  return [`${cutRows} of ${rows} rows are cut at ${maxLength} tokens (the longest has ${longest}).`]
}

const unknownNotes = ({ unknown, trainedTokens }: Dataset): string[] => (unknown ? [unknownSentence(unknown, trainedTokens)] : [])

function leftOut({ problemCount, problems }: Dataset): string[] {
  if (!problemCount) return []
  const which = `(line ${problems[0].line}: ${problems[0].reason}${problemCount > 1 ? '; …' : ''})`
  return [`${count(problemCount, 'row')} ${problemCount === 1 ? 'is' : 'are'} left out ${which}.`]
}

function repeatNotes(dataset: Dataset): string[] {
  const { rows, line, originalLine } = repeatedRows(dataset)
  if (!rows) return []
  return [
    `${rows} of ${dataset.rows} rows ${rows === 1 ? 'repeats' : 'repeat'} an earlier row (line ${line} is the same as line ${originalLine}).`,
  ]
}

function overlapNotes({ dataset, train, evalFile, eval: evalRows }: SplitDataset): string[] {
  const { rows, line, originalLine } = sharedRows(dataset, train, evalFile ?? dataset, evalRows)
  if (!rows) return []
  const which = evalFile
    ? `line ${line} of ${evalFile.name} is line ${originalLine} of ${dataset.name}`
    : `line ${line} is the same as line ${originalLine}`
  return [
    `${rows} of ${evalRows.length} evaluation rows ${rows === 1 ? 'is' : 'are'} also trained on (${which}), so evaluation looks better than it is.`,
  ]
}

/** Throws where rows had to be left out and nobody has said to go on without them. */
export function refuseProblems(dataset: Dataset, options: Pick<DataOptions, 'skipBadLines'>): void {
  const { name, problems, problemCount, rows } = dataset
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
  for (let row = 0; row < dataset.rows; row++) counts[Math.floor(dataset.fullLength(row) / binWidth)]++
  return { binWidth, counts, longest: dataset.longest }
}
