// Answers held-out rows with the base and with adapters side by side, and has the answers judged while they come.
import { createStore } from 'zustand/vanilla'
import type { FieldValue } from '../config/field'
import type { Phrase } from '../config/phrase'
import { scoreColumns } from '../scores/score-columns'
import type { EngineApi } from '../worker/api'
import { guarded } from '../worker/guarded'
import type { ScoreAnswers } from '../worker/scores-client'
import { createAnswersJudging } from './answers-judging'
import { type AnsweredColumn, type AnswersState, startAnswers } from './answers-state'
import type { DataSlice } from './data-store'
import type { Holding } from './holding'
import type { Measuring } from './measuring'
import type { ModelSlice } from './model-store'
import { baseColumn } from './play-state'
import type { RunsSlice } from './runs-store'
import { type Tasks, toldOf } from './tasks'

interface Parts {
  engine: EngineApi
  /** Absent = in this thread. */
  score?: ScoreAnswers
  runs: RunsSlice
  data: DataSlice
  holding: Holding
  measuring: Measuring
  tasks: Tasks
  model: ModelSlice
}

/** Judges in this thread. */
export const scoreHere: ScoreAnswers = (request) => guarded(async () => scoreColumns(request))

export function createAnswersStore({ engine, score = scoreHere, runs, data, holding, measuring, tasks, model }: Parts) {
  const store = createStore<AnswersState>(startAnswers)
  const judging = createAnswersJudging(store, score)

  async function ask(): Promise<Phrase | undefined> {
    const { chosen, settings } = store.getState()
    for (const id of chosen.filter((each) => each !== baseColumn)) {
      const problem = await holding.hold(id)
      if (problem !== undefined) return problem
    }
    const { maxLength, evalFile, report } = data.store.getState()
    const baseName = model.store.getState().report?.name ?? ''
    const columns = chosen.map((id): AnsweredColumn => ({ id, name: id === baseColumn ? baseName : (runs.find(id)?.name ?? '') }))
    judging.forget()
    const dataName = evalFile?.file.name ?? report?.name ?? ''
    store.setState({ columns, dataName, rows: [], scored: undefined, scoredRows: 0, scoring: false, against: 0, progress: undefined })
    const began = performance.now()
    const runIds = chosen.map((id) => (id === baseColumn ? undefined : id))
    const answered = await engine.answerRows({ ...settings, runIds, maxLength }, (more, { done, all }) => {
      const leftMs = done > 0 ? ((performance.now() - began) / done) * (all - done) : undefined
      store.setState(({ rows }) => ({ progress: { done, all, leftMs }, ...(more.length > 0 && { rows: [...rows, ...more] }) }))
      void judging.seldom()
    })
    if (answered.ok) measuring.noteAnswers(store.getState())
    return answered.ok ? undefined : toldOf(answered.error)
  }

  return {
    store,
    set(key: string, value: FieldValue): void {
      store.setState(({ settings }) => ({ settings: { ...settings, [key]: value } }))
    },
    /** Chooses a model to ask, or leaves it out. */
    toggle(id: string): void {
      store.setState(({ chosen }) => ({ chosen: chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id] }))
    },
    /** Adds a run to the models to ask. */
    show(id: string): void {
      store.setState(({ chosen }) => ({ chosen: chosen.includes(id) ? chosen : [...chosen, id] }))
    },
    /** Chooses the base and one run, and nothing else. */
    beside(runId: string): void {
      store.setState({ chosen: [baseColumn, runId] })
    },
    /** Judges by other scores; undefined = by those that the form of the data asks for. */
    setMetrics(metrics: string[] | undefined): void {
      store.setState({ metrics })
      void judging.now()
    },
    compareWith(against: number): void {
      store.setState({ against })
      void judging.now()
    },
    /** Answers the rows. The answers before are gone. */
    async run(): Promise<void> {
      if (store.getState().running) return
      await tasks.run({ kind: 'answers' }, async () => {
        store.setState({ running: true, error: undefined })
        const problem = await ask()
        store.setState({ running: false, error: problem })
        void judging.now()
        return undefined
      })
    },
    /** Ends the answering. The answers so far stay. */
    stop: (): Promise<void> => engine.cancel(),
    /** Takes a deleted run out of the models to ask. */
    forget(runId: string): void {
      store.setState(({ chosen }) => ({ chosen: chosen.filter((each) => each !== runId) }))
    },
    /** Another model is loaded: its adapters are others. */
    modelChanged(): void {
      store.setState({ chosen: [baseColumn] })
    },
    dismiss(): void {
      store.setState({ error: undefined })
    },
  }
}
export type AnswersSlice = ReturnType<typeof createAnswersStore>
