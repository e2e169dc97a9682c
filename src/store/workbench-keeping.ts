// The workbench survives a reload: its recipe, labels and list of files are kept in this browser after each change, and its files as
// copies. One tab keeps its workbench: the first that is open.
import { phraseOf } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import type { Recipe } from '../config/recipe'
import type { BenchRecord } from '../storage/bench-record'
import { createBenchCopies } from './bench-copies'
import type { CopiesSlice } from './copies-store'
import { parseKeptWorkbench, writtenWorkbench } from './kept-workbench'
import { type LabellingState, withDecided } from './labelling-state'
import type { LabellingSlice } from './labelling-store'
import type { Living } from './living'
import { isUsable } from './recipe-edits'
import type { WorkbenchState } from './workbench-state'
import type { WorkbenchSlice } from './workbench-store'

/** Milliseconds without a further change before the record is written, and within which the tab before gives up its lock. */
const [restMs, lockMs] = [200, 1000]

const inAnotherTab = say`Another tab of this browser keeps its workbench, so this one is not kept: closing this tab loses it. Download the recipe to keep your steps.`
const inUse = say`Your earlier workbench was not restored, because this one was already in use. This one is not kept: download its recipe, and reload the page to get the earlier one back.`

/** What the tabs of a browser share. */
export interface BenchKeeping {
  record: BenchRecord
  /** The lock of the tab that keeps its workbench. */
  living: Living
}

interface Parts {
  workbench: WorkbenchSlice
  labelling: LabellingSlice
  copies: CopiesSlice
  /** Absent where the browser keeps nothing. */
  keeping: BenchKeeping | undefined
}

/** Whether this tab is the one that keeps its workbench. A tab that was just reloaded may hold the lock for a moment. */
async function isFirst(living: Living): Promise<boolean> {
  let late = false
  const held = living.hold('workbench').then((release) => {
    if (late) release()
    return true
  })
  const waited = new Promise<false>((resolve) => setTimeout(() => resolve(false), lockMs))
  late = !(await Promise.race([held, waited]))
  return !late
}

/** The recipe, with the answers of a labelling that has not ended. */
const recipeWithAnswers = ({ now }: WorkbenchState['recipe'], labelling: LabellingState): Recipe =>
  labelling.open ? withDecided(now, labelling) : now

export function createWorkbenchKeeping({ workbench, labelling, copies, keeping }: Parts) {
  const { store } = workbench
  const benchCopies = createBenchCopies(copies)
  let timer: ReturnType<typeof setTimeout> | undefined
  let writing: Promise<unknown> = Promise.resolve()

  const notKept = (phrase: Phrase): void => store.setState({ notKept: phrase, keptRecipe: undefined })

  function recordNow({ files, wanted, recipe, saved }: WorkbenchState): unknown {
    const abouts = wanted ? wanted.map(({ about }) => about) : files.map(benchCopies.aboutOf)
    if (abouts.length === 0 && recipe.now.steps.length === 0) return undefined
    const withAnswers = recipeWithAnswers(recipe, labelling.store.getState())
    return writtenWorkbench({ recipe: withAnswers, isSaved: withAnswers === saved, files: abouts })
  }

  async function write(to: BenchRecord): Promise<void> {
    const now = store.getState()
    // A setting that cannot be used yet is not part of a recipe.
    if (!isUsable(now.recipe.now)) return
    try {
      await to.write(recordNow(now))
      store.setState({ keptRecipe: now.recipe.now, notKept: undefined })
    } catch (error) {
      notKept(phraseOf(error))
    }
  }

  function writeSoon(to: BenchRecord): void {
    clearTimeout(timer)
    timer = setTimeout(() => (writing = writing.then(() => write(to))), restMs)
  }

  function watch(to: BenchRecord): void {
    const changed = (): void => writeSoon(to)
    benchCopies.take(store.getState().files, changed)
    store.subscribe((now, then) => {
      if (now.files !== then.files) benchCopies.take(now.files, changed)
      const same = now.files === then.files && now.wanted === then.wanted && now.recipe === then.recipe && now.saved === then.saved
      if (!same) changed()
    })
    labelling.store.subscribe((now, then) => {
      if (now.given !== then.given) changed()
    })
  }

  /** What was open before. A record that cannot be read is said, and replaced by the next change. */
  async function bringBack(value: unknown): Promise<void> {
    if (value === undefined) return
    try {
      const kept = parseKeptWorkbench(value)
      void workbench.wanted.bringBack(kept, await benchCopies.open(kept.files))
    } catch (error) {
      workbench.fail(phraseOf(error))
    }
  }

  return {
    /** The copy of a file of the workbench. */
    placeOf: benchCopies.placeOf,
    /** Brings back what was open before, and keeps what changes from now on. To be called once. */
    async start(): Promise<void> {
      if (!keeping) return
      if (!(await isFirst(keeping.living))) return notKept(inAnotherTab)
      try {
        const value = await keeping.record.read()
        const { files, recipe } = store.getState()
        if (value !== undefined && (files.length > 0 || recipe.now.steps.length > 0)) return notKept(inUse)
        await bringBack(value)
        watch(keeping.record)
      } catch (error) {
        notKept(phraseOf(error))
      }
    },
  }
}
