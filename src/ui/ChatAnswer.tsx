// The answer of one model to one turn.
import type { Answer } from '../store/play-state'
import { runNotice } from '../store/base-fit'
import { askedInWords } from '../config/asking-words'
import type { Run } from '../store/run'
import { AnswerText } from './AnswerText'
import { AskedOtherwise } from './AskedOtherwise'
import { LineSwatch } from './ChartControls'
import { CopyButton } from './CopyButton'
import { ErrorMessage } from './ErrorMessage'
import { FirstDifference } from './FirstDifference'
import { formatCompact, formatCount } from './format'
import { useModel } from './studio-context'
import type { Text } from './text/en'
import { useSentence, useText } from './text/text'
import { type TokenText, tokenDifference, tokenTexts } from './token-difference'

interface Props {
  column: string
  title: string
  run?: Run
  answer: Answer | undefined
  /** The answer of the first model, with which this one is compared. */
  against?: { title: string; answer: Answer | undefined }
  /** It follows other turns. */
  follows: boolean
  last: boolean
}

/** The words to show if an answer has no text. */
function insteadOfText(answer: Answer | undefined, text: Text): string {
  const t = text.play
  if (!answer) return t.notAsked
  if (answer.status === 'waiting' || answer.status === 'writing') return t.waiting
  if (!answer.report) return ''
  return answer.report.tokens === 0 ? t.endedAtOnce : t.noText(formatCount(answer.report.tokens, text))
}

/** A whole answer with its tokens. */
function tokensOf(answer: Answer | undefined): TokenText | undefined {
  const pieces = answer?.report?.pieces
  return pieces && { text: answer!.text, pieces }
}

/** A text that is still being written, or a whole answer with the probabilities of its tokens and what differs from another one. */
function Words({ answer, title, against }: { answer: Answer } & Pick<Props, 'title' | 'against'>) {
  const t = useText().answers
  const own = tokensOf(answer)
  const other = tokensOf(against?.answer)
  if (!own) return answer.text
  const difference = other && tokenDifference(tokenTexts(own), tokenTexts(other))
  const compared = other && difference && { title: against!.title, other, difference }
  return (
    <>
      <AnswerText label={t.answerOf(title)} {...own} against={compared} />
      {compared && <FirstDifference own={own} {...compared} />}
    </>
  )
}

/** Tokens, speed, and how the answer ended. */
function Ending({ answer }: { answer: Answer }) {
  const text = useText()
  const t = text.play
  const { report, status } = answer
  if (status === 'stopped') return <span className="muted">{t.stopped}</span>
  if (!report) return null
  return (
    <span className="muted">
      {t.report(formatCount(report.tokens, text), formatCompact(report.tokensPerSecond, text))}
      {!report.complete && `, ${t.cut}`}
    </span>
  )
}

/** How the model was asked. */
function Asked({ answer, follows }: { answer: Answer; follows: boolean }) {
  const text = useText()
  const inWords = useSentence()
  const t = text.play
  const { report } = answer
  if (!report) return null
  const { asked, promptTokens, cachedTokens } = report
  const plain = asked.form !== 'template' && asked.form !== 'chat'
  return (
    <p className="help">
      {text.together([
        t.askedWith(inWords(askedInWords(asked))),
        t.promptTokens(formatCount(promptTokens, text), formatCount(cachedTokens, text)),
        ...(follows && plain ? [t.plainTurns] : []),
      ])}
    </p>
  )
}

/** What a person should know about the run of a column. */
function Notices({ run }: { run: Run }) {
  const text = useText()
  const inWords = useSentence()
  const { report } = useModel()
  const held = report?.base
  const notice = runNotice(run, report)
  return (
    <>
      {held !== undefined && run.model.base !== held && (
        <p className="help">{text.play.otherBase(text.model.bases[run.model.base], text.model.bases[held])}</p>
      )}
      {notice && <p className="help">{inWords(notice)}</p>}
      <AskedOtherwise run={run} />
    </>
  )
}

export function ChatAnswer({ column, title, run, answer, against, follows, last }: Props) {
  const text = useText()
  const t = text.play
  return (
    <article className="answer" aria-label={title}>
      <header className="row-between">
        <h4 className="answer-title">
          {run && <LineSwatch colour={run.colour} />}
          {title}
        </h4>
        {answer && <Ending answer={answer} />}
      </header>
      <div className="answer-text" data-testid="generate-output" data-column={column} data-status={answer?.status ?? 'empty'} dir="auto">
        {answer?.text.trim() ? (
          <Words answer={answer} title={title} against={against} />
        ) : (
          <span className="muted">{insteadOfText(answer, text)}</span>
        )}
      </div>
      <div className="answer-rest">
        {answer && <Asked answer={answer} follows={follows} />}
        {run && last && <Notices run={run} />}
        {answer?.error && <ErrorMessage message={answer.error} />}
        {answer?.text.trim() && (answer.status === 'done' || answer.status === 'stopped') && (
          <div className="button-row button-row-flush">
            <CopyButton label={t.copyAnswer(title)} content={answer.text.trim()} />
          </div>
        )}
      </div>
    </article>
  )
}
