// What the page does before a run of the queue trains, when it has its adapter, and after it ends.
import { type Phrase, say } from '../config/phrase'
import type { Progress } from '../worker/api'
import type { ComparisonMeasuring } from './comparison-measuring'
import type { DataSlice } from './data-store'
import type { Holding } from './holding'
import type { Loading } from './loading'
import type { Measuring } from './measuring'
import type { ModelSlice } from './model-store'
import type { PlaySlice } from './play-store'
import type { PreferencesSlice } from './preferences-store'
import { type PartOfComparison, type Run, isOver, isPending } from './run'
import type { RunData } from './run-data'
import { createReadingForRuns } from './run-reading'
import type { QueueHooks } from './run-work'
import type { AnswersSlice } from './answers-store'
import type { RunsSlice } from './runs-store'
import type { TabChannel } from './tab-channel'
import { tellRun } from './tabs'
import type { TwoStages } from './two-stages'

interface Parts {
  model: ModelSlice
  data: DataSlice
  runs: RunsSlice
  loading: Loading
  play: PlaySlice
  answers: AnswersSlice
  holding: Holding
  measuring: Measuring
  comparing: ComparisonMeasuring
  preferences: PreferencesSlice
  runData: RunData
  stages: TwoStages
  channel: TabChannel
}

export function createRunHooks({
  model,
  data,
  runs,
  loading,
  play,
  answers,
  holding,
  measuring,
  comparing,
  preferences,
  runData,
  stages,
  channel,
}: Parts): QueueHooks {
  const readAs = createReadingForRuns({ data, runs, runData, stages })

  /** Measures the held-out rows of earlier data: the adapter that the run starts from, or the run's own. */
  async function measureOld(run: Run, when: 'before' | 'after', onProgress: (p: Progress) => void): Promise<Phrase | undefined> {
    const { id, config } = run
    const file = await runData.oldEvaluation(run)
    const name = run.data.oldEvaluation?.name
    if (!file)
      return name !== undefined && when === 'after'
        ? say`${name}: expected a copy of these held-out rows in this browser, got none, so their loss after the run is missing. Measure the adapter on that file.`
        : undefined
    const { options } = data.store.getState()
    return measuring.old(id, when === 'after' ? id : config.from, { file, options, training: config.training, when }, onProgress)
  }

  async function asBefore({ base, task, taskBefore }: PartOfComparison): Promise<void> {
    await loading.reloadModel(base)
    if (task !== undefined) await data.setOptions({ taskDescription: taskBefore })
  }

  return {
    async prepare(run, onProgress): Promise<Phrase | undefined> {
      if (!(await loading.reloadModel(run.model.base)))
        return model.store.getState().error ?? say`The model that this run was set up with is not loaded. Load it again.`
      const read = await readAs(run)
      if (!read.ok) return read.reason
      const early = await stages.begin(run)
      if (early !== undefined) return early
      const { from } = run.config
      // The snapshot of a run that is resumed has the values of the adapter that it started from.
      const needed = run.snapshot === undefined ? from : undefined
      if (needed !== undefined && !runs.find(needed))
        return say`The adapter that this run starts from was deleted. Choose another one and start a new run.`
      const problem = needed === undefined ? undefined : await holding.hold(needed)
      const before = run.snapshot === undefined && problem === undefined ? await measureOld(run, 'before', onProgress) : problem
      return before ?? (run.comparison && (await comparing.base(run, onProgress)))
    },
    async trained(run: Run, onProgress: (p: Progress) => void): Promise<void> {
      const unanswered = run.comparison && (await comparing.adapter(run, onProgress))
      const problem = unanswered ?? (await measureOld(run, 'after', onProgress))
      if (problem !== undefined) measuring.note(run.id, { error: problem })
    },
    asks: (runId) => channel.send({ type: 'ask', runId }),
    entered: (runId) => tellRun({ runs, channel }, runId),
    saveEveryMs: () => preferences.store.getState().saveMinutes * 60_000,
    ended(run): void {
      if (!isOver(run)) return
      if (run.files) holding.mark(run.id)
      if (run.files && !run.comparison) {
        play.show(run.id)
        answers.show(run.id)
      }
      // After the last run of a comparison, the base gets the precision it had before the comparison, and the data are asked as before.
      const last = !runs.store.getState().runs.some(isPending)
      if (last && run.comparison && model.store.getState().report) void asBefore(run.comparison)
    },
  }
}
