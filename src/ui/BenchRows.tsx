// The rows after the recipe as a table. Only the rows in view are in the page, so that any number of rows scrolls.
import { memo, useEffect, useMemo, useState } from 'react'
import { type Maker, type Part, type RowQuery, makers, parts } from '../config/recipe'
import { LabelStart } from './LabelStart'
import { RewriteStart } from './RewriteStart'
import { formatCount } from './format'
import { useOriginText } from './origin-text'
import { useBenchReport, useBenchStale } from './studio-context'
import { useText } from './text/text'
import { type FetchedRows, useBenchRows } from './use-bench-rows'

/** Height of a row and of the table in CSS pixels (styles/workbench.css), and rows above and below the view that are drawn too. */
const [rowHeight, tableHeight, around] = [36, 560, 8]
/** Width of the columns about the row itself, and of each other column, in rem (styles/workbench.css). */
const [ownWidth, columnWidth] = [24, 20]
const restMs = 250

/** `value`, once it has not changed for a moment. */
function useRested<T>(value: T): T {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), restMs)
    return () => clearTimeout(timer)
  }, [value])
  return rested
}

interface FilterProps {
  words: string
  part: Part | undefined
  by: Maker | undefined
  onWords: (words: string) => void
  onPart: (part: Part | undefined) => void
  onMaker: (by: Maker | undefined) => void
}

function Filters({ words, part, by, onWords, onPart, onMaker }: FilterProps) {
  const t = useText().workbench
  return (
    <div className="bench-filters">
      <input type="search" aria-label={t.search} placeholder={t.search} value={words} onChange={(e) => onWords(e.target.value)} />
      <select aria-label={t.partFilter} value={part ?? ''} onChange={(e) => onPart(parts.find((each) => each === e.target.value))}>
        <option value="">{t.anyPart}</option>
        {parts.map((each) => (
          <option key={each} value={each}>
            {t.parts[each]}
          </option>
        ))}
      </select>
      <select aria-label={t.makerFilter} value={by ?? ''} onChange={(e) => onMaker(makers.find((each) => each === e.target.value))}>
        <option value="">{t.anyMaker}</option>
        {makers.map((each) => (
          <option key={each} value={each}>
            {t.makers[each]}
          </option>
        ))}
      </select>
    </div>
  )
}

function Head({ columns }: { columns: readonly string[] }) {
  const t = useText().workbench
  return (
    <thead>
      <tr>
        <th scope="col" className="bench-number">
          {t.number}
        </th>
        {columns.map((column) => (
          <th key={column} scope="col">
            {column}
          </th>
        ))}
        <th scope="col" className="bench-part">
          {t.partFilter}
        </th>
        <th scope="col" className="bench-origin">
          {t.origin}
        </th>
      </tr>
    </thead>
  )
}

function Body({ fetched, first, count }: { fetched: FetchedRows; first: number; count: number }) {
  const text = useText()
  const origin = useOriginText()
  const t = text.workbench
  const start = Math.max(first, fetched.from)
  const shown = fetched.rows.slice(start - fetched.from, Math.max(0, first + count - fetched.from))
  const below = Math.max(0, fetched.total - start - shown.length)
  return (
    <tbody>
      <tr aria-hidden="true" style={{ height: start * rowHeight }} />
      {shown.map((row, i) => (
        <tr key={row.place} aria-rowindex={start + i + 2}>
          <th scope="row" className="bench-number">
            {formatCount(row.place + 1, text)}
          </th>
          {row.cells.map((cell, column) => (
            <td key={column} title={cell} dir="auto">
              {cell}
            </td>
          ))}
          <td>{t.parts[row.part]}</td>
          <td title={origin(row.origin)}>{origin(row.origin)}</td>
        </tr>
      ))}
      <tr aria-hidden="true" style={{ height: below * rowHeight }} />
    </tbody>
  )
}

/** The table, from its top. */
function Scrolled({ query }: { query: RowQuery }) {
  const text = useText()
  const t = text.workbench
  const report = useBenchReport()
  // In steps, so that most scrolling draws nothing.
  const [block, setBlock] = useState(0)
  const first = Math.max(0, (block - 1) * around)
  const fetched = useBenchRows(query, first)
  if (!fetched) return null
  const { total } = fetched
  const all = (report?.trainRows ?? 0) + (report?.evaluationRows ?? 0)
  return (
    <>
      <p className="help" role="status" data-testid="bench-found">
        {total === all ? t.all(formatCount(all, text)) : t.found(formatCount(total, text), formatCount(all, text))}
      </p>
      <div
        className="bench-scroll"
        tabIndex={0}
        role="group"
        aria-label={t.rows}
        onScroll={(e) => setBlock(Math.floor(e.currentTarget.scrollTop / rowHeight / around))}
      >
        <table
          style={{ width: `max(100%, ${ownWidth + columnWidth * fetched.columns.length}rem)` }}
          className="bench-table"
          aria-rowcount={total + 1}
          aria-label={t.rows}
        >
          <Head columns={fetched.columns} />
          <Body fetched={fetched} first={first} count={Math.ceil(tableHeight / rowHeight) + 3 * around} />
        </table>
        {total === 0 && <p className="muted">{t.nothing}</p>}
      </div>
    </>
  )
}

export const BenchRows = memo(function BenchRows() {
  const t = useText().workbench
  const [words, setWords] = useState('')
  const [part, setPart] = useState<Part>()
  const [by, setBy] = useState<Maker>()
  const [rewriting, setRewriting] = useState(false)
  const stale = useBenchStale()
  const rested = useRested(words)
  const query = useMemo<RowQuery>(() => ({ text: rested, part, by }), [rested, part, by])
  return (
    <section className="card bench-rows" aria-label={t.rows}>
      <header className="row-between">
        <h2>{t.rows}</h2>
        <div className="button-row">
          <LabelStart />
          {!rewriting && (
            <button type="button" className="button" data-testid="rewrite-open" disabled={stale} onClick={() => setRewriting(true)}>
              {t.rewrite.open}
            </button>
          )}
        </div>
      </header>
      {rewriting && <RewriteStart onClose={() => setRewriting(false)} />}
      <Filters words={words} part={part} by={by} onWords={setWords} onPart={setPart} onMaker={setBy} />
      <Scrolled key={JSON.stringify(query)} query={query} />
    </section>
  )
})
