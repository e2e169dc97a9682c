// The device measured on the page: #bench. Not in the menu; the help links here.
import { useState } from 'react'
import { sentence } from '../config/phrase'
import { type BenchChoice, type BenchReport, benchMarkdown, benchTables } from '../config/bench-report'
import type { BenchTable } from '../config/bench-table'
import { DeviceFileForm } from './DeviceFileForm'
import { ErrorMessage } from './ErrorMessage'
import { SweepCharts } from './SweepCharts'
import { Icon } from './icons'
import { useBench, useDevice, useStudio } from './studio-context'
import { useSentence, useText } from './text/text'

type Extent = BenchChoice['extent']
const extents: readonly Extent[] = ['models', 'quick', 'whole', 'size']
/** Those of which only some names can be measured. */
const named: readonly Extent[] = ['quick', 'whole']

function Controls() {
  const text = useText()
  const studio = useStudio()
  const { running } = useBench()
  const { status, report } = useDevice()
  const [only, setOnly] = useState('')
  const [extent, setExtent] = useState<Extent>('models')
  const t = text.bench
  return (
    <section className="card" aria-label={t.title}>
      <div className="fields">
        <div className="field field-text">
          <label htmlFor="bench-extent">{t.extent}</label>
          <select
            id="bench-extent"
            data-testid="bench-extent"
            value={extent}
            disabled={running}
            aria-describedby="bench-extent-help"
            onChange={(event) => setExtent(event.target.value as Extent)}
          >
            {extents.map((e) => (
              <option key={e} value={e}>
                {t.extents[e]}
              </option>
            ))}
          </select>
          <p className="help" id="bench-extent-help">
            {t.extentHelp[extent]}
          </p>
        </div>
        {named.includes(extent) && (
          <div className="field field-text">
            <label htmlFor="bench-only">{t.only}</label>
            <input
              id="bench-only"
              type="text"
              data-testid="bench-only"
              value={only}
              disabled={running}
              aria-describedby="bench-only-help"
              onChange={(event) => setOnly(event.target.value)}
            />
            <p className="help" id="bench-only-help">
              {t.onlyHelp}
            </p>
          </div>
        )}
      </div>
      {report?.software && extent !== 'models' && <p className="help">{t.software}</p>}
      <div className="button-row">
        <button
          type="button"
          className="button-primary"
          data-testid="bench-start"
          disabled={running || status !== 'ready'}
          onClick={() => void studio.bench.start({ machine: navigator.userAgent, only: named.includes(extent) ? only : '', extent })}
        >
          <Icon name="play" />
          {t.start}
        </button>
        {running && (
          <button type="button" className="button" data-testid="bench-stop" onClick={() => void studio.bench.stop()}>
            <Icon name="stop" />
            {t.stop}
          </button>
        )}
      </div>
    </section>
  )
}

function Copying({ report }: { report: BenchReport }) {
  const t = useText().bench
  const [told, setTold] = useState('')
  const copy = async (made: string): Promise<void> => {
    try {
      await navigator.clipboard.writeText(made)
      setTold(t.copied)
    } catch {
      setTold(t.notCopied)
    }
  }
  return (
    <div className="button-row">
      <button type="button" className="button" data-testid="bench-markdown" onClick={() => void copy(benchMarkdown(report))}>
        <Icon name="copy" />
        {t.markdown}
      </button>
      <button type="button" className="button" data-testid="bench-json" onClick={() => void copy(JSON.stringify(report, null, 2))}>
        <Icon name="copy" />
        {t.json}
      </button>
      <span role="status" className="muted">
        {told}
      </span>
    </div>
  )
}

function Table({ table }: { table: BenchTable }) {
  const inWords = useSentence()
  const { rows, words } = table
  const title = inWords(table.title)
  const head = table.head.map(inWords)
  const kind = (i: number) => (i < Math.max(1, words) ? undefined : 'number')
  return (
    <section className="card" aria-label={title} data-testid="bench-table">
      <h2>{title}</h2>
      <div className="table-scroll" tabIndex={0} role="group" aria-label={title}>
        <table className="table table-words">
          <thead>
            <tr>
              {head.map((cell, i) => (
                <th key={cell} scope="col" className={kind(i)}>
                  {cell}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((cells, place) => (
              <tr key={place}>
                <th scope="row">{inWords(cells[0])}</th>
                {cells.slice(1).map((cell, i) => (
                  <td key={head[i + 1]} className={kind(i + 1)}>
                    {typeof cell === 'string' ? cell : inWords(cell)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function Measuring() {
  const t = useText().bench
  const { running, what, fraction } = useBench()
  if (!running) return null
  return (
    <div className="progress-line" data-testid="bench-progress">
      <div className="progress-words">
        <span>{t.measuring}</span>
        <span className="muted">
          {what} {Math.round(fraction * 100)} %
        </span>
      </div>
      <progress aria-label={t.measuring} max={1} value={fraction} />
    </div>
  )
}

export function BenchView() {
  const t = useText().bench
  const { running, report, stopped, error } = useBench()
  const tables = report ? benchTables(report) : []
  return (
    <div className="view">
      <header className="view-head">
        <h1>{t.title}</h1>
        <p className="muted">{t.lead}</p>
      </header>
      <Controls />
      <Measuring />
      {error && <ErrorMessage message={error} />}
      {stopped && (
        <p className="notice" role="status">
          {t.stopped}
        </p>
      )}
      {report && !running && tables.length > 0 && <Copying report={report} />}
      {report && !running && <DeviceFileForm report={report} />}
      {report?.sweeps && <SweepCharts sweeps={report.sweeps} />}
      {tables.map((table) => (
        <Table key={sentence(table.title)} table={table} />
      ))}
    </div>
  )
}
