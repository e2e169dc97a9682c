// A conversation with another model than the one that is open: it can be read, and continued once its model is open.
import { useEffect, useState } from 'react'
import type { Kept } from '../storage/kept-found'
import type { KeptChat } from '../store/kept-chat'
import type { ChatTurn } from '../store/play-state'
import { formatCount, formatDate } from './format'
import { Icon } from './icons'
import { useBusy, useDevice, useModel, useStudio } from './studio-context'
import { useText } from './text/text'

function Turn({ turn, at, columns }: { turn: ChatTurn; at: number } & Pick<KeptChat, 'columns'>) {
  const text = useText()
  const t = text.play
  return (
    <li className="card chat-turn" data-testid="kept-turn">
      <h3 className="visually-hidden">{t.turn(formatCount(at + 1, text))}</h3>
      <div className="chat-prompt">
        <p className="chat-you">{t.you}</p>
        <p className="answer-prompt" dir="auto">
          {turn.prompt}
        </p>
      </div>
      <div className="answers">
        {columns.map(({ column, name }) => (
          <article key={column} className="answer" aria-label={name}>
            <h4 className="answer-title">{name}</h4>
            <div className="answer-text" dir="auto">
              {turn.answers[column]?.text.trim() || <span className="muted">–</span>}
            </div>
          </article>
        ))}
      </div>
    </li>
  )
}

/** The button that opens the conversation's model from its copy in this browser, where there is one. */
function OpenModel({ chat }: { chat: KeptChat }) {
  const t = useText().chats
  const { copies, openCopy } = useStudio()
  const busy = useBusy()
  const ready = useDevice().status === 'ready'
  const { fingerprint, name } = chat.model
  const [copy, setCopy] = useState<Kept>()
  useEffect(() => {
    if (fingerprint === undefined) return
    let shown = true
    void copies.find({ fingerprint }).then((found) => shown && setCopy(found))
    return () => {
      shown = false
    }
  }, [copies, fingerprint])
  if (!copy) return null
  return (
    <button type="button" className="button" disabled={busy || !ready} onClick={() => void openCopy(copy.id)}>
      <Icon name="box" />
      {t.openModel(name)}
    </button>
  )
}

export function KeptChatView({ chat }: { chat: KeptChat }) {
  const text = useText()
  const t = text.chats
  const { chats } = useStudio()
  // Another model may be opened meanwhile.
  useModel()
  const fits = chats.isWithThis(chat)
  return (
    <>
      <section className="card" data-testid="reading-chat">
        <header className="row-between">
          <h2>{t.readingTitle}</h2>
          <button type="button" className="button-quiet" onClick={chats.close}>
            <Icon name="close" />
            {t.close}
          </button>
        </header>
        <p className="muted">
          {t.with(chat.model.name)} · {formatDate(chat.changedAt, text)}
        </p>
        {fits ? (
          <p>
            <button type="button" className="button-primary" data-testid="chat-go-on" onClick={() => void chats.open(chat.id)}>
              {t.goOn}
            </button>
          </p>
        ) : (
          <div className="notice">
            <p>{t.otherModel(chat.model.name)}</p>
            <OpenModel chat={chat} />
          </div>
        )}
      </section>
      <ol className="conversation">
        {chat.turns.map((turn, at) => (
          <Turn key={at} turn={turn} at={at} columns={chat.columns} />
        ))}
      </ol>
    </>
  )
}
