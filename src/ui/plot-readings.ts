// What the lines of a chart say at one place of the horizontal axis.
import { nearestIndex } from '../store/curves'
import type { PlotLine } from '../store/plot-line'

export interface Reading {
  line: PlotLine
  x: number
  /** As it is drawn. */
  value: number
  /** As measured, if an average is drawn. */
  raw?: number
}

const shownOf = ({ ys, shows }: PlotLine, i: number): number => (shows ? shows(ys[i]) : ys[i])

/** The value of each run at the logged place nearest to `at`, the highest first. A run that was not there within `reach` is left out. */
export function readingsAt(lines: readonly PlotLine[], at: number, reach: number): Reading[] {
  const raw = new Map(lines.filter(({ faint }) => faint).map((line) => [line.run, line]))
  const found = lines.flatMap((line): Reading[] => {
    const i = line.faint ? -1 : nearestIndex(line.xs, at)
    if (i < 0 || at < line.xs[0] - reach || at > line.xs[line.xs.length - 1] + reach) return []
    const measured = raw.get(line.run)
    return [{ line, x: line.xs[i], value: shownOf(line, i), raw: measured && shownOf(measured, i) }]
  })
  return found.toSorted((a, b) => (Number.isNaN(a.value) ? 1 : Number.isNaN(b.value) ? -1 : b.value - a.value))
}
