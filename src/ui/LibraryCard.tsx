// One saved run: its facts, how it ended, and what a person can do with it.
import { hasCompletions } from '../store/comparison-store'
import { columnsOf } from '../config/figures'
import { type EvalOn, dropNotice } from '../config/eval-record'
import { type AnyMetric, isMeasured } from '../config/metrics'
import { kindOfFamily } from '../formats/families/registry'
import { fitsModel, runNotice } from '../store/base-fit'
import { type Run, adapterBytes, figuresOf, isTrained, knowsTraining, recordOfRun, stepsOf } from '../store/run'
import { LineSwatch } from './ChartControls'
import { ErrorMessage } from './ErrorMessage'
import { AskedOtherwise } from './AskedOtherwise'
import { ExportForm } from './ExportForm'
import { MergeForm } from './MergeForm'
import { OldEvalOfRun, RecipeOfRun } from './RecipeOfRun'
import { ResumeRun } from './ResumeRun'
import { ReuseButton } from './ReuseButton'
import { RunActions } from './RunActions'
import { EditButton, RunNotes, StarButton } from './RunMarks'
import { RunSparkline } from './RunSparkline'
import { TaskState } from './TaskState'
import { formatBytes, formatDate, formatDuration, formatMetric, formatValue } from './format'
import { useBusy, useData, useKept, useModel, useRuns, useSetup, useStudio } from './studio-context'
import type { Text } from './text/en'
import { inWords as labelInWords, useSentence, useText } from './text/text'
import type { View } from './view'

function Settings({ run }: { run: Run }) {
  const text = useText()
  const training = Object.entries({ ...run.config.training, steps: stepsOf(run) }).filter(([, value]) => value !== undefined)
  const entries = [...Object.entries(run.config.methodSettings), ...(knowsTraining(run) ? training : [])]
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

function CardActions({ run, go }: { run: Run; go: (view: View) => void }) {
  const text = useText()
  const studio = useStudio()
  const { report } = useModel()
  const data = useData().report
  const { methods } = useSetup()
  const busy = useBusy()
  const t = text.runs
  // Talking, measuring and training need the model that the adapter was made for.
  const fits = fitsModel(run, report)
  const notice = fits ? runNotice(run, report) : undefined
  const worse = run.evaluated && dropNotice(recordOfRun(run), run.evaluated)
  const kept = useKept().find(({ kind, fingerprint }) => kind === 'model' && fingerprint === run.model.fingerprint)
  const inWords = useSentence()
  const free = fits && !busy
  const method = methods.find((m) => m.name === run.config.method)
  const action = (label: string, enabled: boolean, act: () => void, title?: string) => (
    <button type="button" className="button-quiet" disabled={!enabled} title={title} onClick={act}>
      {label}
    </button>
  )
  return (
    <>
      {!fits && run.files && (
        <p className="muted">
          {report?.name === run.model.name ? text.library.otherWeights(run.model.name) : text.library.otherModel(run.model.name)}
        </p>
      )}
      {notice && run.files && <p className="help">{inWords(notice)}</p>}
      {worse && <p className="help">{inWords(worse)}</p>}
      {fits && run.files && <AskedOtherwise run={run} />}
      {!run.files && <p className="muted">{text.library.noAdapter}</p>}
      <div className="button-row button-row-flush">
        {!fits &&
          kept &&
          action(text.copies.openOf(run.model.name), !busy, () => void studio.openCopy(kept.id).then((opened) => opened && go('setup')))}
        {!fits && report && run.files && action(text.library.importHere(report.name), !busy, () => void studio.importHere(run.id))}
        {run.files && (
          <>
            {action(t.talk, fits, () => {
              studio.play.beside(run.id)
              go('play')
            })}
            {action(text.adapters.goOn, free, () => void studio.goOn(run.id).then((done) => done && go('setup')))}
            {action(
              text.adapters.evaluate,
              free && data !== undefined && data.evalRows > 0,
              () => void studio.evaluate(run.id),
              text.adapters.evaluateHelp,
            )}
            {action(t.answers, fits && hasCompletions(data), () => {
              studio.answers.beside(run.id)
              go('answers')
            })}
          </>
        )}
        <ReuseButton run={run} go={go} />
      </div>
      {run.files && method?.merges && <MergeForm run={run} gguf={report?.container === 'gguf'} enabled={free} />}
      <ExportForm run={run} fits={fits} enabled={!busy} />
      <TaskState of={(task) => task.runId === run.id} />
    </>
  )
}

function combinedOf({ type, parts }: NonNullable<Run['combination']>, text: Text): string {
  return text.adapters.combinedParts(parts.map((p) => `${formatValue(p.weight)} × ${p.name}`).join(' + '), type)
}

const { describing, ranking } = columnsOf('library')
const shown = [...describing, ...ranking]

/** Every run has steps, but not every run was evaluated or answered rows. */
function figureText(metric: AnyMetric, value: number | undefined, text: Text): string {
  return value === undefined && metric.of !== 'step' ? text.runs.notMeasured : formatMetric(metric, value, text)
}

/** An evaluation that a person asked for, beside that at the end of the training. */
function evaluatedText(now: EvalOn, record: EvalOn | undefined, text: Text): string {
  const [shown, before] = [now, record].map((found) => found && text.adapters.evaluated(formatValue(found.evalPerplexity), found.data))
  return before === undefined ? (shown ?? '') : text.adapters.evaluatedBeside(shown ?? '', before)
}

function factsOf(run: Run, from: Run | undefined, text: Text): [string, string][] {
  const t = text.runs
  const figures = figuresOf(run)
  const size = adapterBytes(run)
  const kind = kindOfFamily(run.model.family)
  const facts = (wanted: (metric: AnyMetric) => boolean): [string, string][] =>
    shown
      .filter(({ metric }) => wanted(metric) && isMeasured(metric, kind))
      .map(({ figure, metric }) => [labelInWords(figure.label, text), figureText(metric, figures[figure.key], text)])
  const trained: [string, string][] = [
    [t.facts.trainingTime, run.last && Number.isFinite(run.last.elapsedMs) ? formatDuration(run.last.elapsedMs, text) : t.none],
    ...facts((metric) => metric.of !== 'answers'),
  ]
  const evaluated = run.evaluated && evaluatedText(run.evaluated, recordOfRun(run), text)
  return [
    [run.status === 'imported' || run.status === 'combined' ? text.adapters.came : t.created, formatDate(run.createdAt, text)],
    [text.adapters.method, labelInWords(run.methodLabel, text)],
    ...(isTrained(run) ? trained : []),
    ...(from ? [[text.adapters.wentOnFrom, from.name] satisfies [string, string]] : []),
    ...(run.combination ? [[text.adapters.combinedOf, combinedOf(run.combination, text)] satisfies [string, string]] : []),
    ...((run.trainedOn?.name ?? run.madeFor) !== undefined
      ? [[text.adapters.madeFor, run.trainedOn?.name ?? run.madeFor ?? ''] satisfies [string, string]]
      : []),
    ...(evaluated ? [[text.adapters.evaluatedTitle, evaluated] satisfies [string, string]] : []),
    ...facts((metric) => metric.of === 'answers'),
    [t.adapter, size === undefined ? t.none : formatBytes(size)],
  ]
}

interface Props {
  run: Run
  go: (view: View) => void
  /** The name of another run that failed for the same reason, and says it. */
  failedLike?: string
}

export function LibraryCard({ run, go, failedLike }: Props) {
  const text = useText()
  const from = useRuns().find((r) => r.id === run.config.from)
  const facts = factsOf(run, from, text)
  return (
    <li className="card library-card" data-testid="library-card" data-status={run.status}>
      <header className="card-head">
        <div className="card-title">
          <h2>
            <LineSwatch colour={run.colour} /> {run.name}
            <StarButton run={run} />
            <EditButton run={run} />
          </h2>
          <p className="card-subtitle">{[run.model.name, run.data.name].filter(Boolean).join(' · ')}</p>
        </div>
        <span className={`pill pill-${run.status}`}>{text.status[run.status]}</span>
      </header>
      {isTrained(run) && <RunSparkline id={run.id} />}
      <dl className="facts facts-small">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <RunNotes run={run} />
      {run.error && <ErrorMessage message={failedLike === undefined ? run.error : text.runs.sameError(failedLike)} />}
      <ResumeRun run={run} />
      <Settings run={run} />
      <OldEvalOfRun run={run} />
      <RecipeOfRun run={run} go={go} />
      <footer className="library-foot">
        <CardActions run={run} go={go} />
        <RunActions run={run} />
      </footer>
    </li>
  )
}
