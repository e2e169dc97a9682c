// Pictures sorted into classes: those that are held out, by one model at a time, and single pictures that a person tries on several models.
import { createStore } from 'zustand/vanilla'
import type { Phrase } from '../config/phrase'
import type { ContextWords, EngineApi, PickedFile, PictureAttention, Progress, SortedPicture, SortedPictures } from '../worker/api'
import type { Holding } from './holding'
import { baseColumn } from './play-state'
import { type Tasks, toldOf } from './tasks'

/** A true class and the class that a model says. */
interface Cell {
  truth: number
  said: number
}

interface SortingState {
  /** The model whose pictures are shown: a run's id, or `base`. */
  by: string
  sorted?: SortedPictures
  /** The cell of the matrix whose pictures are shown; absent = all wrong ones. */
  cell?: Cell
  /** The words nearest to the learned context of the model whose pictures are shown. */
  words?: readonly ContextWords[]
  /** The picture that is tried. */
  tried?: PickedFile
  /** What each model says about it. */
  answers: Record<string, { classes: readonly string[]; probabilities: Float32Array; attention?: PictureAttention }>
  running?: 'sorting' | 'trying' | 'reading'
  progress?: Progress
  error?: Phrase
}

export const likeliest = (probabilities: Float32Array): number =>
  probabilities.reduce((best, value, i) => (value > probabilities[best] ? i : best), 0)

/** How often each class [truth] was taken for each [said]. */
export function confusionOf({ classes, pictures }: SortedPictures): number[][] {
  const counts = classes.map(() => new Array<number>(classes.length).fill(0))
  for (const { label, probabilities } of pictures) if (label !== undefined) counts[label][likeliest(probabilities)]++
  return counts
}

/** The pictures of a cell, or all wrong ones: the surest mistakes first. */
export function picturesOf({ pictures }: SortedPictures, cell: Cell | undefined): SortedPicture[] {
  const wanted = pictures.filter(({ label, probabilities }) => {
    const said = likeliest(probabilities)
    return cell ? label === cell.truth && said === cell.said : label !== said
  })
  const sureness = ({ probabilities }: SortedPicture): number => probabilities[likeliest(probabilities)]
  return wanted.sort((a, b) => sureness(b) - sureness(a))
}

export function createSortingStore({ engine, holding, tasks }: { engine: EngineApi; holding: Holding; tasks: Tasks }) {
  const store = createStore<SortingState>(() => ({ by: baseColumn, answers: {} }))
  const runIdOf = (column: string): string | undefined => (column === baseColumn ? undefined : column)

  /** Asks one model; a reason is noted. */
  async function ask(column: string, from: 'eval' | readonly PickedFile[]): Promise<SortedPictures | undefined> {
    const runId = runIdOf(column)
    const problem = runId === undefined ? undefined : await holding.hold(runId)
    if (problem !== undefined) {
      store.setState({ error: problem })
      return undefined
    }
    const found = await engine.sortPictures({ runId, from }, (progress) => store.setState({ progress }))
    if (found.ok) return found.value
    store.setState({ error: toldOf(found.error) })
    return undefined
  }

  const work = (running: SortingState['running'], does: () => Promise<void>): Promise<void> =>
    tasks.run({ kind: 'evaluating' }, async () => {
      store.setState({ running, progress: undefined, error: undefined })
      await does().finally(() => store.setState({ running: undefined, progress: undefined }))
      return undefined
    })

  return {
    store,
    /** Sorts the held-out pictures with a model. */
    sort: (by: string): Promise<void> =>
      work('sorting', async () => {
        store.setState({ by, sorted: undefined, cell: undefined, words: undefined })
        const sorted = await ask(by, 'eval')
        if (store.getState().by === by) store.setState({ sorted })
      }),
    /** Asks for the words nearest to the learned context of the model whose pictures are shown. */
    readContext: (): Promise<void> =>
      work('reading', async () => {
        const { by } = store.getState()
        const problem = await holding.hold(by)
        const found = problem === undefined ? await engine.nearWords(by) : undefined
        if (store.getState().by !== by) return
        store.setState(found?.ok ? { words: found.value } : { error: problem ?? (found && toldOf(found.error)) })
      }),
    show: (cell: Cell | undefined): void => store.setState({ cell }),
    /** Asks models about a picture, one after another. */
    attempt: (file: PickedFile, columns: readonly string[]): Promise<void> =>
      work('trying', async () => {
        store.setState({ tried: file, answers: {} })
        for (const column of columns) {
          const found = await ask(column, [file])
          if (!found) return
          const { classes, pictures } = found
          store.setState(({ answers }) => ({ answers: { ...answers, [column]: { classes, probabilities: pictures[0].probabilities } } }))
        }
      }),
    /** What each model that has answered attends to in the picture. */
    attend: (): Promise<void> =>
      work('trying', async () => {
        const { tried, answers } = store.getState()
        for (const column of tried ? Object.keys(answers) : []) {
          const runId = runIdOf(column)
          const problem = runId === undefined ? undefined : await holding.hold(runId)
          const found = problem === undefined ? await engine.pictureAttention(runId, tried!) : undefined
          if (!found?.ok) return store.setState({ error: problem ?? (found && toldOf(found.error)) })
          if (store.getState().tried !== tried) return
          store.setState(({ answers: now }) => ({ answers: { ...now, [column]: { ...now[column], attention: found.value } } }))
        }
      }),
    stop: (): Promise<void> => engine.cancel(),
    dismiss: (): void => store.setState({ error: undefined }),
    /** Another model or other pictures are there: what was sorted no longer counts. */
    clear: (): void => store.setState({ by: baseColumn, answers: {} }, true),
  }
}
