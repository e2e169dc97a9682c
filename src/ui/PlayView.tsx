// Chat: the same prompts to the base and to each chosen adapter, which answer side by side.
import { useEffect } from 'react'
import { baseColumn } from '../store/play-state'
import { BaseCheck } from './BaseCheck'
import { ChatsCard } from './ChatsCard'
import { LineSwatch } from './ChartControls'
import { Composer } from './Composer'
import { Conversation } from './Conversation'
import { EmptyState } from './EmptyState'
import { KeptChatView } from './KeptChatView'
import { PictureAttempt } from './PictureAttempt'
import { Icon } from './icons'
import { useChats, useModel, usePlay, useRuns, useStudio } from './studio-context'
import { useText } from './text/text'
import type { View } from './view'

function ColumnChoice() {
  const text = useText()
  const studio = useStudio()
  const { columns, running } = usePlay()
  const adapters = useRuns().filter((r) => r.files !== undefined)
  const chip = (column: string, name: string, swatch?: React.ReactNode) => (
    <button
      key={column}
      type="button"
      className="chip"
      aria-pressed={columns.includes(column)}
      disabled={running}
      onClick={() => studio.play.toggle(column)}
    >
      {swatch}
      {name}
    </button>
  )
  return (
    <div className="chips" role="group" aria-label={text.play.columns}>
      {chip(baseColumn, text.play.base)}
      {adapters.map((run) => chip(run.id, run.name, <LineSwatch colour={run.colour} />))}
    </div>
  )
}

function Head() {
  const t = useText().play
  const studio = useStudio()
  const { turns, running } = usePlay()
  return (
    <section className="card">
      <header className="row-between">
        <h2>{t.title}</h2>
        <button
          type="button"
          className="button-quiet"
          data-testid="chat-begin"
          disabled={running || turns.length === 0}
          onClick={studio.play.begin}
        >
          <Icon name="plus" />
          {t.begin}
        </button>
      </header>
      <p className="muted">{t.lead}</p>
      <ColumnChoice />
      <BaseCheck />
    </section>
  )
}

export function PlayView({ go }: { go: (view: View) => void }) {
  const text = useText()
  const { report } = useModel()
  const { chats } = useStudio()
  const { reading } = useChats()
  const t = text.play
  // Whoever comes back wants the chat.
  useEffect(() => chats.close, [chats])
  return (
    <div className="view">
      <h1 className="visually-hidden">{text.views.play}</h1>
      {reading ? (
        <KeptChatView chat={reading} />
      ) : !report ? (
        <EmptyState icon="chat" title={t.title} body={t.needsModel} action={t.needsModelAction} onAction={() => go('setup')} />
      ) : report.pictures ? (
        <PictureAttempt go={go} />
      ) : (
        <>
          <Head />
          <Conversation />
          <Composer />
        </>
      )}
      <ChatsCard />
    </div>
  )
}
