// Asks the models of the chat, turn by turn, each with the turns that it has answered itself.
import type { StoreApi } from 'zustand/vanilla'
import { stopTexts } from '../config/chat-fields'
import type { EngineApi, GenerateReport, Result } from '../worker/api'
import type { Holding } from './holding'
import { type Answer, type PlayState, baseColumn, isAnswered, requestAt, withAnswer } from './play-state'

/** How an answer ended. */
function endOf(before: Answer, result: Result<GenerateReport[]>, place: number): Answer | undefined {
  if (result.ok) return { status: 'done', text: result.value[place].text, report: result.value[place] }
  if (result.error.kind !== 'Cancelled') return { ...before, status: 'failed', error: result.error.phrase }
  return before.text === '' ? undefined : { ...before, status: 'stopped' }
}

/** A column that is neither shown nor in the turn has been deleted, or hidden before it was asked. */
const isWanted = ({ turns, columns }: PlayState, at: number, column: string): boolean =>
  columns.includes(column) || turns[at]?.answers[column] !== undefined

/** What the columns that are asked at a place can do: be asked, or not take its prompt. */
interface Askable {
  ready: string[]
  refusing: string[]
}

const withWanted = (state: PlayState, at: number, column: string, answer: Answer | undefined): PlayState =>
  isWanted(state, at, column) ? { ...state, turns: withAnswer(state.turns, at, column, answer) } : state

export function createAskingColumns(store: StoreApi<PlayState>, engine: EngineApi, holding: Holding) {
  let cancelled = false
  const setAnswer = (at: number, column: string, answer?: Answer): void => store.setState((s) => withWanted(s, at, column, answer))

  /** Of `columns`, those that can be asked at place `at`, and those that cannot take this prompt. Who cannot be asked shows why. */
  async function askable(at: number, columns: readonly string[]): Promise<Askable> {
    const held: string[] = []
    for (const column of columns) {
      const problem = column === baseColumn ? undefined : await holding.hold(column)
      if (problem === undefined) held.push(column)
      else setAnswer(at, column, { status: 'failed', text: '', error: problem })
    }
    const now = store.getState()
    const left = held.filter((column) => isWanted(now, at, column))
    // The conversation may have ended meanwhile.
    if (!now.turns[at] || !left.length) return { ready: [], refusing: [] }
    const found = await engine.promptLengths(requestAt(now, at, now.turns[at].prompt, left))
    const problemOf = (place: number) => (found.ok ? found.value[place].problem : found.error.phrase)
    left.forEach((column, place) => {
      const error = problemOf(place)
      if (error) setAnswer(at, column, { status: 'failed', text: '', error })
    })
    return {
      ready: left.filter((column, place) => problemOf(place) === undefined && isWanted(store.getState(), at, column)),
      refusing: left.filter((_, place) => found.ok && found.value[place].problem !== undefined),
    }
  }

  /** Asks all of `columns` at once. */
  async function write(at: number, columns: readonly string[]): Promise<void> {
    const now = store.getState()
    const turn = now.turns[at]
    if (!turn) return
    for (const column of columns) setAnswer(at, column, { status: 'writing', text: '' })
    const { systemWords: _, stops, ...rest } = now.settings
    const request = { ...requestAt(now, at, turn.prompt, columns), ...rest, stops: stopTexts(stops) }
    // Texts have a way of their own from the worker, so the last one may come behind the result.
    let ended = false
    const result = await engine.generate(request, (text, place) => {
      if (!ended) setAnswer(at, columns[place], { status: 'writing', text })
    })
    ended = true
    const before = store.getState().turns[at]?.answers ?? {}
    columns.forEach((column, place) => setAnswer(at, column, endOf(before[column] ?? { status: 'writing', text: '' }, result, place)))
  }

  async function askAll(): Promise<void> {
    let going = [...store.getState().columns]
    for (let at = 0; at < store.getState().turns.length && going.length && !cancelled; at++) {
      const now = store.getState()
      const wanted = going.filter((column) => isWanted(now, at, column) && !isAnswered(now.turns[at].answers[column]))
      for (const column of wanted) setAnswer(at, column, { status: 'waiting', text: '' })
      const { ready, refusing } = await askable(at, wanted)
      if (ready.length && !cancelled) await write(at, ready)
      const answers = store.getState().turns[at]?.answers ?? {}
      for (const column of wanted) if (answers[column]?.status === 'waiting') setAnswer(at, column)
      going = going.filter((column) => isAnswered(answers[column]) || refusing.includes(column))
    }
  }

  /** Asks every shown column what it has not answered yet, turn by turn, without prompts that it cannot take. One that fails is asked no more. */
  async function fill(): Promise<void> {
    if (store.getState().running) return
    cancelled = false
    store.setState({ running: true })
    try {
      await askAll()
    } finally {
      store.setState({ running: false })
    }
  }

  return {
    fill,
    async stop(): Promise<void> {
      cancelled = true
      await engine.cancel()
    },
  }
}
