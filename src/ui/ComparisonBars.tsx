// The chart of a comparison: one figure of every row as a bar, from the base over the adapters to full fine-tuning.
import { Bar, BarChart, CartesianGrid, Cell, ErrorBar, LabelList, ResponsiveContainer, XAxis, YAxis } from 'recharts'
import { type ComparisonRow, type TableColumn, scoreOf, valueOf } from '../config/comparison'
import { formatShare, formatValue } from './format'
import { useText } from './text/text'

interface BarOf {
  name: string
  value: number
  /** How far the interval, or the spread, reaches below and above. */
  error?: [number, number]
  kind: 'base' | 'run' | 'full'
}

const places = { base: 0, run: 1, full: 2 }
const colours = { base: 'var(--muted)', run: 'var(--series-1)', full: 'var(--series-2)' }

function errorOf(row: ComparisonRow, key: TableColumn['key'], value: number): BarOf['error'] {
  const interval = scoreOf(row, key)?.interval
  if (interval) return [value - interval[0], interval[1] - value]
  const spread = row.spread?.[key]
  return spread === undefined ? undefined : [spread, spread]
}

/** The bars: the base first, full fine-tuning last. Runs that have a mean over their seeds are left to it. */
export function barsOf(rows: readonly ComparisonRow[], column: TableColumn, nameOf: (row: ComparisonRow) => string): BarOf[] {
  const averaged = new Set(rows.flatMap(({ seeds, group }) => (seeds === undefined ? [] : group)))
  const bars = rows.flatMap((row): BarOf[] => {
    const value = valueOf(row, column.key)
    if (typeof value !== 'number' || !Number.isFinite(value)) return []
    if (row.seeds === undefined && row.group !== undefined && averaged.has(row.group)) return []
    const kind = row.method === 'base' || row.method === 'answers' ? 'base' : row.method === 'full' ? 'full' : 'run'
    return [{ name: nameOf(row), value, error: errorOf(row, column.key, value), kind }]
  })
  return bars.toSorted((a, b) => places[a.kind] - places[b.kind])
}

const rowHeight = 34

export function ComparisonBars({ bars, column, title }: { bars: readonly BarOf[]; column: TableColumn; title: string }) {
  const text = useText()
  const share = column.form === 'share'
  const written = (value: number): string => (share ? formatShare(value, 1, text) : formatValue(value))
  return (
    <figure className="chart" data-testid="comparison-bars" data-bars={bars.length}>
      <figcaption>
        <h3>{title}</h3>
        <span className="visually-hidden">{text.listed(bars.map(({ name, value }) => `${name} ${written(value)}`))}</span>
      </figcaption>
      <ResponsiveContainer width="100%" height={bars.length * rowHeight + 40}>
        <BarChart
          data={bars.map((bar) => ({ ...bar, above: bar.error?.[1] ?? 0 }))}
          layout="vertical"
          margin={{ left: 8, right: 56 }}
          accessibilityLayer={false}
        >
          <CartesianGrid horizontal={false} stroke="var(--grid)" />
          <XAxis type="number" domain={share ? [0, 1] : [0, 'auto']} tickFormatter={written} stroke="var(--muted)" fontSize={12} />
          <YAxis type="category" dataKey="name" width={150} stroke="var(--muted)" fontSize={12} interval={0} />
          <Bar dataKey="value" stackId="row" isAnimationActive={false} barSize={18}>
            {bars.map(({ kind }, i) => (
              <Cell key={i} fill={colours[kind]} />
            ))}
            <ErrorBar dataKey="error" direction="x" stroke="var(--ink)" width={4} strokeWidth={1.5} />
          </Bar>
          {/* As long as the interval reaches above the value, so that the value is written beside both. */}
          <Bar dataKey="above" stackId="row" fill="transparent" isAnimationActive={false} barSize={18}>
            <LabelList
              dataKey="value"
              position="right"
              formatter={(value: unknown) => written(Number(value))}
              fill="var(--ink)"
              fontSize={12}
            />
          </Bar>
        </BarChart>
      </ResponsiveContainer>
    </figure>
  )
}
