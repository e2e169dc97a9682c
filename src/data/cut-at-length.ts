// A dataset at the maximum length of a run: which rows have something left to train on, and how much. Rows are read only once.
// Cutting them here gives the same tokens, labels and counts as cutting them while reading.
import type { UnknownReport } from '../config/data-options'
import { type Phrase, joined, say } from '../config/phrase'
import type { Dataset } from './dataset'
import { charactersOf } from './unknown-characters'

interface Problem {
  line: number
  reason: Phrase
}

export interface Cut {
  dataset: Dataset
  maxLength: number
  /** Rows with something to train on, ascending. */
  rows: Int32Array
  /** Tokens and training targets of these rows after cutting; how many of the rows are cut; length of the longest one before cutting. */
  tokens: number
  trainedTokens: number
  cutRows: number
  longest: number
  /** The first 1000 rows that cannot be used: they could not be read, or `maxLength` leaves nothing of them to train on. */
  problems: Problem[]
  problemCount: number
  /** Characters of these rows that the vocabulary cannot write, if there are any. */
  unknown?: UnknownReport
}

const mostProblems = 1000

/** The dataset cut at `maxLength`, or at the number of tokens that it keeps of a row if that is smaller. */
export function cutAt(dataset: Dataset, maxLength: number): Cut {
  const length = Math.min(maxLength, dataset.keep)
  const rows: number[] = []
  // Rows come in the order of their lines, so the first of these are enough.
  const lost: Problem[] = []
  let lostCount = 0
  const counts = { tokens: 0, trainedTokens: 0, cutRows: 0, longest: 0 }
  for (let row = 0; row < dataset.rows; row++) {
    const { firstTarget, answerStart } = dataset.start(row)
    if (firstTarget >= length) {
      if (lostCount++ < mostProblems) lost.push({ line: dataset.line(row), reason: nothingLeft(answerStart || firstTarget, length) })
      continue
    }
    const full = dataset.length(row)
    rows.push(row)
    counts.tokens += Math.min(full, length)
    counts.trainedTokens += dataset.targets(row, length)
    if (full > length) counts.cutRows++
    counts.longest = Math.max(counts.longest, full)
  }
  return {
    dataset,
    maxLength: length,
    rows: Int32Array.from(rows),
    ...counts,
    problems: [...dataset.problems, ...lost].sort((a, b) => a.line - b.line).slice(0, mostProblems),
    problemCount: dataset.problemCount + lostCount,
    unknown: unknownAt(dataset, length),
  }
}

function unknownAt(dataset: Dataset, length: number): UnknownReport | undefined {
  if (!dataset.unknown) return undefined
  const { id, readAs } = dataset.unknown
  const { rows, ...characters } = charactersOf(dataset.unknown, (row) => dataset.start(row).firstTarget < length)
  if (!rows.length) return undefined
  const trainedTokens = id === undefined ? 0 : rows.reduce((sum, row) => sum + dataset.targets(row, length, id), 0)
  return { ...characters, rows: rows.length, trainedTokens, ...(readAs !== undefined && { readAs }) }
}

const nothingLeft = (promptTokens: number, length: number): Phrase =>
  say`its prompt of ${promptTokens} tokens fills the maximum length of ${length}, so nothing is left to train on`

/** `3 rows that cannot be used (line 1: …; …)`; undefined if there are none. */
export function unusable(problems: readonly Problem[], count: number): Phrase | undefined {
  if (!count) return undefined
  const first = problems.slice(0, 3).map(({ line, reason }) => say`line ${line}: ${reason}`)
  const named = joined(first, '; ')
  if (count > 3) return say`${count} rows that cannot be used (${named}; …)`
  return count === 1 ? say`1 row that cannot be used (${named})` : say`${count} rows that cannot be used (${named})`
}
