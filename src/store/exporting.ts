// Adapters as files for other programs, and runs for engines that train elsewhere.
import { type Phrase, say } from '../config/phrase'
import { zipFiles } from '../storage/zip'
import type { AdapterTarget } from '../config/run-reports'
import type { EngineApi } from '../worker/api'
import type { DataSlice } from './data-store'
import { otherBase, otherFiles } from './export-checks'
import type { Holding } from './holding'
import type { Loading } from './loading'
import type { ModelSlice } from './model-store'
import { type Opening, toExport } from './opening'
import type { PreferencesSlice } from './preferences-store'
import type { Run } from './run'
import type { RunsSlice } from './runs-store'
import { safeName } from './safe-name'
import { columnOf } from './series'
import { type Tasks, toldOf } from './tasks'

interface Parts {
  engine: EngineApi
  runs: RunsSlice
  model: ModelSlice
  data: DataSlice
  preferences: PreferencesSlice
  holding: Holding
  loading: Loading
  opening: Opening
  tasks: Tasks
}

type Save = (name: string, file: Blob) => void

const rowsOf = ({ summary }: Run): string | undefined => summary?.data.rowsFingerprint

export function createExporting({ engine, runs, model, data, preferences, holding, loading, opening, tasks }: Parts) {
  /** Opens what the run was trained with, as it was read then. Returns what is missing or differs. */
  async function open(run: Run): Promise<Phrase | undefined> {
    await opening.openFor(run)
    const missing = opening.missing(run, toExport)
    if (missing) return missing
    if (!(await loading.reloadModel(run.model.base))) return toExport.model(run.model.name)
    const report = model.store.getState().report
    const differs = report && otherBase(run, report)
    if (differs) return differs
    const { options, name, rows } = run.data
    if (options) {
      const { skipBadLines: _, ...wanted } = options
      const read = await data.setOptions(wanted)
      if (!read.ok) return read.reason
    }
    const found = await engine.cutData(run.config.training.maxLength)
    if (!found.ok) return toldOf(found.error)
    if (found.value.trainRows !== rows)
      return say`export: expected the ${rows} rows of ${name} that the run was trained on, got ${found.value.trainRows}. Open the same file.`
    // The engine compares the rows themselves, where the run keeps their fingerprint.
    const other = rowsOf(run) === undefined ? await otherFiles(run.data, data.store.getState()) : undefined
    if (other) return other
    const { from } = run.config
    return from === undefined ? undefined : holding.hold(from)
  }

  /** The loss of the first step, from the run's curve. */
  function firstLossOf(runId: string): number | undefined {
    const { steps } = runs.seriesOf(runId)
    const loss = columnOf(steps, 'step')[0] === 1 ? columnOf(steps, 'loss')[0] : undefined
    return Number.isFinite(loss) ? loss : undefined
  }

  return {
    /** An adapter as files for another program, as a zip. */
    adapter: (runId: string, target: AdapterTarget, save: Save): Promise<void> =>
      tasks.run({ kind: 'exporting', runId }, async (onProgress) => {
        const run = runs.find(runId)
        const problem = await holding.hold(runId)
        if (!run || problem !== undefined) return problem
        onProgress({ phase: 'saving' })
        const files = await engine.exportAdapter(runId, target, preferences.store.getState().adapterType)
        if (!files.ok) return toldOf(files.error)
        const name = `${safeName(run.name)}-${target}`
        save(`${name}.zip`, new Blob([zipFiles(name, files.value.files)], { type: 'application/zip' }))
        return undefined
      }),
    /** A run for engines that train elsewhere, as a zip. What it needs is opened from copies, or named if it is missing. */
    run: (runId: string, save: Save): Promise<void> =>
      tasks.run({ kind: 'exporting', runId }, async (onProgress) => {
        const run = runs.find(runId)
        const problem = run && (await open(run))
        if (!run || problem !== undefined) return problem
        const name = `${safeName(run.name)}-elsewhere`
        const about = { name, firstLoss: firstLossOf(runId), rowsFingerprint: rowsOf(run) }
        const zip = await engine.exportRun(run.config, about, onProgress)
        if (!zip.ok) return toldOf(zip.error)
        save(`${name}.zip`, zip.value)
        return undefined
      }),
  }
}
