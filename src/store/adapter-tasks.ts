// Tasks for a trained or imported adapter: measure it, merge it, train it further, combine it with others.
import { allRows } from '../config/run-config'
import { ggufMixOf } from '../config/run-reports'
import type { Combination, EngineApi, MergeForm } from '../worker/api'
import type { DataSlice } from './data-store'
import { createExporting } from './exporting'
import type { ImportsSlice } from './imports'
import type { Loading } from './loading'
import type { Measuring } from './measuring'
import type { Holding } from './holding'
import type { ModelSlice } from './model-store'
import type { PreferencesSlice } from './preferences-store'
import type { Resuming } from './resuming'
import type { RunsSlice } from './runs-store'
import { safeName } from './safe-name'
import type { SetupSlice } from './setup-store'
import { type Tasks, toldOf } from './tasks'

interface Parts {
  imports: ImportsSlice
  engine: EngineApi
  runs: RunsSlice
  model: ModelSlice
  data: DataSlice
  setup: SetupSlice
  holding: Holding
  measuring: Measuring
  tasks: Tasks
  preferences: PreferencesSlice
  loading: Loading
  resuming: Resuming
}

export function createAdapterTasks({ engine, imports, runs, data, setup, holding, measuring, tasks, resuming, ...more }: Parts) {
  return {
    exporting: createExporting({ engine, runs, data, holding, tasks, opening: resuming.opening, ...more }),
    /** Measures the loss of a run's adapter on all evaluation rows of the loaded data, and notes it in the run. */
    evaluate: (runId: string): Promise<void> =>
      tasks.run({ kind: 'evaluating', runId }, async (onProgress) => {
        const run = runs.find(runId)
        const problem = await holding.hold(runId)
        if (!run || problem !== undefined) return problem
        const { maxLength, evalFile, report } = data.store.getState()
        const training = { ...run.config.training, ...allRows, maxLength }
        const found = await engine.evaluate(runId, training, onProgress)
        if (!found.ok) return toldOf(found.error)
        measuring.note(runId, { evaluated: { ...found.value, data: evalFile?.file.name ?? report?.name ?? '' } })
        return undefined
      }),
    /** Merges a run's adapter into the base, and passes the file and its name to `save`. */
    merge: (runId: string, form: MergeForm, save: (name: string, file: Blob) => void): Promise<void> =>
      tasks.run({ kind: 'merging', runId }, async (onProgress) => {
        const run = runs.find(runId)
        const problem = await holding.hold(runId)
        if (!run || problem !== undefined) return problem
        const mix = ggufMixOf(form)
        const name = `${safeName(run.model.name)}-${safeName(run.name)}-${mix ?? form}`
        const merged = await engine.merge(runId, form, name, onProgress)
        if (!merged.ok) return toldOf(merged.error)
        save(`${name}.${mix ? 'gguf' : 'zip'}`, merged.value)
        return undefined
      }),
    /** Combines several LoRA adapters into a new entry. */
    combine: (parts: { runId: string; weight: number }[], type: Combination): Promise<void> =>
      tasks.run({ kind: 'combining' }, async (onProgress) => {
        onProgress({ phase: 'merging' })
        const named = parts.map((p) => ({ ...p, name: runs.find(p.runId)?.name ?? '' }))
        for (const { runId } of named) {
          const problem = await holding.hold(runId)
          if (problem !== undefined) return problem
        }
        const files = await engine.combine(named, type)
        if (!files.ok) return files.error.phrase
        const combination = { type, parts: named.map(({ name, weight }) => ({ name, weight })) }
        return imports.enter(files.value, named.map((p) => p.name).join(' + '), { status: 'combined', combination })
      }),
    /** Enters the adapter of a run on another model for the loaded one, as if its files had been imported: the person is asked first. */
    importHere: (runId: string): Promise<void> =>
      tasks.run({ kind: 'importing', runId }, async () => {
        const run = runs.find(runId)
        const files = run && (await runs.adapter(runId))
        return files && imports.enter(files, run.name, { status: 'imported' })
      }),
    /** Sets up training from a run's adapter. If it cannot be read, the result is false and the task has the reason. */
    async goOn(runId: string): Promise<boolean> {
      let done = false
      await tasks.run({ kind: 'continuing', runId }, async () => {
        const run = runs.find(runId)
        const files = await runs.adapter(runId)
        if (!run || !files) return undefined
        // The files count, because an adapter may end as another kind than it began (PiSSA as plain LoRA).
        const report = await engine.restoreAdapter(runId, files)
        if (!report.ok) return report.error.phrase
        holding.mark(runId)
        setup.goOn({ runId, name: run.name }, report.value)
        done = true
        return undefined
      })
      return done
    },
  }
}
