// One prompt, one seed, and an answer from the base and from each chosen adapter.
import { answerField } from '../config/answer-length'
import { type Asked, askedOf } from '../config/asking'
import { askedInWords } from '../config/asking-words'
import { type Answer, baseColumn } from '../store/play-store'
import { runNotice } from '../store/base-fit'
import type { Run } from '../store/run'
import { AnswerText } from './AnswerText'
import { AskedOtherwise } from './AskedOtherwise'
import { LineSwatch } from './ChartControls'
import { EmptyState } from './EmptyState'
import { ErrorMessage } from './ErrorMessage'
import { NumberInput } from './NumberInput'
import { PictureAttempt } from './PictureAttempt'
import { formatCompact, formatCount } from './format'
import { Icon } from './icons'
import { useActivity, useData, useModel, usePlay, useRuns, useStudio } from './studio-context'
import type { Text } from './text/en'
import { useSentence, useText } from './text/text'
import type { View } from './view'

/** The words to show if an answer has no text. */
function insteadOfText(answer: Answer | undefined, text: Text): string {
  const t = text.play
  if (answer?.status === 'waiting' || answer?.status === 'writing') return t.waiting
  if (answer?.status !== 'done') return t.empty
  if (!answer.report) return ''
  return answer.report.tokens === 0 ? t.endedAtOnce : t.noText(formatCount(answer.report.tokens, text))
}

/** How the base is asked. */
function useBaseAsked(): Asked {
  const model = useModel().report
  const data = useData().report
  return askedOf(data?.asking) ?? model?.asked ?? { form: 'raw' }
}

/** A text that is still being written, or a whole answer with the probabilities of its tokens. */
function Words({ answer, title }: { answer: Answer; title: string }) {
  const t = useText().answers
  const { pieces } = answer.report ?? {}
  return pieces ? <AnswerText label={t.answerOf(title)} text={answer.text} pieces={pieces} /> : answer.text
}

function AnswerColumn({ column, title, run, answer }: { column: string; title: string; run?: Run; answer: Answer | undefined }) {
  const text = useText()
  const { report } = useModel()
  const inWords = useSentence()
  const held = report?.base
  const notice = run && runNotice(run, report)
  const t = text.play
  return (
    <article className="answer card" aria-label={title}>
      <header className="row-between">
        <h3 className="answer-title">
          {run && <LineSwatch colour={run.colour} />}
          {title}
        </h3>
        {answer?.report && (
          <span className="muted">
            {t.report(formatCount(answer.report.tokens, text), formatCompact(answer.report.tokensPerSecond, text))}
            {!answer.report.complete && `, ${t.cut}`}
          </span>
        )}
      </header>
      <div className="answer-text" data-testid="generate-output" data-column={column} data-status={answer?.status ?? 'empty'} dir="auto">
        {answer?.text.trim() ? <Words answer={answer} title={title} /> : <span className="muted">{insteadOfText(answer, text)}</span>}
      </div>
      {answer?.report && <p className="help">{t.askedWith(inWords(askedInWords(answer.report.asked)))}</p>}
      {run && held !== undefined && run.model.base !== held && (
        <p className="help">{t.otherBase(text.model.bases[run.model.base], text.model.bases[held])}</p>
      )}
      {notice && <p className="help">{inWords(notice)}</p>}
      {run && <AskedOtherwise run={run} />}
      {answer?.error && <ErrorMessage message={answer.error} />}
    </article>
  )
}

interface PlayNumberProps {
  id: string
  of: 'temperature' | 'maxTokens' | 'seed'
  label: string
  min: number
  max: number
  step: number
  strict: 'any' | 'whole'
  help?: string
}

function PlayNumber({ id, of, label, help, ...bounds }: PlayNumberProps) {
  const studio = useStudio()
  const { [of]: value } = usePlay()
  const helpId = help && `${id}-help`
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <NumberInput id={id} value={value} {...bounds} aria-describedby={helpId} onValue={(v) => studio.play.set({ [of]: v })} />
      {help && (
        <p id={helpId} className="help">
          {help}
        </p>
      )}
    </div>
  )
}

function PlaySettings() {
  const text = useText()
  const inWords = useSentence()
  const studio = useStudio()
  const { asPrompt } = usePlay()
  const baseAsked = useBaseAsked()
  const t = text.play
  return (
    <div className="play-settings">
      <PlayNumber
        id="temperature"
        of="temperature"
        label={t.temperature}
        min={0}
        max={5}
        step={0.1}
        strict="any"
        help={t.temperatureHelp}
      />
      <PlayNumber
        id="max-tokens"
        of="maxTokens"
        label={inWords(answerField.label)}
        min={answerField.min}
        max={answerField.max}
        step={1}
        strict="whole"
      />
      <PlayNumber id="play-seed" of="seed" label={t.seed} min={0} max={4294967295} step={1} strict="whole" />
      <div className="field">
        <label className="check">
          <input
            type="checkbox"
            checked={asPrompt}
            aria-describedby="as-prompt-help"
            onChange={(e) => studio.play.set({ asPrompt: e.target.checked })}
          />
          {t.asPrompt}
        </label>
        <p id="as-prompt-help" className="help">
          {t.asPromptHelp(inWords(askedInWords(baseAsked)))}
        </p>
      </div>
    </div>
  )
}

function ColumnChoice({ adapters }: { adapters: Run[] }) {
  const text = useText()
  const studio = useStudio()
  const { columns } = usePlay()
  return (
    <div className="chips" role="group" aria-label={text.play.columns}>
      <button type="button" className="chip" aria-pressed={columns.includes(baseColumn)} onClick={() => studio.play.toggle(baseColumn)}>
        {text.play.base}
      </button>
      {adapters.map((run) => (
        <button
          key={run.id}
          type="button"
          className="chip"
          aria-pressed={columns.includes(run.id)}
          onClick={() => studio.play.toggle(run.id)}
        >
          <LineSwatch colour={run.colour} />
          {run.name}
        </button>
      ))}
    </div>
  )
}

export function PlayView({ go }: { go: (view: View) => void }) {
  const text = useText()
  const studio = useStudio()
  const runs = useRuns()
  const play = usePlay()
  const { report } = useModel()
  const { training } = useActivity()
  const t = text.play
  if (!report)
    return (
      <div className="view">
        <h1 className="visually-hidden">{text.views.play}</h1>
        <EmptyState icon="chat" title={t.title} body={t.needsModel} action={t.needsModelAction} onAction={() => go('setup')} />
      </div>
    )
  if (report.pictures)
    return (
      <div className="view">
        <h1 className="visually-hidden">{text.views.play}</h1>
        <PictureAttempt go={go} />
      </div>
    )
  const adapters = runs.filter((r) => r.files !== undefined)
  const valid = [play.temperature, play.maxTokens, play.seed].every(Number.isFinite) && play.columns.length > 0 && play.prompt !== ''
  return (
    <div className="view">
      <h1 className="visually-hidden">{text.views.play}</h1>
      <form
        className="card play-form"
        onSubmit={(e) => {
          e.preventDefault()
          void studio.play.run()
        }}
      >
        <h2>{t.title}</h2>
        <ColumnChoice adapters={adapters} />
        <label htmlFor="prompt" className="visually-hidden">
          {t.prompt}
        </label>
        <textarea
          id="prompt"
          data-testid="generate-prompt"
          rows={4}
          placeholder={t.placeholder}
          value={play.prompt}
          onChange={(e) => studio.play.set({ prompt: e.target.value })}
        />
        <PlaySettings />
        {training && <p className="notice">{t.busy}</p>}
        <div className="button-row">
          <button type="submit" className="button-primary" data-testid="generate-run" disabled={!valid || play.running || training}>
            <Icon name="play" />
            {t.run}
          </button>
          {play.running && (
            <button type="button" className="button" onClick={() => void studio.play.stop()}>
              {t.stop}
            </button>
          )}
        </div>
      </form>
      <div className="answers">
        {play.columns.map((column) => {
          const run = runs.find((r) => r.id === column)
          const title = column === baseColumn ? text.labelled(t.base, report.name) : (run?.name ?? '')
          return <AnswerColumn key={column} column={column} title={title} run={run} answer={play.answers[column]} />
        })}
      </div>
    </div>
  )
}
