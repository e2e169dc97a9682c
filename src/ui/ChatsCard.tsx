// The conversations that this browser keeps: open or delete one, or delete all.
import { useEffect, useState } from 'react'
import { type ChatNote, mostChats } from '../store/kept-chat'
import { ConfirmDialog } from './ConfirmDialog'
import { ErrorMessage } from './ErrorMessage'
import { formatCount, formatDate } from './format'
import { Icon } from './icons'
import { useChats, usePlay, useStudio } from './studio-context'
import { useText } from './text/text'

/** Conversations that are listed before a person asks for all. */
const listed = 8
function ChatItem({ chat, current }: { chat: ChatNote; current: boolean }) {
  const text = useText()
  const t = text.chats
  const { chats } = useStudio()
  const { running } = usePlay()
  const [asking, setAsking] = useState(false)
  const beginning = chat.prompt
  const about = [formatDate(chat.changedAt, text), chat.model, t.turns(chat.turns), ...(current ? [t.current] : [])]
  return (
    <li className="kept-item" data-testid="kept-chat">
      <Icon name="chat" />
      <div className="kept-words">
        <p className="kept-name" dir="auto">
          {beginning}
        </p>
        <p className="muted">{about.join(' · ')}</p>
      </div>
      <div className="kept-actions">
        <button
          type="button"
          className="button"
          disabled={running}
          aria-label={t.openOf(beginning)}
          onClick={() => {
            void chats.open(chat.id)
            scrollTo({ top: 0 })
          }}
        >
          {t.open}
        </button>
        <button
          type="button"
          className="button-icon"
          disabled={running}
          aria-label={t.removeOf(beginning)}
          title={t.remove}
          onClick={() => setAsking(true)}
        >
          <Icon name="trash" />
        </button>
      </div>
      {asking && (
        <ConfirmDialog
          title={t.removeTitle}
          body={t.removeBody(beginning)}
          action={t.remove}
          onClose={() => setAsking(false)}
          onConfirm={() => {
            setAsking(false)
            void chats.remove(chat.id)
          }}
        />
      )}
    </li>
  )
}

function RemoveAll({ count, withCurrent }: { count: number; withCurrent: boolean }) {
  const text = useText()
  const t = text.chats
  const { chats } = useStudio()
  const { running } = usePlay()
  const [asking, setAsking] = useState(false)
  return (
    <>
      <button type="button" className="button-quiet" data-testid="remove-chats" disabled={running} onClick={() => setAsking(true)}>
        <Icon name="trash" />
        {t.removeAll}
      </button>
      {asking && (
        <ConfirmDialog
          title={t.removeAllTitle}
          body={t.removeAllBody(formatCount(count, text), withCurrent)}
          action={t.removeAll}
          onClose={() => setAsking(false)}
          onConfirm={() => {
            setAsking(false)
            void chats.removeAll()
          }}
        />
      )}
    </>
  )
}

export function ChatsCard() {
  const text = useText()
  const t = text.chats
  const { chats } = useStudio()
  const { all, unreadable, current, problem } = useChats()
  const [whole, setWhole] = useState(false)
  useEffect(() => {
    // Other tabs may have added some.
    const load = (): void => void chats.load()
    load()
    window.addEventListener('focus', load)
    return () => window.removeEventListener('focus', load)
  }, [chats])
  const count = chats.countAll()
  if (!chats.available || (all.length === 0 && unreadable.length === 0 && !problem)) return null
  return (
    <section className="card" aria-labelledby="chats-title" data-testid="chats">
      <header className="row-between">
        <h2 id="chats-title">{t.title}</h2>
        {count > 0 && <RemoveAll count={count} withCurrent={current !== undefined} />}
      </header>
      <p className="muted">{t.lead(formatCount(mostChats, text))}</p>
      {problem && <ErrorMessage message={problem} onDismiss={chats.dismiss} />}
      {unreadable.length > 0 && <ErrorMessage message={t.unreadable(formatCount(unreadable.length, text))} />}
      <ul className="kept-list">
        {(whole ? all : all.slice(0, listed)).map((chat) => (
          <ChatItem key={chat.id} chat={chat} current={chat.id === current} />
        ))}
      </ul>
      {!whole && all.length > listed && (
        <p>
          <button type="button" className="button-quiet" onClick={() => setWhole(true)}>
            {t.all(formatCount(all.length, text))}
          </button>
        </p>
      )}
    </section>
  )
}
