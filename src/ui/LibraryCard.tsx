// One kept run: what it was, how it ended, and what can still be done with it.
import { useState } from 'react'
import type { Progress } from '../worker/api'
import type { Run } from '../store/run'
import { columnOf } from '../store/series'
import { LineSwatch } from './ChartControls'
import { ErrorMessage } from './ErrorMessage'
import { ProgressLine } from './ProgressLine'
import { RunActions } from './RunActions'
import { Sparkline } from './Sparkline'
import { formatBytes, formatDate, formatDuration, formatShare, formatValue } from './format'
import { useModel, useSetup, useStudio } from './studio-context'
import { useText } from './text/text'
import type { View } from './view'

const measuredRows = 40

function Settings({ run }: { run: Run }) {
  const text = useText()
  const entries = [...Object.entries(run.config.methodSettings), ...Object.entries(run.config.training)]
  return (
    <details>
      <summary>{text.runs.settings}</summary>
      <dl className="facts facts-small">
        {entries.map(([key, value]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{String(value)}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}

function Samples({ run }: { run: Run }) {
  const text = useText()
  if (run.samples.length === 0) return null
  return (
    <details>
      <summary>{text.runs.samples}</summary>
      <ol className="samples">
        {run.samples.slice(-5).map((sample, i) => (
          <li key={i}>
            <p className="muted">{sample.prompt}</p>
            <p>{sample.text}</p>
            {sample.expected !== undefined && (
              <p className="muted">
                {text.runs.expected}: {sample.expected}
              </p>
            )}
          </li>
        ))}
      </ol>
    </details>
  )
}

/** Talking and measuring need the model that the adapter was made for. */
function UseIt({ run, go }: { run: Run; go: (view: View) => void }) {
  const text = useText()
  const studio = useStudio()
  const { report } = useModel()
  const { methods } = useSetup()
  const [progress, setProgress] = useState<Progress>()
  const [error, setError] = useState<string>()
  if (!run.files) return <p className="muted">{text.library.noAdapter}</p>
  const measure = async (): Promise<void> => {
    setProgress({ phase: 'generating' })
    setError(await studio.measure(run.id, measuredRows, setProgress))
    setProgress(undefined)
  }
  const known = methods.some((m) => m.name === run.config.method)
  const reuse = (): void => {
    studio.setup.take(run.config)
    go('setup')
  }
  const fits = report?.name === run.model.name
  return (
    <>
      {!fits && <p className="muted">{text.library.otherModel(run.model.name)}</p>}
      <div className="button-row button-row-flush">
        <button
          type="button"
          className="button-quiet"
          disabled={!fits}
          onClick={() => {
            studio.play.show(run.id)
            go('play')
          }}
        >
          {text.runs.talk}
        </button>
        <button
          type="button"
          className="button-quiet"
          disabled={!fits || studio.busy() || progress !== undefined}
          onClick={() => void measure()}
        >
          {text.runs.measure}
        </button>
        <button type="button" className="button-quiet" disabled={!known} onClick={reuse}>
          {text.runs.reuse}
        </button>
      </div>
      {progress && <ProgressLine progress={progress} onCancel={() => void studio.model.cancel()} />}
      {error && <ErrorMessage message={error} onDismiss={() => setError(undefined)} />}
    </>
  )
}

export function LibraryCard({ run, go }: { run: Run; go: (view: View) => void }) {
  const text = useText()
  const studio = useStudio()
  const t = text.runs
  const size = run.files?.reduce((sum, f) => sum + f.bytes, 0)
  const after = run.exactMatch?.after
  const facts: [string, string][] = [
    [t.created, formatDate(run.createdAt, text)],
    [t.duration, run.last ? formatDuration(run.last.elapsedMs, text) : t.none],
    [t.finalLoss, formatValue(run.summary?.finalLoss ?? run.last?.loss)],
    [t.finalPerplexity, formatValue(run.lastEval?.evalPerplexity)],
    [t.exactMatch, after ? formatShare(after.matched, after.rows, text) : t.none],
    [t.adapter, size === undefined ? t.none : formatBytes(size)],
  ]
  return (
    <li className="card library-card">
      <header className="card-head">
        <div className="card-title">
          <h2>
            <LineSwatch colour={run.colour} /> {run.name}
          </h2>
          <p className="card-subtitle">
            {run.model.name} · {run.data.name}
          </p>
        </div>
        <span className={`pill pill-${run.status}`}>{text.status[run.status]}</span>
      </header>
      <Sparkline values={columnOf(studio.runs.seriesOf(run.id).steps, 'loss')} colour={run.colour} />
      <dl className="facts facts-small">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {run.error && <ErrorMessage message={run.error} />}
      <Settings run={run} />
      <Samples run={run} />
      <footer className="library-foot">
        <UseIt run={run} go={go} />
        <RunActions run={run} />
      </footer>
    </li>
  )
}
