// The dataset as it was understood: numbers, problems, options, examples.
import { sentence } from '../config/phrase'
import { type DataState, oldEvaluationOf } from '../store/data-state'
import { undecided } from '../store/missing'
import type { DataReport } from '../worker/api'
import { AskedOtherwise } from './AskedOtherwise'
import { AskingForm } from './AskingForm'
import { CopyLine } from './CopyLine'
import { ColumnMapping } from './ColumnMapping'
import { DataOptionsForm } from './DataOptionsForm'
import { ErrorMessage } from './ErrorMessage'
import { FirstStage } from './FirstStage'
import { Histogram } from './Histogram'
import { KeptAgain } from './KeptAgain'
import { OlderRows } from './OlderRows'
import { PictureDataCard } from './PictureDataCard'
import { ProgressLine } from './ProgressLine'
import { StepCard } from './StepCard'
import { TokenPreview } from './TokenPreview'
import { UnknownCharacters } from './UnknownCharacters'
import { UnusableLines } from './UnusableLines'
import { formatCount } from './format'
import { usePickers } from './pickers'
import { useData, useModel, usePictures, useRuns, useSetup, useStudio } from './studio-context'
import { useSentence, useText } from './text/text'

function Numbers({ report }: { report: DataReport }) {
  const text = useText()
  const t = text.data
  const n = (value: number): string => formatCount(value, text)
  return (
    <dl className="numbers">
      <div>
        <dt>{t.rows}</dt>
        <dd>{n(report.rows)}</dd>
        <dd className="muted">
          {n(report.trainRows)} {t.forTraining}
        </dd>
        <dd className="muted">
          {report.evalSource === 'none'
            ? t.evalSource.none
            : `${n(report.evalRows)} ${t.forEvaluation} (${t.evalSource[report.evalSource]})`}
        </dd>
      </div>
      <div>
        <dt>{t.tokens}</dt>
        <dd>{n(report.tokens)}</dd>
        <dd className="muted">
          {n(report.trainedTokens)} {t.trainedOn}
        </dd>
      </div>
      <div>
        <dt>{t.cut}</dt>
        <dd>{n(report.cutRows)}</dd>
        <dd className="muted">{t.atLength(n(report.maxLength))}</dd>
      </div>
    </dl>
  )
}

/** Why a file, or the current file with other options, could not be read, and that the old data are kept. */
function Failed({ failed, disabled }: { failed: NonNullable<DataState['failed']>; disabled: boolean }) {
  const t = useText().data
  const studio = useStudio()
  const { file, report } = useData()
  const reason = useSentence()(failed.reason)
  const message = failed.file !== file ? t.notRead(failed.file.file.name, reason) : report ? t.notReadAnew(reason) : reason
  const reads = useModel().report
  return (
    <>
      <ErrorMessage message={message} onDismiss={report && studio.data.dismissFailed} />
      {failed.pictures && reads && !reads.pictures && (
        <div className="button-row">
          <button
            type="button"
            className="button"
            data-testid="picture-model"
            disabled={disabled}
            onClick={() => void studio.demo.openPictureModel(failed.file)}
          >
            {t.pictureModel}
          </button>
        </div>
      )}
    </>
  )
}

export function DataCard({ disabled }: { disabled: boolean }) {
  const text = useText()
  const studio = useStudio()
  const pickers = usePickers()
  const data = useData()
  const { file, report, loading, progress, failed, error } = data
  const hasModel = useModel().report !== undefined
  const pictures = usePictures().bundle !== undefined
  const unread = failed?.unmapped && failed
  const done = report !== undefined && !loading && undecided(data, report) === undefined
  const pick = (
    <button type="button" className={file ? 'button-quiet' : 'button'} disabled={disabled} onClick={pickers.data}>
      {file ? text.pick.another : text.pick.data}
    </button>
  )
  return (
    <StepCard testId="data-card" number={2} title={text.data.title} subtitle={file?.file.name} done={done} actions={file && pick}>
      {failed && <Failed failed={failed} disabled={disabled} />}
      {unread && (
        <ColumnMapping
          key={`${unread.file.path} ${sentence(unread.reason)}`}
          reading={unread}
          unmapped={unread.unmapped}
          disabled={disabled}
        />
      )}
      {error && <ErrorMessage message={error} />}
      {!file && (
        <div className="drop-spot">
          <p>{text.data.empty}</p>
          {pick}
          <KeptAgain kinds={['data']} />
        </div>
      )}
      {file && !hasModel && !pictures && <p className="muted">{text.data.waiting(file.file.name)}</p>}
      {loading && <ProgressLine progress={progress} onCancel={() => void studio.data.cancel()} />}
      {pictures ? <PictureDataCard disabled={disabled || loading} /> : <Rows disabled={disabled} />}
    </StepCard>
  )
}

/** What rows of text are, and how they are read. */
function Rows({ disabled }: { disabled: boolean }) {
  const inWords = useSentence()
  const data = useData()
  const { file, evalFile, report, loading, failed, options } = data
  const { from } = useSetup()
  const startsFrom = useRuns().find(({ id }) => id === from?.runId)
  const hasModel = useModel().report !== undefined
  const oldHeld = oldEvaluationOf(data)
  const unread = failed?.unmapped && failed
  return (
    <>
      {report && (
        <div data-testid="data-summary" className="stack">
          {report.problemCount > 0 && <UnusableLines report={report} />}
          {report.unknown && <UnknownCharacters report={report} unknown={report.unknown} />}
          <Numbers report={report} />
          {report.notes.map((note, i) => (
            <p key={i} className="notice">
              {inWords(note)}
            </p>
          ))}
          <Histogram histogram={report.histogram} maxLength={report.maxLength} />
        </div>
      )}
      {file && hasModel && <DataOptionsForm report={report} disabled={disabled || loading} />}
      {file && hasModel && <AskingForm disabled={disabled} />}
      {startsFrom && <AskedOtherwise run={startsFrom} />}
      {file && hasModel && (startsFrom || data.mix?.file === file) && <OlderRows disabled={disabled || loading} />}
      {file && hasModel && <FirstStage disabled={disabled || loading} />}
      {file && report && !unread && <ColumnMapping reading={{ file, evalFile, options }} disabled={disabled || loading} />}
      {report && <TokenPreview />}
      {report && <CopyLine of="data" />}
      {report && evalFile && <CopyLine of="evaluation" name={evalFile.file.name} />}
      {report && oldHeld && <CopyLine of="oldEvaluation" name={oldHeld.file.name} />}
    </>
  )
}
