// Where the next prompt of the chat is written, with the settings that its answers are made with.
import { useEffect } from 'react'
import { type Asked, askedOf } from '../config/asking'
import { askedInWords } from '../config/asking-words'
import { moreChatFields, usualChatFields } from '../config/chat-fields'
import { canAsk } from '../store/play-state'
import { useChatColumns } from './Conversation'
import { FieldForm } from './FieldForm'
import { formatCount } from './format'
import { Icon } from './icons'
import { useActivity, useData, useModel, usePlay, useStudio } from './studio-context'
import { useSentence, useText } from './text/text'

/** How the base is asked. */
function useBaseAsked(): Asked {
  const model = useModel().report
  const data = useData().report
  return askedOf(data?.asking) ?? model?.asked ?? { form: 'raw' }
}

/** How many tokens the prompt has with the conversation before it, or why it cannot be asked. */
function Lengths() {
  const text = useText()
  const t = text.play
  const inWords = useSentence()
  const { lengths } = usePlay()
  const shown = useChatColumns()
  const counts = shown.flatMap(({ column, title }) => {
    const found = lengths?.[column]
    if (!found) return []
    const { tokens, most, problem } = found
    const words = tokens === undefined || most === undefined ? '' : t.length(formatCount(tokens, text), formatCount(most, text))
    return [{ column, title, words, problem: problem && inWords(problem) }]
  })
  const same = counts.every(({ words, problem }) => words === counts[0].words && problem === counts[0].problem)
  return (
    <ul className="chat-lengths help" data-testid="prompt-lengths">
      {(same ? counts.slice(0, 1) : counts).map(({ column, title, words, problem }) => (
        <li key={column} className={problem ? 'help-problem' : undefined}>
          {same ? (problem ?? words) : text.labelled(title, problem ?? words)}
        </li>
      ))}
    </ul>
  )
}

/** Fills in a held-out row, and shows its answer. */
function Example() {
  const text = useText()
  const t = text.play
  const studio = useStudio()
  const { prompt, expected, running } = usePlay()
  const { report, evalFile } = useData()
  const evalRows = report?.evalRows ?? 0
  const shown = expected?.line !== undefined && expected.prompt === prompt ? expected : undefined
  const id = report?.id
  useEffect(() => {
    if (id !== undefined) void studio.playExamples.offer()
  }, [studio, id])
  if (!report || evalRows === 0) return null
  return (
    <div className="chat-example" data-testid="chat-example">
      <button type="button" className="button-quiet" disabled={running} onClick={() => void studio.playExamples.next()}>
        <Icon name="spark" />
        {t.example}
      </button>
      {shown && (
        <p className="help">
          {t.exampleFilled(formatCount(shown.line!, text), evalFile?.file.name ?? report.name)}{' '}
          <span className="answer-prompt" dir="auto">
            {shown.answer}
          </span>
        </p>
      )}
    </div>
  )
}

function Settings() {
  const t = useText().play
  const inWords = useSentence()
  const studio = useStudio()
  const { asPrompt, settings } = usePlay()
  const baseAsked = useBaseAsked()
  return (
    <>
      <FieldForm fields={usualChatFields} values={settings} advanced onChange={studio.play.setSetting} />
      <details className="chat-more">
        <summary>{t.more}</summary>
        <FieldForm fields={moreChatFields} values={settings} advanced onChange={studio.play.setSetting} />
        {!asPrompt && settings.systemWords !== '' && <p className="help">{t.rawSystem}</p>}
      </details>
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
    </>
  )
}

export function Composer() {
  const text = useText()
  const t = text.play
  const studio = useStudio()
  const play = usePlay()
  const { training } = useActivity()
  const { prompt, turns, running, editing } = play
  return (
    <form
      className="card play-form"
      onSubmit={(e) => {
        e.preventDefault()
        void studio.play.run()
      }}
    >
      {editing !== undefined && (
        <div className="notice">
          <p>{t.editing(formatCount(editing + 1, text))}</p>
          <button type="button" className="button-quiet" onClick={studio.play.leaveEditing}>
            {t.leaveEditing}
          </button>
        </div>
      )}
      <label htmlFor="prompt" className="visually-hidden">
        {t.prompt}
      </label>
      <textarea
        id="prompt"
        data-testid="generate-prompt"
        rows={4}
        placeholder={turns.length ? t.next : t.placeholder}
        value={prompt}
        onChange={(e) => studio.play.set({ prompt: e.target.value })}
      />
      <Example />
      <Lengths />
      {training && <p className="notice">{t.busy}</p>}
      <div className="button-row">
        <button type="submit" className="button-primary" data-testid="generate-run" disabled={!canAsk(play) || running || training}>
          <Icon name="play" />
          {t.run}
        </button>
        {running && (
          <button type="button" className="button" onClick={() => void studio.play.stop()}>
            {t.stop}
          </button>
        )}
      </div>
      <Settings />
    </form>
  )
}
