// The turns of the chat: each prompt, and below it the answers of all shown models.
import { type ChatTurn, baseColumn } from '../store/play-state'
import { ChatAnswer } from './ChatAnswer'
import { formatCount } from './format'
import { Icon } from './icons'
import { useActivity, useModel, usePlay, useRuns, useStudio } from './studio-context'
import { useText } from './text/text'

/** The shown models: their columns, names and runs. */
export function useChatColumns() {
  const text = useText()
  const runs = useRuns()
  const { report } = useModel()
  const { columns } = usePlay()
  return columns.map((column) => {
    const run = runs.find((r) => r.id === column)
    return { column, run, title: column === baseColumn ? text.labelled(text.play.base, report?.name ?? '') : (run?.name ?? '') }
  })
}

function TurnItem({ turn, at }: { turn: ChatTurn; at: number }) {
  const text = useText()
  const t = text.play
  const studio = useStudio()
  const { turns, running, editing } = usePlay()
  const { training } = useActivity()
  const columns = useChatColumns()
  const [first] = columns
  const last = at === turns.length - 1
  const number = formatCount(at + 1, text)
  return (
    <li className="card chat-turn" data-testid="chat-turn" data-replaced={(editing !== undefined && at >= editing) || undefined}>
      <h3 className="visually-hidden">{t.turn(number)}</h3>
      <div className="chat-prompt">
        <p className="chat-you">{t.you}</p>
        <p className="answer-prompt" dir="auto">
          {turn.prompt}
        </p>
        <div className="button-row button-row-flush">
          <button
            type="button"
            className="button-quiet"
            aria-label={t.editTurn(number)}
            disabled={running}
            onClick={() => {
              studio.play.edit(at)
              document.getElementById('prompt')?.focus()
            }}
          >
            <Icon name="pencil" />
            {t.edit}
          </button>
          {last && (
            <button
              type="button"
              className="button-quiet"
              title={t.retryHelp}
              disabled={running || training}
              data-testid="chat-retry"
              onClick={() => void studio.play.retry()}
            >
              <Icon name="play" />
              {t.retry}
            </button>
          )}
        </div>
      </div>
      {turn.expected !== undefined && (
        <div className="chat-expected" data-testid="chat-expected">
          <p className="answer-head">{t.expected}</p>
          <p className="answer-prompt" dir="auto">
            {turn.expected}
          </p>
        </div>
      )}
      <div className="answers">
        {columns.map((shown, place) => (
          <ChatAnswer
            key={shown.column}
            {...shown}
            answer={turn.answers[shown.column]}
            against={place > 0 ? { title: first.title, answer: turn.answers[first.column] } : undefined}
            follows={at > 0}
            last={last}
          />
        ))}
      </div>
    </li>
  )
}

export function Conversation() {
  const { turns } = usePlay()
  if (!turns.length) return null
  return (
    <ol className="conversation">
      {turns.map((turn, at) => (
        <TurnItem key={at} turn={turn} at={at} />
      ))}
    </ol>
  )
}
