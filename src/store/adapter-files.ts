// The files of a run's adapters: from storage, or from the engine as long as storage does not have them; and the second try to store them.
import { phraseOf } from '../config/errors'
import { adapterOfType } from '../formats/adapter-type'
import type { AdapterKind } from '../storage/run-store'
import type { AdapterFiles, EngineApi } from '../worker/api'
import type { PreferencesSlice } from './preferences-store'
import { withOldEval } from './run-files'
import type { RunsSlice } from './runs-store'

export function createAdapterFiles(engine: EngineApi, runs: RunsSlice, preferences: PreferencesSlice) {
  /** If there are none, the result is undefined and the reason is noted in the runs' state. */
  async function stored(runId: string, kind: AdapterKind): Promise<AdapterFiles | undefined> {
    const held = runs.find(runId)?.unkept === undefined ? undefined : await engine.adapterFiles(runId, kind)
    return held?.ok ? held.value : runs.intactFiles(runId, kind)
  }
  return {
    /** The files to download, with the adapter's values in the type that the person prefers. */
    async of(runId: string, kind: AdapterKind = 'last'): Promise<AdapterFiles | undefined> {
      const found = await stored(runId, kind)
      try {
        return (
          found && {
            files: await adapterOfType(withOldEval(found, runs.find(runId)?.oldEval).files, preferences.store.getState().adapterType),
          }
        )
      } catch (error) {
        runs.store.setState({ error: phraseOf(error) })
        return undefined
      }
    },
    /** Tries again to keep the adapters of runs that had no room. Returns whether all of them are kept now. */
    async keepAgain(): Promise<boolean> {
      for (const { id, best } of runs.store.getState().runs.filter((run) => run.unkept)) {
        const last = await engine.adapterFiles(id)
        if (!last.ok) continue
        const found = best && (await engine.adapterFiles(id, 'best'))
        await runs.keepAdapter(id, { last: last.value, best: best && found?.ok ? { step: best.step, adapter: found.value } : undefined })
        if (runs.find(id)?.unkept) continue
        await engine.forgetKept(id, 'snapshots')
        runs.update(id, (run) => ({ ...run, snapshot: undefined }))
      }
      return !runs.store.getState().runs.some((run) => run.unkept)
    },
  }
}
export type AdapterFilesOfRuns = ReturnType<typeof createAdapterFiles>
