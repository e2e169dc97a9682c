// The run in progress (or the latest): status, progress, numbers, and the buttons that steer it.
import { useState } from 'react'
import { useStore } from 'zustand'
import { type EvaluationMetric, type StepMetric, isMeasured, metrics } from '../config/metrics'
import { kindOfFamily } from '../formats/families/registry'
import { type Run, finalEval, isActive, isHeld, isOver, isPending } from '../store/run'
import { EndNotice } from './EndNotice'
import { EndedRun } from './EndedRun'
import { ErrorMessage } from './ErrorMessage'
import { ExpertsChart } from './ExpertsChart'
import { GoTo } from './GoTo'
import { OtherTab } from './OtherTab'
import { formatCount, formatDuration, formatMetric } from './format'
import { Icon } from './icons'
import { OldEvalOfRun } from './RecipeOfRun'
import { EditButton, RunNotes, StarButton } from './RunMarks'
import { RunSamples } from './RunSamples'
import { ResumeRun } from './ResumeRun'
import { useStudio } from './studio-context'
import type { Text } from './text/en'
import { useSentence, useText } from './text/text'
import type { View } from './view'
import { WaysOfRun } from './WaysToFit'

const tiles = metrics.filter((m) => m.of !== 'answers').filter((m) => m.tile)

/** Of a step the newest value; of an evaluation that of the weights that are kept. */
function Tile({ metric, run }: { metric: StepMetric | EvaluationMetric; run: Run }) {
  const text = useText()
  const inWords = useSentence()
  const value = metric.of === 'step' ? run.last?.[metric.key] : finalEval(run)?.[metric.key]
  const unmeasured = metric.of === 'evaluation' && value === undefined && isOver(run)
  return (
    <div>
      <dt>{inWords(metric.label)}</dt>
      <dd data-testid={`metric-${metric.key}`} className={unmeasured ? 'tile-words' : undefined}>
        {unmeasured ? text.runs.notMeasured : formatMetric(metric, value, text)}
      </dd>
    </div>
  )
}

function Tiles({ run }: { run: Run }) {
  const text = useText()
  const t = text.train
  const left = isActive(run) || run.status === 'elsewhere' ? run.progress?.leftMs : undefined
  return (
    <dl className="tiles">
      {tiles
        .filter((metric) => isMeasured(metric, kindOfFamily(run.model.family)))
        .map((metric) => (
          <Tile key={metric.key} metric={metric} run={run} />
        ))}
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
  const held = isHeld(run)
  const canPause = held || run.status === 'training'
  const over = run.status === 'stopping' || run.progress?.closing === true
  return (
    <div className="button-row">
      <button
        type="button"
        className="button"
        data-testid="pause"
        title={canPause ? text.train.shortcut : text.train.pauseLater}
        disabled={!canPause}
        onClick={() => void (held ? studio.queue.resume() : studio.queue.pause())}
      >
        <Icon name={held ? 'play' : 'pause'} />
        {held ? text.train.resume : text.train.pause}
      </button>
      <button type="button" className="button" data-testid="stop" disabled={over} onClick={() => void studio.queue.stop()}>
        <Icon name="stop" />
        {text.train.stop}
      </button>
    </div>
  )
}

/** Says what a run waits for before it pauses or stops, with the button that skips its closing evaluation. */
function Waiting({ run }: { run: Run }) {
  const text = useText()
  const studio = useStudio()
  const t = text.train
  const { phase, closing } = run.progress ?? {}
  const [skipping, setSkipping] = useState(false)
  const at = phase === 'training' || phase === 'evaluating' || phase === 'saving' ? phase : 'other'
  const skip = (): void => {
    setSkipping(true)
    void studio.queue.skipEvaluation()
  }
  if (!isActive(run)) return null
  if (closing)
    return (
      <div className="notice" data-testid="closing">
        <p role="status">{skipping ? t.skipping : t.closing}</p>
        <button type="button" className="button-quiet" data-testid="skip-evaluation" title={t.skipHelp} disabled={skipping} onClick={skip}>
          {t.skip}
        </button>
      </div>
    )
  if (run.status !== 'pausing' && run.status !== 'stopping') return null
  return (
    <p className="notice" role="status" data-testid="waiting-for">
      {t[run.status][at]}
    </p>
  )
}

/** Evaluations that take less are over before a person has read the button. */
const worthSkippingMs = 2000

/** The button that ends an evaluation between steps. */
function PassEvaluation({ run }: { run: Run }) {
  const t = useText().train
  const studio = useStudio()
  const [asked, setAsked] = useState(false)
  const { phase, closing, evaluationLeftMs = 0 } = run.progress ?? {}
  if (run.status !== 'training' || phase !== 'evaluating' || closing || (evaluationLeftMs < worthSkippingMs && !asked)) return null
  const pass = (): void => {
    setAsked(true)
    void studio.queue.skipEvaluation()
  }
  return (
    <div className="notice" data-testid="evaluating">
      <p role="status">{asked ? t.passing : t.evaluating}</p>
      <button type="button" className="button-quiet" data-testid="pass-evaluation" title={t.passHelp} disabled={asked} onClick={pass}>
        {t.skip}
      </button>
    </div>
  )
}

/** What was said about how the run goes, each with the settings to change. */
function Signs({ run }: { run: Run }) {
  const text = useText()
  const inWords = useSentence()
  const signs = run.signs ?? []
  if (!signs.length) return null
  return (
    <div role="status" data-testid="signs">
      <ul className="signs" aria-label={text.train.signs}>
        {signs.map(({ name, step, words, settings = [] }) => (
          <li key={name} className="notice">
            <p>
              <strong>{text.train.signAt(String(step))}</strong> {inWords(words)}
            </p>
            <GoTo settings={settings} />
          </li>
        ))}
      </ul>
    </div>
  )
}

/** How far the run is: in its steps; before the first one, in its preparation; after the last one, in its closing evaluation. */
function fractionOf(run: Run, step: number, steps: number | undefined): number | undefined {
  if (isActive(run) && (step === 0 || run.progress?.closing)) return run.progress?.fraction
  return step > 0 && steps ? step / steps : 0
}

/** The words for rows of the run's model. */
const countOf = ({ model }: Run, text: Text): Text['train']['rows'] =>
  kindOfFamily(model.family) === 'pictures' ? text.train.pictures : text.train.rows

/** The run's steps. `about`: what else is said about its progress. Of an imported run without curves, no step is known. */
function ProgressOf({ run, about }: { run: Run; about: readonly (string | false | undefined)[] }) {
  const text = useText()
  const steps = run.last?.steps ?? run.memory?.steps
  const step = run.last?.step ?? 0
  if (run.status === 'imported' && run.last === undefined) return null
  return (
    <div className="progress-line">
      <div className="progress-words">
        <span>
          {text.train.step} <strong data-testid="metric-step">{step}</strong> {steps !== undefined && `${text.train.of} ${steps}`}
        </span>
        <span className="muted" data-testid="run-detail">
          {about.filter(Boolean).join(' · ')}
        </span>
      </div>
      <progress data-testid="progress" aria-label={run.name} max={1} value={fractionOf(run, step, steps)} />
    </div>
  )
}

interface Props {
  run: Run
  go: (view: View) => void
}

export function RunPanel({ run, go }: Props) {
  const text = useText()
  const waiting = useStore(useStudio().runs.store, (s) => s.runs.filter((r) => r.status === 'queued' && r.id !== run.id).length)
  const step = run.last?.step ?? 0
  const phase = run.progress && isActive(run) ? text.phases[run.progress.phase] : undefined
  const detail = phase !== undefined && phase !== text.status[run.status] ? phase : undefined
  const rows = isActive(run) ? run.progress?.rows : undefined
  const evaluationLeft = isActive(run) ? run.progress?.evaluationLeftMs : undefined
  const about = [
    detail,
    rows && countOf(run, text)(formatCount(rows.done, text), formatCount(rows.all, text)),
    evaluationLeft !== undefined && text.train.evaluationLeft(formatDuration(evaluationLeft, text)),
    run.progress?.detail,
    waiting > 0 ? text.train.queueLength(String(waiting)) : undefined,
  ]
  return (
    <section className="card run-panel" aria-label={run.name}>
      <header className="card-head">
        <div className="card-title">
          <h2>
            {run.name}
            <StarButton run={run} />
            <EditButton run={run} />
          </h2>
          <p className="card-subtitle">
            {run.model.name} · {run.data.name}
          </p>
        </div>
        <span className={`pill pill-${run.status}`} data-testid="run-status" data-status={run.status}>
          {text.status[run.status]}
        </span>
        <Buttons run={run} />
      </header>
      <RunNotes run={run} />
      <ProgressOf run={run} about={about} />
      <Waiting key={run.id} run={run} />
      <PassEvaluation key={`${run.id} ${step}`} run={run} />
      <Tiles run={run} />
      <EndedRun run={run} go={go} />
      <ExpertsChart run={run} />
      <Signs run={run} />
      <OldEvalOfRun run={run} />
      {isPending(run) && <EndNotice />}
      {run.error && <ErrorMessage message={run.error} />}
      {run.status === 'failed' && <GoTo settings={run.errorSettings ?? []} />}
      <WaysOfRun run={run} />
      {run.status === 'failed' && run.files && <p className="notice">{text.train.failedKept}</p>}
      {run.recoveries !== undefined && run.status !== 'recovering' && run.status !== 'failed' && (
        <p className="notice" data-testid="recovered">
          {text.train.recovered(run.recoveries)}
        </p>
      )}
      <RunSamples run={run} />
      <OtherTab run={run} />
      <ResumeRun run={run} />
    </section>
  )
}
