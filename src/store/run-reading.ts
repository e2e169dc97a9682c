// Reads the data of a run before it starts, if they are not loaded as the run wants them.
import { unasked } from '../config/asking-fields'
import { say } from '../config/phrase'
import type { ReadEnd } from './data-state'
import type { DataSlice } from './data-store'
import type { Run } from './run'
import type { RunData } from './run-data'
import type { RunsSlice } from './runs-store'
import type { TwoStages } from './two-stages'

interface Parts {
  data: DataSlice
  runs: RunsSlice
  runData: RunData
  stages: TwoStages
}

export function createReadingForRuns({ data, runs, runData, stages }: Parts) {
  /** Notes what was read for the run. The lines that cannot be used were accepted when a run was set up, but nobody has seen those of a first stage. */
  function took({ id, data: { rows, name } }: Run, read: ReadEnd, taken: boolean): ReadEnd {
    const { report } = data.store.getState()
    if (!read.ok || !report) return read
    if (report.problemCount > 0 && stages.isFirst(id))
      return {
        ok: false,
        reason: say`${name}: expected rows that can all be used, got ${report.problemCount} lines that cannot. Correct the file.`,
      }
    if (taken) data.acceptProblems(report)
    if (rows === 0) runs.update(id, (run) => ({ ...run, data: { ...run.data, rows: report.trainRows } }))
    return read
  }

  /** The data, read as the run was set up with. */
  return async (run: Run): Promise<ReadEnd> => {
    const { name, options } = run.data
    const taken = await runData.take(run)
    if (data.store.getState().file === undefined || options === undefined) return data.ready()
    const { skipBadLines: _accepted, ...others } = options
    const read = await data.setOptions({ ...unasked, shots: undefined, ...others })
    const loaded = data.store.getState().report?.name
    return read.ok && loaded !== name
      ? { ok: false, reason: say`The run was set up with ${name}, and ${loaded ?? say`nothing`} is loaded. Open ${name} again.` }
      : took(run, read, taken)
  }
}
