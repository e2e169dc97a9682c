// Chat with the base and with adapters: one prompt and one seed for all columns.
import { createStore } from 'zustand/vanilla'
import { answerField } from '../config/answer-length'
import type { Phrase } from '../config/phrase'
import type { EngineApi, GenerateReport, Result } from '../worker/api'
import type { Holding } from './holding'

/** Column of the base model; other columns are named by their run's id. */
export const baseColumn = 'base'

export interface Answer {
  status: 'waiting' | 'writing' | 'done' | 'failed'
  text: string
  report?: GenerateReport
  error?: Phrase
}

interface PlayState {
  prompt: string
  asPrompt: boolean
  temperature: number
  seed: number
  maxTokens: number
  /** Shown columns in order. */
  columns: string[]
  answers: Record<string, Answer>
  running: boolean
}

type PlaySettings = Pick<PlayState, 'prompt' | 'asPrompt' | 'temperature' | 'seed' | 'maxTokens'>

const start = (): PlayState => ({
  prompt: '',
  asPrompt: true,
  temperature: 0,
  seed: 0,
  maxTokens: answerField.default,
  columns: [baseColumn],
  answers: {},
  running: false,
})

/** How the answer at place `at` ended. */
function endOf(result: Result<GenerateReport[]>, at: number): Partial<Answer> {
  if (result.ok) return { status: 'done', text: result.value[at].text, report: result.value[at] }
  return result.error.kind === 'Cancelled' ? { status: 'done' } : { status: 'failed', error: result.error.phrase }
}

export function createPlayStore(engine: EngineApi, holding: Holding) {
  const store = createStore<PlayState>(start)
  let cancelled = false

  function answer(column: string, change: Partial<Answer>): void {
    const before = store.getState().answers[column] ?? { status: 'waiting', text: '' }
    store.setState((s) => ({ answers: { ...s.answers, [column]: { ...before, ...change } } }))
  }

  /** The columns that can answer. The others show an error. */
  async function askable(columns: readonly string[]): Promise<string[]> {
    const ready: string[] = []
    for (const column of columns) {
      const problem = column === baseColumn ? undefined : await holding.hold(column)
      if (problem === undefined) ready.push(column)
      else answer(column, { status: 'failed', error: problem })
    }
    return ready
  }

  /** Asks all of `columns` at once. */
  async function write(columns: readonly string[]): Promise<void> {
    for (const column of columns) answer(column, { status: 'writing' })
    const { prompt, asPrompt, maxTokens, temperature, seed } = store.getState()
    const runIds = columns.map((column) => (column === baseColumn ? undefined : column))
    const request = { prompt, asPrompt, maxTokens, temperature, seed, runIds }
    const result = await engine.generate(request, (text, at) => answer(columns[at], { text }))
    columns.forEach((column, at) => answer(column, endOf(result, at)))
  }

  return {
    store,
    set(change: Partial<PlaySettings>): void {
      store.setState(change)
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
      store.setState({ columns: [baseColumn, runId] })
    },
    /** Asks every shown column at once. */
    async run(): Promise<void> {
      const { columns, running } = store.getState()
      if (running) return
      cancelled = false
      store.setState({
        running: true,
        answers: Object.fromEntries(columns.map((c) => [c, { status: 'waiting', text: '' } satisfies Answer])),
      })
      const ready = await askable(columns)
      if (ready.length && !cancelled) await write(ready)
      store.setState({ running: false })
    },
    async stop(): Promise<void> {
      cancelled = true
      await engine.cancel()
    },
    /** Another model is loaded: removes the answers of the former one. */
    modelChanged(): void {
      store.setState({ answers: {} })
    },
    /** Takes a deleted run out. */
    forget(runId: string): void {
      const { columns, answers } = store.getState()
      const rest = { ...answers }
      delete rest[runId]
      store.setState({ columns: columns.filter((c) => c !== runId), answers: rest })
    },
  }
}
export type PlaySlice = ReturnType<typeof createPlayStore>
