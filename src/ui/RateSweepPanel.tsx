// The learning-rate sweep, under the rate's field: a button, the curves of all rates over each other, and the suggested rate.
import { useMemo, useState } from 'react'
import { useStore } from 'zustand'
import { type RateSweep, type RateTrial, scoreOf, sweepSteps, unstableBy } from '../config/rate-sweep'
import { createChartView } from '../store/chart-view'
import { type PlotLine, fixedSource } from '../store/plot-line'
import type { Run } from '../store/run'
import { LineSwatch } from './ChartControls'
import { ErrorMessage } from './ErrorMessage'
import { MetricChart } from './MetricChart'
import { curveColour, curveDash } from './curve-style'
import { formatTick, formatValue } from './format'
import { useBusy, useReadiness, useRuns, useStudio, useTasks } from './studio-context'
import { useSentence, useText } from './text/text'

/** Losses above twice the first one are not drawn: they would flatten all other curves. */
const drawn = (losses: readonly number[]): Float64Array => Float64Array.from(losses, (loss) => (loss <= 2 * losses[0] ? loss : NaN))

function curveOf({ rate, losses }: RateTrial, colour: number): PlotLine {
  const xs = Float64Array.from(losses, (_, i) => i + 1)
  const id = `rate-${rate}`
  return { id, run: id, name: String(rate), colour: curveColour(colour), dash: curveDash(colour), xs, ys: drawn(losses) }
}

/** The rates from small to large, with their marks. */
function Trials({ sweep, suggested }: { sweep: RateSweep; suggested?: number }) {
  const t = useText().sweep
  const inWords = useSentence()
  const rows = sweep.trials.map((trial, colour) => ({ trial, colour })).sort((a, b) => a.trial.rate - b.trial.rate)
  return (
    <ul className="sweep-rates">
      {rows.map(({ trial, colour }) => {
        const why = unstableBy(trial, sweep.trials)
        const over = trial.losses.length >= sweepSteps
        return (
          <li key={trial.rate} data-testid="sweep-rate" data-unstable={why !== undefined || undefined}>
            <LineSwatch colour={colour} />
            <strong>{trial.rate}</strong>{' '}
            <span className={why ? 'problem' : 'muted'}>
              {why ? t.unstable(inWords(why)) : over ? t.mean(formatValue(scoreOf(trial))) : t.step(trial.losses.length, sweepSteps)}
            </span>
            {trial.rate === suggested && ` ${t.suggested}`}
          </li>
        )
      })}
    </ul>
  )
}

function Curves({ sweep }: { sweep: RateSweep }) {
  const t = useText().sweep
  const [view] = useState(createChartView)
  const source = useMemo(() => fixedSource(sweep.trials.map(curveOf)), [sweep])
  return (
    <figure className="chart" data-testid="sweep-curves">
      <figcaption className="muted">{t.curves}</figcaption>
      <MetricChart
        id="sweep"
        label={t.curves}
        source={source}
        view={view}
        height={180}
        formatX={formatTick}
        formatY={formatValue}
        empty={null}
      />
    </figure>
  )
}

/** Whether the newest run with the suggested rate since then ended as the sweep expected. */
function Confirmed({ runs, rate, score }: { runs: readonly Run[]; rate: number; score: number }) {
  const t = useText().sweep
  const run = runs.findLast(({ config, summary }) => summary && config.training.learningRate === rate)
  const loss = run?.summary?.finalLoss
  if (!run || loss === undefined) return null
  const words = loss <= score ? t.confirmed(run.name, formatValue(loss)) : t.higher(run.name, formatValue(loss), formatValue(score))
  return (
    <p className="help" role="status" data-testid="sweep-confirmed">
      {words}
    </p>
  )
}

function Suggestion() {
  const t = useText().sweep
  const inWords = useSentence()
  const { rateSweep } = useStudio()
  const { sweep, suggestion, running, madeAt = 0 } = useStore(rateSweep.store)
  const runs = useRuns()
  if (!sweep || running || sweep.left > 0) return null
  if (!suggestion) return <p className="problem">{t.none}</p>
  const { rate, reason } = suggestion
  const trial = sweep.trials.find((each) => each.rate === rate)
  return (
    <>
      <p role="status" data-testid="sweep-suggestion">
        {t.suggestion(String(rate))} {inWords(reason)}
      </p>
      <button type="button" className="button" data-testid="sweep-take" onClick={rateSweep.take}>
        {t.take(String(rate))}
      </button>
      {trial && <Confirmed runs={runs.filter(({ createdAt }) => createdAt >= madeAt)} rate={rate} score={scoreOf(trial)} />}
    </>
  )
}

export function RateSweepPanel() {
  const text = useText()
  const t = text.sweep
  const { rateSweep } = useStudio()
  const { sweep, running, about, suggestion } = useStore(rateSweep.store)
  const { failed, progress } = useTasks()
  const { obstacle, reloadsBase } = useReadiness()
  const busy = useBusy()
  const shown = sweep !== undefined && about === rateSweep.about()
  return (
    <div className="sweep" data-testid="rate-sweep">
      <div className="button-row">
        <button
          type="button"
          className="button-quiet"
          data-testid="sweep-start"
          disabled={busy || obstacle !== undefined || reloadsBase}
          title={t.help}
          onClick={() => void rateSweep.start()}
        >
          {t.start}
        </button>
        {running && (
          <button type="button" className="button-quiet" data-testid="sweep-stop" onClick={() => void rateSweep.stop()}>
            {text.cancel}
          </button>
        )}
      </div>
      {running && <progress aria-label={t.start} max={1} value={progress?.fraction} />}
      {failed?.task.kind === 'sweeping' && <ErrorMessage message={failed.reason} />}
      {shown && (
        <>
          <Curves sweep={sweep} />
          <Trials sweep={sweep} suggested={suggestion?.rate} />
          <Suggestion />
        </>
      )}
    </div>
  )
}
