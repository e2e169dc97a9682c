// The table of a comparison: sortable, each adapter at hand, to be taken away as CSV or Markdown.
import { useId, useState } from 'react'
import { useStore } from 'zustand'
import {
  type ComparisonColumn,
  type ComparisonFact,
  type TableColumn,
  columnsFor,
  comparisonCsv,
  comparisonMarkdown,
  scoreOf,
  valueOf,
} from '../config/comparison'
import { bestOf } from '../config/figures'
import { completed } from '../config/repetitions'
import type { BaseFormat } from '../config/run-config'
import { type ShownRow, comparisonRows, plainRow, runsOf, sortRows, unmeasuredFiles } from '../store/comparison-rows'
import { fitsModel } from '../store/base-fit'
import { isOver } from '../store/run'
import { ComparisonBars, barsOf } from './ComparisonBars'
import { LineSwatch } from './ChartControls'
import { RunButtons } from './RunButtons'
import { RunNotes } from './RunMarks'
import { RunProblems } from './RunProblems'
import { SortHead } from './SortHead'
import { formatBytes, formatCount, formatDuration, formatMetric, formatShare, formatValue } from './format'
import { Icon } from './icons'
import { saveFile } from './save-file'
import { useComparison, useModel, useRuns, useStudio } from './studio-context'
import type { Text } from './text/en'
import { inWords, useText } from './text/text'
import type { View } from './view'

function headOf({ key, metric, score }: TableColumn, text: Text): string {
  if (score) return inWords(score.label, text)
  const figure = metric?.figures?.find((each) => each.key === key)
  return figure ? inWords(figure.label, text) : text.compare.columns[key as ComparisonFact]
}

function numberText({ form, metric }: TableColumn, value: number, text: Text): string {
  if (metric) return formatMetric(metric, value, text)
  switch (form) {
    case 'share':
      return formatShare(value, 1, text)
    case 'bytes':
    case 'memory':
      return formatBytes(value)
    case 'seconds':
      return value < 10 ? text.time.seconds(value.toFixed(1)) : formatDuration(value * 1000, text)
    case 'perplexity':
    case 'value':
      return formatValue(value)
    default:
      return formatCount(value, text)
  }
}

function shown(row: ShownRow, column: TableColumn, text: Text): string {
  const value = valueOf(row, column.key)
  if (value === undefined) return column.metric?.better && (!row.run || isOver(row.run)) ? text.runs.notMeasured : text.runs.none
  if (typeof value === 'string') return column.key === 'base' ? (text.compare.bases[row.base as BaseFormat] ?? value) : value
  const [spread, interval] = [row.spread?.[column.key], scoreOf(row, column.key)?.interval]
  const written = numberText(column, value, text)
  if (spread !== undefined) return text.compare.spread(written, numberText(column, spread, text))
  return interval ? text.compare.between(written, numberText(column, interval[0], text), numberText(column, interval[1], text)) : written
}

/** The best values of the figures that rows are ranked by; none where all are the same. Means over seeds are not ranked with their runs. */
function bestsOf(rows: readonly ShownRow[], columns: readonly TableColumn[]): Map<ComparisonColumn, number | undefined> {
  const ranked = columns.flatMap(({ key, better }) => {
    const values = rows.filter(({ seeds }) => seeds === undefined).map((row) => valueOf(row, key))
    return better ? [{ key, better, found: values.filter((value) => typeof value === 'number').filter(Number.isFinite) }] : []
  })
  const differing = ranked.filter(({ found }) => new Set(found).size > 1)
  return new Map(differing.map(({ key, better, found }) => [key, bestOf(better, found)]))
}

function HeadCell({ column }: { column: TableColumn }) {
  const text = useText()
  const studio = useStudio()
  const { sort } = useComparison()
  return (
    <SortHead
      name={headOf(column, text)}
      number={column.form !== undefined}
      sort={sort?.column === column.key ? sort : undefined}
      onSort={() => studio.comparison.sortBy(column.key)}
    />
  )
}

/** An interval stands under its value. */
function classOf(row: ShownRow, { key, form }: TableColumn, isBest: boolean): string | undefined {
  if (!form) return undefined
  return ['number', isBest && 'best', scoreOf(row, key)?.interval && 'interval'].filter(Boolean).join(' ')
}

interface RowProps {
  row: ShownRow
  columns: readonly TableColumn[]
  bests: Map<ComparisonColumn, number | undefined>
  go: (view: View) => void
}

/** The name of a row: its variant, or the method of its run. */
function nameOf({ run, variant, method, seeds, group }: ShownRow, text: Text): string {
  if (seeds !== undefined) return text.compare.meanOf(group ?? method, formatCount(seeds, text))
  return variant ?? (run ? inWords(run.methodLabel, text) : text.compare.base)
}

function Row({ row, columns, bests, go }: RowProps) {
  const text = useText()
  const studio = useStudio()
  const model = useModel().report
  const { run } = row
  return (
    <tbody
      data-testid="comparison-row"
      data-method={row.method}
      data-variant={row.variant}
      data-status={run?.status ?? (row.seeds === undefined ? 'base' : 'mean')}
    >
      <tr className={row.seeds === undefined ? undefined : 'row-mean'}>
        <th scope="row">
          <span className="answer-title">
            {run && <LineSwatch colour={run.colour} />}
            {nameOf(row, text)}
            {run && run.name !== nameOf(row, text) && <span className="muted">{run.name}</span>}
            {run && run.status !== 'finished' && <span className={`pill pill-${run.status}`}>{text.status[run.status]}</span>}
          </span>
          {run && <RunNotes run={run} />}
        </th>
        {columns.map((column) => {
          const value = valueOf(row, column.key)
          const isBest = row.seeds === undefined && value !== undefined && value === bests.get(column.key)
          return (
            <td
              key={column.key}
              data-column={column.key}
              className={classOf(row, column, isBest)}
              title={isBest ? text.compare.best : undefined}
            >
              {isBest && <Icon name="check" />}
              {shown(row, column, text)}
            </td>
          )
        })}
      </tr>
      {run && (
        <RunButtons run={run} columns={columns.length + 1} go={go}>
          {run.files && (
            <button
              type="button"
              className="button-quiet"
              disabled={!fitsModel(run, model)}
              aria-label={text.compare.talkTo(run.name)}
              onClick={() => {
                studio.play.beside(run.id)
                go('play')
              }}
            >
              {text.compare.talk}
            </button>
          )}
        </RunButtons>
      )}
    </tbody>
  )
}

/** One figure as bars, which a person chooses. */
function Bars({ rows, columns }: { rows: readonly ShownRow[]; columns: readonly TableColumn[] }) {
  const text = useText()
  const t = text.compare
  const [chosen, setChosen] = useState<ComparisonColumn>()
  const id = useId()
  const nameIn = (row: ShownRow): string => nameOf(row, text)
  const ranked = columns.filter(({ better }) => better)
  const drawn = ranked.filter((column) => barsOf(rows, column, nameIn).length > 1)
  const column = drawn.find(({ key }) => key === chosen) ?? drawn.find(({ score }) => score) ?? drawn.at(-1)
  if (!column) return null
  return (
    <section className="card" aria-label={t.bars}>
      <div className="field comparison-choice">
        <label htmlFor={id}>{t.figure}</label>
        <select id={id} value={column.key} onChange={(e) => setChosen(drawn.find(({ key }) => key === e.target.value)?.key)}>
          {drawn.map((each) => (
            <option key={each.key} value={each.key}>
              {headOf(each, text)}
            </option>
          ))}
        </select>
      </div>
      <ComparisonBars bars={barsOf(rows, column, nameIn)} column={column} title={headOf(column, text)} />
    </section>
  )
}

function Target() {
  const text = useText()
  const studio = useStudio()
  const { targetPerplexity } = useComparison()
  const id = useId()
  return (
    <div className="field comparison-choice">
      <label htmlFor={id}>{text.compare.target}</label>
      <input
        id={id}
        name="targetPerplexity"
        type="number"
        min={1}
        step="any"
        value={targetPerplexity ?? ''}
        onChange={({ target }) => studio.comparison.setTarget(target.valueAsNumber > 1 ? target.valueAsNumber : undefined)}
      />
    </div>
  )
}

function Export({ rows }: { rows: readonly ShownRow[] }) {
  const text = useText()
  const t = text.compare
  const [told, setTold] = useState('')
  const plain = rows.map(plainRow)
  const forms = [
    { what: t.csv, ending: 'csv', type: 'text/csv', make: comparisonCsv },
    { what: t.markdown, ending: 'md', type: 'text/markdown', make: comparisonMarkdown },
  ]
  const copy = async (what: string, made: string): Promise<void> => {
    try {
      await navigator.clipboard.writeText(made)
      setTold(t.copied(what))
    } catch {
      setTold(t.notCopied)
    }
  }
  return (
    <div className="button-row">
      <span role="status" className="muted">
        {told}
      </span>
      {forms.map(({ what, ending, type, make }) => (
        <span key={ending} className="button-row">
          <button
            type="button"
            className="button-quiet"
            data-testid={`comparison-${ending}`}
            aria-label={t.download(what)}
            onClick={() => saveFile(`comparison.${ending}`, new Blob([make(plain)], { type }))}
          >
            <Icon name="download" />
            {what}
          </button>
          <button
            type="button"
            className="button-icon"
            data-testid={`copy-${ending}`}
            aria-label={t.copy(what)}
            title={t.copy(what)}
            onClick={() => void copy(what, make(plain))}
          >
            <Icon name="copy" />
          </button>
        </span>
      ))}
    </div>
  )
}

export function ComparisonTable({ id, go }: { id: string; go: (view: View) => void }) {
  const text = useText()
  const runs = runsOf(useRuns(), id)
  const studio = useStudio()
  const curves = useStore(studio.runs.store, (state) => state.curves)
  const { sort, targetPerplexity } = useComparison()
  const t = text.compare
  const rows: ShownRow[] = sortRows(completed(comparisonRows(runs, curves), { targetPerplexity }), sort)
  const columns = columnsFor(rows)
  // The name of a row says its variant.
  const [nameColumn, ...others] = columns.filter(({ key }) => key !== 'variant')
  const bests = bestsOf(rows, columns)
  const unasked = rows.filter((row) => !row.run && row.problem)
  const lost = studio.comparison.filesOf(id) ? [] : unmeasuredFiles(runs)
  const notes = [
    ...rows.flatMap((row) => row.notes ?? []).map((note) => inWords(note, text)),
    ...(lost.length > 0 ? [t.lostFiles(text.listed(lost))] : []),
  ]
  return (
    <>
      <section className="card card-wide" aria-label={t.table}>
        <header className="row-between">
          <h2>{t.table}</h2>
          <Target />
          <Export rows={rows} />
        </header>
        <div className="table-scroll" tabIndex={0} role="group" aria-label={t.table}>
          <table className="table runs-table table-pinned" data-testid="comparison-table">
            <thead>
              <tr>
                {[nameColumn, ...others].map((column) => (
                  <HeadCell key={column.key} column={column} />
                ))}
              </tr>
            </thead>
            {rows.map((row) => (
              <Row
                key={row.run?.id ?? JSON.stringify([row.method, row.variant, row.model, row.base])}
                row={row}
                columns={others}
                bests={bests}
                go={go}
              />
            ))}
          </table>
        </div>
        {notes.length > 0 && (
          <ul className="problem-list" data-testid="comparison-notes">
            {notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        )}
        {unasked.length > 0 && (
          <ul className="problem-list">
            {unasked.map(({ variant, problem }) => (
              <li key={variant}>
                <strong>{variant}</strong>: {problem}
              </li>
            ))}
          </ul>
        )}
        <RunProblems runs={runs} nameOf={({ comparison, methodLabel }) => comparison?.variant ?? inWords(methodLabel, text)} />
      </section>
      <Bars rows={rows} columns={columns} />
    </>
  )
}
