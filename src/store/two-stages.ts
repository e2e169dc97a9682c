// A run in two stages: first on plain text or other rows, and then the run that is set up, from the adapter of the first. Both are ordinary
// runs of the queue. The second one says which run it waits for (`Run.after`) until it begins.
import { createStore } from 'zustand/vanilla'
import { defaultDataOptions } from '../config/data-options'
import { defaults } from '../config/field'
import { type Phrase, say } from '../config/phrase'
import type { RunConfig } from '../config/run-config'
import type { EngineApi, PickedFile } from '../worker/api'
import type { CopiesSlice } from './copies-store'
import { type DataOfRun, type Run, canResume, isPending } from './run'
import type { RunsSlice } from './runs-store'

interface FirstState {
  file?: PickedFile
  /** NaN while what was typed is no number of steps. */
  steps: number
}

const usualSteps = 100

/** Why the run cannot begin after `first`; undefined if it can. */
function obstacleAfter(first: Run, anyway: boolean): Phrase | undefined {
  if (first.status === 'finished' || (anyway && first.files)) return undefined
  if (isPending(first) || canResume(first))
    return say`${first.name}, the run before this one, has not ended, so this one did not start. Resume ${first.name}; then this one follows.`
  return first.files
    ? say`${first.name}, the run before this one, ended early, so this one did not start. Start it to continue from what was kept of ${first.name}.`
    : say`${first.name}, the run before this one, ended without an adapter, so this one did not start. Start a new run.`
}

export function createTwoStages({ engine, runs, copies }: { engine: EngineApi; runs: RunsSlice; copies: CopiesSlice }) {
  const store = createStore<FirstState>(() => ({ steps: usualSteps }))
  /** The copy of the file, so that its run finds it again after a reload. */
  const place = copies.newPlace()
  let copied: Promise<void> = Promise.resolve()

  function dataOf({ file }: PickedFile, seed: number): DataOfRun {
    const { fingerprint, keptId } = place.store.getState()
    return { name: file.name, rows: 0, options: { ...defaultDataOptions, holdOut: 0, seed }, fingerprint, keptId }
  }

  function choose(wanted: Partial<FirstState>): void {
    store.setState(wanted)
    if (!('file' in wanted)) return
    const { file } = wanted
    copied = copies.load().then(() => place.take(file && { kind: 'data', name: file.file.name, files: [file] }))
  }

  return {
    store,
    place,
    choose,
    /** The first stage of a run with this configuration, as it is chosen now; `queued` is called when it is in the queue. Undefined = none. */
    first(config: RunConfig) {
      const { file, steps } = store.getState()
      if (!file || !Number.isInteger(steps)) return undefined
      const { training } = config
      return {
        file,
        // There are no held-out rows, so no evaluation can stop it early.
        config: { ...config, training: { ...training, steps, patience: 0 } },
        data: dataOf(file, training.seed),
        queued(runId: string): void {
          const note = async (): Promise<void> => {
            const { fingerprint, keptId } = place.store.getState()
            runs.update(runId, (run) => ({ ...run, data: { ...run.data, fingerprint, keptId } }))
            await runs.save(runId)
          }
          void copied.then(note).finally(() => store.getState().file === file && choose({ file: undefined }))
        },
      }
    },
    /** Before a run begins: it gets the method and settings of the adapter that the run before left. Returns the reason if it cannot begin. */
    async begin({ id, after }: Run): Promise<Phrase | undefined> {
      const first = after && runs.find(after.runId)
      if (!after || !first) return undefined
      const obstacle = obstacleAfter(first, after.anyway === true)
      if (obstacle) return obstacle
      // The files count, because an adapter may end as another kind than it began (PiSSA as plain LoRA).
      const files = first.unkept === undefined ? await runs.adapter(first.id) : undefined
      const [found, methods] = [files && (await engine.restoreAdapter(first.id, files)), await engine.methods()]
      if (found && !found.ok) return found.error.phrase
      const method = methods.ok && found ? methods.value.find(({ name }) => name === found.value.method) : undefined
      runs.update(id, (run) => {
        const begun = { ...run, after: undefined }
        if (!method || !found) return begun
        const methodSettings = { ...defaults(method.fields), ...found.value.settings }
        return { ...begun, methodLabel: method.label, config: { ...run.config, method: method.name, methodSettings } }
      })
      return undefined
    },
    /** Whether the run is a first stage whose second still waits. */
    isFirst: (runId: string): boolean => runs.store.getState().runs.some(({ after }) => after?.runId === runId),
    /** The runs to resume for one that a person resumes: with it, those that wait for it, or the one that it waits for. */
    async with(run: Run): Promise<string[]> {
      const first = run.after && runs.find(run.after.runId)
      if (first && canResume(first)) return [first.id, run.id]
      if (first?.files) {
        runs.update(run.id, (r) => ({ ...r, after: { runId: first.id, anyway: true } }))
        await runs.save(run.id)
      }
      return [run.id, ...runs.store.getState().runs.flatMap((r) => (r.after?.runId === run.id && canResume(r) ? [r.id] : []))]
    },
  }
}
export type TwoStages = ReturnType<typeof createTwoStages>
