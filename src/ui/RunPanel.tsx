// The run of now (or the latest): status, progress, numbers, and the buttons that steer it.
import { type Run, isActive } from '../store/run'
import { ErrorMessage } from './ErrorMessage'
import { formatCompact, formatDuration, formatValue } from './format'
import { Icon } from './icons'
import { useRuns, useStudio } from './studio-context'
import { useText } from './text/text'

function timeLeftMs(run: Run): number | undefined {
  const last = run.last
  if (!last || last.step === 0 || !isActive(run)) return undefined
  return (last.elapsedMs / last.step) * (last.steps - last.step)
}

function Tiles({ run }: { run: Run }) {
  const text = useText()
  const t = text.train
  const { last } = run
  const left = timeLeftMs(run)
  return (
    <dl className="tiles">
      <div>
        <dt>{t.loss}</dt>
        <dd data-testid="metric-loss">{formatValue(last?.loss)}</dd>
      </div>
      <div>
        <dt>{t.perplexity}</dt>
        <dd data-testid="metric-perplexity">{formatValue(run.lastEval?.evalPerplexity)}</dd>
      </div>
      <div>
        <dt>{t.learningRate}</dt>
        <dd>{formatValue(last?.learningRate)}</dd>
      </div>
      <div>
        <dt>{t.gradNorm}</dt>
        <dd>{formatValue(last?.gradNorm)}</dd>
      </div>
      <div>
        <dt>{t.speed}</dt>
        <dd>{last ? formatCompact(last.tokensPerSecond, text) : '–'}</dd>
      </div>
      <div>
        <dt>{t.left}</dt>
        <dd>{left === undefined ? '–' : formatDuration(left, text)}</dd>
      </div>
    </dl>
  )
}

function Buttons({ run }: { run: Run }) {
  const text = useText()
  const studio = useStudio()
  if (!isActive(run)) return null
  const paused = run.status === 'paused'
  return (
    <div className="button-row">
      <button
        type="button"
        className="button"
        title={text.train.shortcut}
        onClick={() => void (paused ? studio.queue.resume() : studio.queue.pause())}
      >
        <Icon name={paused ? 'play' : 'pause'} />
        {paused ? text.train.resume : text.train.pause}
      </button>
      <button type="button" className="button" onClick={() => void studio.queue.stop()}>
        <Icon name="stop" />
        {text.train.stop}
      </button>
    </div>
  )
}

export function RunPanel({ run }: { run: Run }) {
  const text = useText()
  const waiting = useRuns().filter((r) => r.status === 'queued' && r.id !== run.id).length
  const steps = run.last?.steps ?? run.memory?.steps
  const step = run.last?.step ?? 0
  const phase = run.progress && isActive(run) ? text.phases[run.progress.phase] : undefined
  const detail = phase !== undefined && phase !== text.status[run.status] ? phase : undefined
  // The bar tells the way through the steps; before the first one, how far the preparation is.
  const fraction = step > 0 && steps ? step / steps : isActive(run) ? run.progress?.fraction : 0
  return (
    <section className="card run-panel" aria-label={run.name}>
      <header className="card-head">
        <div className="card-title">
          <h2>{run.name}</h2>
          <p className="card-subtitle">
            {run.model.name} · {run.data.name}
          </p>
        </div>
        <span className={`pill pill-${run.status}`} data-testid="run-status" data-status={run.status}>
          {text.status[run.status]}
        </span>
        <Buttons run={run} />
      </header>
      <div className="progress-line">
        <div className="progress-words">
          <span>
            {text.train.step} <strong data-testid="metric-step">{step}</strong> {steps !== undefined && `${text.train.of} ${steps}`}
          </span>
          <span className="muted">
            {[detail, run.progress?.detail, waiting > 0 ? text.train.queueLength(String(waiting)) : undefined].filter(Boolean).join(' · ')}
          </span>
        </div>
        <progress data-testid="progress" aria-label={run.name} max={1} value={fraction} />
      </div>
      <Tiles run={run} />
      {run.error && <ErrorMessage message={run.error} />}
      {run.status === 'interrupted' && <p className="notice">{text.train.interrupted}</p>}
    </section>
  )
}
