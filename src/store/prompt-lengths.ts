// Counts the tokens of the prompt while a person types, with the conversation before it, for each shown model.
import type { StoreApi } from 'zustand/vanilla'
import type { EngineApi } from '../worker/api'
import type { Holding } from './holding'
import { type PlayState, baseColumn, requestAt } from './play-state'

/** A pause in typing that is long enough to count in. */
const pauseMs = 250

/** What the lengths depend on. */
const counted = ({ prompt, columns, turns, editing, asPrompt, settings, running }: PlayState): readonly unknown[] => [
  prompt,
  columns,
  turns,
  editing,
  asPrompt,
  settings.systemWords,
  running,
]
const differ = (now: PlayState, before: PlayState): boolean => {
  const old = counted(before)
  return counted(now).some((part, i) => part !== old[i])
}

export function countWhileTyping(store: StoreApi<PlayState>, engine: EngineApi, holding: Holding): void {
  let timer: ReturnType<typeof setTimeout> | undefined

  async function count(): Promise<void> {
    const asked = store.getState()
    const { prompt, turns, editing } = asked
    const columns: string[] = []
    for (const column of asked.columns) if (column === baseColumn || (await holding.hold(column)) === undefined) columns.push(column)
    const found = await engine.promptLengths(requestAt(asked, editing ?? turns.length, prompt, columns))
    if (!found.ok || differ(store.getState(), asked)) return
    store.setState({ lengths: Object.fromEntries(columns.map((column, i) => [column, found.value[i]])) })
  }

  // An empty prompt has no length, and while models answer nothing is counted.
  store.subscribe((now, before) => {
    if (!differ(now, before)) return
    clearTimeout(timer)
    const { prompt, columns, running } = now
    if (prompt !== '' && columns.length && !running) timer = setTimeout(() => void count(), pauseMs)
    else if (now.lengths) store.setState({ lengths: undefined })
  })
}
