// The table of a comparison: sortable, each adapter at hand, to be taken away as CSV or Markdown.
import { useState } from 'react'
import { type ComparisonColumn, type ComparisonFact, comparisonColumns, comparisonCsv, comparisonMarkdown } from '../config/comparison'
import { type Column, bestOf, columnsOf } from '../config/figures'
import type { BaseFormat } from '../config/run-config'
import { type ShownRow, comparisonRows, plainRow, runsOf, sortRows } from '../store/comparison-rows'
import { fitsModel } from '../store/base-fit'
import { isOver } from '../store/run'
import { LineSwatch } from './ChartControls'
import { RunActions } from './RunActions'
import { formatBytes, formatCount, formatDuration, formatMetric, formatShare } from './format'
import { Icon } from './icons'
import { saveFile } from './save-file'
import { useComparison, useModel, useRuns, useStudio } from './studio-context'
import type { Text } from './text/en'
import { inWords, useText } from './text/text'
import type { View } from './view'

const wordColumns: readonly ComparisonColumn[] = ['method', 'base']
/** The columns that show a figure of a metric; the others show facts. */
const { describing, ranking } = columnsOf('comparison')
const figureColumns: ReadonlyMap<ComparisonColumn, Column> = new Map([...describing, ...ranking].map((c) => [c.figure.key, c]))

function headOf(column: ComparisonColumn, text: Text): string {
  const found = figureColumns.get(column)
  return found ? inWords(found.figure.label, text) : text.compare.columns[column as ComparisonFact]
}

function factText(column: ComparisonColumn, value: number, text: Text): string {
  switch (column) {
    case 'trainableShare':
      return formatShare(value, 1, text)
    case 'adapterBytes':
    case 'peakGpuBytes':
      return formatBytes(value)
    case 'seconds':
      return value < 10 ? text.time.seconds(value.toFixed(1)) : formatDuration(value * 1000, text)
    default:
      return formatCount(value, text)
  }
}

function shown(row: ShownRow, column: ComparisonColumn, text: Text): string {
  const value = row[column]
  const metric = figureColumns.get(column)?.metric
  if (value === undefined) return metric?.better && (!row.run || isOver(row.run)) ? text.runs.notMeasured : text.runs.none
  if (typeof value === 'string') return column === 'base' ? text.compare.bases[row.base as BaseFormat] : value
  return metric ? formatMetric(metric, value, text) : factText(column, value, text)
}

/** The best values of the figures that methods are ranked by; none where all are the same. */
function bestsOf(rows: readonly ShownRow[]): Map<ComparisonColumn, number | undefined> {
  const values = ranking.map(({ figure, metric }) => ({ key: figure.key, metric, found: rows.map((row) => row[figure.key]) }))
  const differing = values.filter(({ found }) => new Set(found.filter((value) => Number.isFinite(value))).size > 1)
  return new Map(differing.map(({ key, metric, found }) => [key, bestOf(metric.better, found)]))
}

function HeadCell({ column }: { column: ComparisonColumn }) {
  const text = useText()
  const studio = useStudio()
  const { sort } = useComparison()
  const name = headOf(column, text)
  const sorted = sort?.column === column
  return (
    <th
      scope="col"
      className={wordColumns.includes(column) ? undefined : 'number'}
      aria-sort={sorted ? (sort.descending ? 'descending' : 'ascending') : 'none'}
    >
      <button type="button" className="sort-button" title={text.compare.sortBy(name)} onClick={() => studio.comparison.sortBy(column)}>
        {name}
        <span aria-hidden="true">{sorted ? (sort.descending ? '↓' : '↑') : ''}</span>
      </button>
    </th>
  )
}

function Row({ row, bests, go }: { row: ShownRow; bests: Map<ComparisonColumn, number | undefined>; go: (view: View) => void }) {
  const text = useText()
  const studio = useStudio()
  const model = useModel().report
  const { run } = row
  return (
    <tr data-testid="comparison-row" data-method={row.method} data-status={run?.status ?? 'base'}>
      <th scope="row">
        <span className="answer-title">
          {run && <LineSwatch colour={run.colour} />}
          {run ? inWords(run.methodLabel, text) : text.compare.base}
          {run && run.status !== 'finished' && <span className={`pill pill-${run.status}`}>{text.status[run.status]}</span>}
        </span>
      </th>
      {comparisonColumns.slice(1).map((column) => {
        const isBest = row[column] !== undefined && row[column] === bests.get(column)
        return (
          <td
            key={column}
            data-column={column}
            className={wordColumns.includes(column) ? undefined : isBest ? 'number best' : 'number'}
            title={isBest ? text.compare.best : undefined}
          >
            {isBest && <Icon name="check" />}
            {shown(row, column, text)}
          </td>
        )
      })}
      <td>
        {run && (
          <div className="button-row">
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
            <RunActions run={run} />
          </div>
        )}
      </td>
    </tr>
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
  const { sort } = useComparison()
  const t = text.compare
  const rows = sortRows(comparisonRows(runs), sort)
  const bests = bestsOf(rows)
  const problems = rows.filter((r) => r.problem)
  return (
    <section className="card" aria-label={t.table}>
      <header className="row-between">
        <h2>{t.table}</h2>
        <Export rows={rows} />
      </header>
      <div className="table-scroll" tabIndex={0} role="group" aria-label={t.table}>
        <table className="table runs-table table-pinned" data-testid="comparison-table">
          <thead>
            <tr>
              {comparisonColumns.map((column) => (
                <HeadCell key={column} column={column} />
              ))}
              <th scope="col">{t.actions}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.run?.id ?? `base ${row.base}`} row={row} bests={bests} go={go} />
            ))}
          </tbody>
        </table>
      </div>
      {problems.length > 0 && (
        <ul className="problem-list">
          {problems.map((row) => (
            <li key={row.run?.id}>
              <strong>{inWords(row.run?.methodLabel ?? '', text)}</strong>: {row.problem && inWords(row.problem, text)}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
