// Held-out rows, answered by the base and by adapters side by side.
import { fieldProblem } from '../config/field'
import { formatDuration, formatCount } from './format'
import { fitsModel } from '../store/base-fit'
import { answerRowsFields } from '../store/answers-state'
import { hasCompletions } from '../store/comparison-store'
import { baseColumn } from '../store/play-state'
import { AnswersList } from './AnswersList'
import { SortedPictures } from './SortedPictures'
import { AnswersScores } from './AnswersScores'
import { AskedOtherwise } from './AskedOtherwise'
import { LineSwatch } from './ChartControls'
import { EmptyState } from './EmptyState'
import { ErrorMessage } from './ErrorMessage'
import { FieldForm } from './FieldForm'
import { Icon } from './icons'
import { usePickers } from './pickers'
import { useAnswers, useBusy, useData, useModel, usePictures, useRuns, useStudio } from './studio-context'
import { useText } from './text/text'
import type { View } from './view'

/** The runs whose adapters can answer on the loaded model. */
function useAdapters() {
  const { report } = useModel()
  return useRuns().filter((run) => run.files !== undefined && fitsModel(run, report))
}

function Models() {
  const t = useText().answers
  const studio = useStudio()
  const { chosen, running } = useAnswers()
  const { report } = useModel()
  const adapters = useAdapters()
  const chip = (id: string, name: string, swatch?: React.ReactNode) => (
    <button
      key={id}
      type="button"
      className="chip"
      aria-pressed={chosen.includes(id)}
      disabled={running}
      onClick={() => studio.answers.toggle(id)}
    >
      {swatch}
      {name}
    </button>
  )
  return (
    <div className="chips" role="group" aria-label={t.models}>
      {chip(baseColumn, t.base(report?.name ?? ''))}
      {adapters.map((run) => chip(run.id, run.name, <LineSwatch colour={run.colour} />))}
    </div>
  )
}

function Done() {
  const text = useText()
  const t = text.answers
  const { running, progress } = useAnswers()
  if (!progress || (!running && progress.done >= progress.all)) return null
  const [done, all] = [formatCount(progress.done, text), formatCount(progress.all, text)]
  if (!running) return <p className="notice">{t.stopped(done, all)}</p>
  return (
    <div className="progress-line">
      <div className="progress-words">
        <span data-testid="answers-done">{t.done(done, all)}</span>
        <span className="muted">{progress.leftMs !== undefined && t.left(formatDuration(progress.leftMs, text))}</span>
      </div>
      <progress aria-label={t.title} max={progress.all} value={progress.done} />
    </div>
  )
}

function Held() {
  const text = useText()
  const t = text.answers
  const pickers = usePickers()
  const { report, evalFile, loading } = useData()
  const { running } = useAnswers()
  if (!report) return null
  const count = formatCount(report.evalRows, text)
  const name = evalFile?.file.name ?? report.name
  return (
    <div className="row-between">
      <p className="help">{!hasCompletions(report) ? t.noCompletions : report.evalRows > 0 ? t.held(count, name) : t.noneHeld}</p>
      <button type="button" className="button-quiet" disabled={loading || running} onClick={pickers.evaluation}>
        {t.otherFile}
      </button>
    </div>
  )
}

function Ask() {
  const text = useText()
  const t = text.answers
  const studio = useStudio()
  const { chosen, settings, running, error } = useAnswers()
  const busy = useBusy()
  const { report, loading } = useData()
  const runs = useRuns()
  const usable = answerRowsFields.every((field) => fieldProblem(field, settings[field.key]) === undefined)
  const ready = usable && chosen.length > 0 && !loading && hasCompletions(report) && (report?.evalRows ?? 0) > 0
  return (
    <form
      className="card"
      data-testid="answers-form"
      onSubmit={(e) => {
        e.preventDefault()
        void studio.answers.run()
      }}
    >
      <h2>{t.title}</h2>
      <p className="muted">{t.lead}</p>
      <Models />
      <Held />
      <FieldForm fields={answerRowsFields} values={settings} advanced onChange={studio.answers.set} />
      {runs
        .filter((run) => chosen.includes(run.id))
        .map((run) => (
          <AskedOtherwise key={run.id} run={run} />
        ))}
      {busy && !running && <p className="notice">{t.busy}</p>}
      <div className="button-row">
        <button type="submit" className="button-primary" data-testid="answers-start" disabled={!ready || busy}>
          <Icon name="play" />
          {t.start}
        </button>
        {running && (
          <button type="button" className="button" data-testid="answers-stop" onClick={() => void studio.answers.stop()}>
            <Icon name="stop" />
            {t.stop}
          </button>
        )}
      </div>
      <Done />
      {error && <ErrorMessage message={error} onDismiss={studio.answers.dismiss} />}
    </form>
  )
}

export function AnswersView({ go }: { go: (view: View) => void }) {
  const text = useText()
  const { rows } = useAnswers()
  const model = useModel().report
  const data = useData().report
  const pictures = usePictures().bundle !== undefined
  const t = text.answers
  const ready = model !== undefined && data !== undefined
  return (
    <div className="view">
      <h1 className="visually-hidden">{text.views.answers}</h1>
      {pictures ? (
        <SortedPictures go={go} />
      ) : ready ? (
        <Ask />
      ) : (
        <EmptyState icon="answers" title={t.title} body={t.emptyBody} action={t.emptyAction} onAction={() => go('setup')} />
      )}
      {rows.length > 0 && (
        <>
          <AnswersScores />
          <AnswersList />
        </>
      )}
    </div>
  )
}
