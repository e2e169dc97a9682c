// The values of a chart as a table, for those who read numbers or hear them.
import { useEffect, useState } from 'react'
import type { PlotLine, PlotSource } from '../store/plot-line'
import { nearestIndex } from '../store/curves'
import { formatCount } from './format'
import { useText } from './text/text'

/** How many rows it has at most, and how often it is made again. */
const [most, everyMs] = [100, 2000]

interface Rows {
  lines: readonly PlotLine[]
  xs: readonly number[]
  all: number
}

/** Places that are evenly spread over all that were logged, the last one too. Values as measured stand for their average. */
function rowsOf(all: readonly PlotLine[]): Rows {
  const lines = all.filter((line) => line.faint || !all.some((other) => other.faint && other.run === line.run))
  const xs = [...new Set(lines.flatMap(({ xs: own }) => [...own]))].sort((a, b) => a - b)
  const count = Math.min(most, xs.length)
  const at = (i: number): number => xs[count === 1 ? 0 : Math.round((i * (xs.length - 1)) / (count - 1))]
  return { lines, xs: Array.from({ length: count }, (_, i) => at(i)), all: xs.length }
}

function valueAt({ xs, ys, shows }: PlotLine, x: number, formatY: (y: number) => string, none: string): string {
  const i = nearestIndex(xs, x)
  if (i < 0 || xs[i] !== x) return none
  return formatY(shows ? shows(ys[i]) : ys[i])
}

interface Props {
  title: string
  axis: string
  source: PlotSource
  formatX: (x: number) => string
  formatY: (y: number) => string
}

export function ChartTable({ title, axis, source, formatX, formatY }: Props) {
  const text = useText()
  const [made, setMade] = useState(() => ({ source, rows: rowsOf(source.lines()) }))
  useEffect(() => {
    const make = (): void => setMade({ source, rows: rowsOf(source.lines()) })
    make()
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = source.subscribe(() => {
      timer ??= setTimeout(() => {
        timer = undefined
        make()
      }, everyMs)
    })
    return () => {
      clearTimeout(timer)
      stop()
    }
  }, [source])
  const { lines, xs, all } = made.rows
  const names = new Map(source.lines().map((line) => [line.run, line.name]))
  return (
    <div className="chart-table" tabIndex={0} role="group" aria-label={text.charts.tableOf(title)}>
      {all > xs.length && <p className="help">{text.charts.someRows(formatCount(xs.length, text), formatCount(all, text))}</p>}
      <table className="table">
        <thead>
          <tr>
            <th scope="col" className="number">
              {axis}
            </th>
            {lines.map((line) => (
              <th key={line.id} scope="col" className="number">
                {names.get(line.run) ?? line.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {xs.map((x) => (
            <tr key={x}>
              <th scope="row" className="number">
                {formatX(x)}
              </th>
              {lines.map((line) => (
                <td key={line.id} className="number">
                  {valueAt(line, x, formatY, text.runs.none)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
