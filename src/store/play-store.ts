// Chat with the base and with adapters: the same prompts, settings and seed for all columns.
import { createStore } from 'zustand/vanilla'
import type { FieldValue } from '../config/field'
import type { EngineApi, HeldOutRow } from '../worker/api'
import { createAskingColumns } from './asking-columns'
import type { Holding } from './holding'
import { type ChatTurn, type PlayState, baseColumn, begun, startOfPlay, whileEditing, withRow, withoutUnanswered } from './play-state'
import { countWhileTyping } from './prompt-lengths'

export function createPlayStore(engine: EngineApi, holding: Holding) {
  const store = createStore<PlayState>(startOfPlay)
  const asking = createAskingColumns(store, engine, holding)
  countWhileTyping(store, engine, holding)

  return {
    store,
    set(change: Partial<Pick<PlayState, 'prompt' | 'asPrompt'>>): void {
      store.setState(change)
    },
    /** Puts a row of the data into the prompt, with its own system words if it has some. */
    fillIn(row: Omit<HeldOutRow, 'at'>): void {
      store.setState((s) => withRow(s, row))
    },
    setSetting(key: string, value: FieldValue): void {
      store.setState((s) => ({ settings: { ...s.settings, [key]: value } }))
    },
    /** Shows or hides a column. */
    toggle(column: string): void {
      const { columns } = store.getState()
      store.setState({ columns: columns.includes(column) ? columns.filter((c) => c !== column) : [...columns, column] })
    },
    show(column: string): void {
      const { columns } = store.getState()
      if (!columns.includes(column)) store.setState({ columns: [...columns, column] })
    },
    /** Shows the base and one run, side by side, and nothing else. */
    beside(runId: string): void {
      store.setState({ columns: [baseColumn, runId], turnedTo: { runId } })
    },
    /** Sends the prompt to every shown column. */
    async run(): Promise<void> {
      const { running, prompt, turns, editing, expected } = store.getState()
      if (running) return
      const right = expected?.prompt === prompt ? expected.answer : undefined
      const turn: ChatTurn = { prompt, answers: {}, ...(right !== undefined && { expected: right }) }
      store.setState({ turns: [...turns.slice(0, editing), turn], prompt: '', expected: undefined, editing: undefined, draft: undefined })
      await asking.fill()
    },
    /** Asks the last prompt again; where tokens are drawn, with the next seed. */
    async retry(): Promise<void> {
      const { running, turns, settings } = store.getState()
      const last = turns.length - 1
      if (running || last < 0) return
      if (settings.temperature > 0) store.setState({ settings: { ...settings, seed: (settings.seed + 1) % 2 ** 32 } })
      // Hidden columns too, or an answer of an earlier seed would stand beside one of this.
      store.setState({ turns: turns.with(last, { ...turns[last], answers: {} }) })
      await asking.fill()
    },
    /** Puts the prompt of a turn back to be changed. Nothing is lost until it is sent. */
    edit: (at: number): void => store.setState((s) => whileEditing(s, at)),
    /** The prompt is again what was typed before. */
    leaveEditing(): void {
      store.setState(({ draft }) => ({ editing: undefined, draft: undefined, prompt: draft?.prompt ?? '', expected: draft?.expected }))
    },
    /** Begins a new conversation. */
    begin(): void {
      if (!store.getState().running) store.setState(begun)
    },
    /** Continues an earlier conversation, with these columns of it. */
    goOn({ turns, asPrompt, settings }: Pick<PlayState, 'turns' | 'asPrompt' | 'settings'>, columns: string[]): void {
      if (!store.getState().running) store.setState((s) => ({ ...begun(s), turns, asPrompt, settings, columns }))
    },
    stop: asking.stop,
    /** Another model is loaded: its conversation is a new one. */
    modelChanged(): void {
      store.setState((s) => ({ ...begun(s), expected: undefined, lengths: undefined }))
    },
    /** A deleted run is asked nothing more. What it has answered stays in the conversation. */
    forget(runId: string): void {
      const { columns, turns } = store.getState()
      if (columns.includes(runId)) store.setState({ columns: columns.filter((c) => c !== runId) })
      const left = withoutUnanswered(turns, runId)
      if (left !== turns) store.setState({ turns: left })
    },
  }
}
export type PlaySlice = ReturnType<typeof createPlayStore>
