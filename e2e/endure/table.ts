// The result of `npm run endure` as a Markdown table, and how to run a failing case again.
import type { EndurePart, EndureResult } from './part'

export interface EndureRow {
  part: Pick<EndurePart, 'name' | 'shows' | 'unit'>
  count: number
  seed: number
  /** Whether the cases are those of a sample. */
  sample: boolean
  result: EndureResult
  seconds: number
}

const cell = (text: string): string => text.replaceAll('|', String.raw`\|`).replaceAll(/\s+/g, ' ')

/** One line for each part. */
export function endureTable(rows: readonly EndureRow[]): string {
  const lines = rows.map(({ part, count, result, seconds }) => {
    const figures = result.skipped === undefined ? result.figures.join('; ') : `skipped: ${result.skipped}`
    const counted = result.skipped === undefined ? count.toLocaleString('en') : '0'
    return `| ${[part.name, `${counted} ${part.unit}`, part.shows, String(result.failures.length), figures, seconds.toFixed(1)].map(cell).join(' | ')} |`
  })
  return ['| part | count | shows | failures | figures | seconds |', '|---|---|---|---|---|---|', ...lines].join('\n')
}

/** Failures that are printed in full. The others are counted. */
const shown = 10

/** The failing cases of a part, each with the command that runs it alone. */
export function failureLines({ part, result, seed, sample }: EndureRow): string[] {
  const { failures } = result
  const amount = sample ? ' --sample' : ''
  const lines = failures
    .slice(0, shown)
    .map(
      (failure) =>
        `${part.name}, case ${failure.case}: ${failure.problem}\n  replay: npm run endure -- --only ${part.name}${amount} --seed ${seed + failure.case} --count 1`,
    )
  return failures.length > shown ? [...lines, `${part.name}: ${failures.length - shown} more`] : lines
}
