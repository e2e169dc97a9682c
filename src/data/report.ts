// What the page says about a dataset.
import type { DataOptions, DataReport } from '../config/data-options'
import { FormatError } from '../config/errors'
import type { Dataset } from './dataset'

const bins = 24

/** The report of a dataset with its split; `evalFile` where a file of its own is for evaluation. */
export function dataReport(
  id: string,
  dataset: Dataset,
  split: { train: ArrayLike<number>; eval: ArrayLike<number> },
  evalFile?: Dataset,
): DataReport {
  const { name, format, columns, rows, tokens, trainedTokens, cutRows } = dataset
  return {
    id,
    name,
    format,
    columns,
    rows,
    trainRows: split.train.length,
    evalRows: evalFile ? evalFile.rows : split.eval.length,
    evalSource: evalFile ? 'file' : split.eval.length ? 'held out' : 'none',
    tokens,
    trainedTokens,
    cutRows,
    problems: dataset.problems,
    problemCount: dataset.problemCount,
    histogram: histogram(dataset),
    notes: [...dataset.notes, ...(evalFile ? evalNotes(evalFile) : [])],
  }
}

/** Throws where rows had to be left out and nobody has said to go on without them. */
export function refuseProblems(dataset: Dataset, options: Pick<DataOptions, 'skipBadLines'>): void {
  const { name, problems, problemCount, rows } = dataset
  if (problemCount === 0 || options.skipBadLines) return
  const first = problems[0] ? ` (line ${problems[0].line}: ${problems[0].reason})` : ''
  throw new FormatError(
    `${name}: expected ${rows + problemCount} rows to train on, got ${problemCount} that cannot be used${first}. Correct them, or train on the other ${rows}.`,
  )
}

/** Token lengths before cutting, in equal bins from 0. */
function histogram(dataset: Dataset): DataReport['histogram'] {
  const binWidth = Math.max(1, Math.ceil((dataset.longest + 1) / bins))
  const counts = new Array<number>(Math.floor(dataset.longest / binWidth) + 1).fill(0)
  for (let row = 0; row < dataset.rows; row++) counts[Math.floor(dataset.fullLength(row) / binWidth)]++
  return { binWidth, counts, longest: dataset.longest }
}

function evalNotes({ name, problemCount, problems }: Dataset): string[] {
  if (!problemCount) return []
  return [`${name}: ${problemCount} rows are left out (line ${problems[0].line}: ${problems[0].reason}${problemCount > 1 ? '; …' : ''}).`]
}
