// The adapters that the engine holds, by their runs' ids: trained in this session, or read from files.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { AdapterFiles, AdapterReport, Combination, RunSummary } from '../config/run-reports'
import { MemorySource } from '../formats/memory-source'
import type { Profile } from '../gpu/profile'
import type { Adapter, Base } from '../peft/method'
import { loraFileOf, readAdapter, writeAdapter } from '../export/adapter'
import { combinedFiles } from '../export/combined'
import type { Conducted } from '../train/conduct'
import type { RunRequest } from '../train/run-request'
import type { LoadedModel } from '../peft/loaded-model'
import type { Snapshot } from '../storage/snapshot'
import { setUpMethod } from '../train/run'
import { runFiles } from '../train/run-files'
import { keptAdapter } from '../train/kept-adapter'
import type { CombinedPart } from './api'

interface Held {
  adapter: Adapter
  files: AdapterFiles
  /** Of the model that it is on, where that sorts pictures. */
  classes?: readonly string[]
}

const classesOf = ({ file }: LoadedModel): readonly string[] | undefined => file.config.vision?.classes

const sourcesOf = ({ files }: AdapterFiles) => files.map((f) => new MemorySource(f.path, f.bytes))

function madeFor({ files }: AdapterFiles): string | undefined {
  const config = files.find((f) => f.path === 'adapter_config.json')
  const named: unknown = config && (JSON.parse(new TextDecoder().decode(config.bytes)) as Record<string, unknown>).base_model_name_or_path
  return typeof named === 'string' && named !== '' ? named : undefined
}

/** Adapters with their files. */
export class HeldAdapters {
  private readonly held = new Map<string, Held>()
  /** Files of runs that ended here, until the page has kept them. They outlast a change of the model. */
  private readonly results = new Map<string, AdapterFiles>()

  /** @throws FormatError where there is none by that id */
  need(runId: string): Held {
    const found = this.held.get(runId)
    if (!found) throw new FormatError(say`The adapter of run ${runId} is not loaded. Load its base model and choose it again.`)
    return found
  }

  /** The files of an adapter. @throws FormatError where there is none by that id */
  filesOf(runId: string): AdapterFiles {
    return this.results.get(runId) ?? this.need(runId).files
  }

  /** The page has kept the files of a run. */
  kept(runId: string): void {
    this.results.delete(runId)
  }

  /** The run trains. What was held of it, perhaps from a snapshot, is not what this training ends with. */
  begin(runId: string): void {
    this.held.delete(runId)
  }

  forget(runId: string): void {
    this.held.delete(runId)
    this.results.delete(runId)
  }

  clear(): void {
    this.held.clear()
  }

  /** Takes the adapter at the end of a run. A failed run leaves its files too. @throws the failure of a failed run */
  async takeRun(runId: string, request: RunRequest, done: Conducted): Promise<RunSummary> {
    const { files, summary, failure } = await runFiles(runId, request, done)
    this.held.set(runId, { adapter: done.adapter, files: { files }, classes: classesOf(request.model) })
    this.results.set(runId, { files })
    if (failure) throw failure
    return summary
  }

  /** The adapter in a snapshot, and the step it is from. With a run's id it is held as the adapter of that run. @throws FormatError, UnsupportedError */
  async ofSnapshot(snapshot: Snapshot, model: LoadedModel, profile: Profile, runId?: string): Promise<AdapterFiles & { step: number }> {
    const { adapter, step } = await keptAdapter(profile, model, snapshot)
    const files = await writeAdapter(adapter, model.base)
    if (runId !== undefined) this.held.set(runId, { adapter, files: { files }, classes: classesOf(model) })
    return { files, step }
  }

  /** Several held LoRA adapters as one adapter's files. @throws FormatError, UnsupportedError */
  async combined(parts: readonly CombinedPart[], type: Combination, base: Base): Promise<AdapterFiles> {
    const loras = parts.map(({ runId, name }) => loraFileOf(name, this.need(runId).adapter, base))
    const weights = parts.map((p) => p.weight)
    return { files: await combinedFiles(loras, weights, type, base) }
  }

  /** Reads an adapter's files and sees that they fit the model. @throws FormatError, UnsupportedError */
  async takeFiles(runId: string, files: AdapterFiles, model: LoadedModel, profile: Profile): Promise<AdapterReport> {
    const adapter = await readAdapter(sourcesOf(files), model.base)
    const { method, settings, tensors, trainedOn, asking } = adapter
    await setUpMethod(profile, model, method, settings, { initial: tensors })
    this.held.set(runId, { adapter, files, classes: classesOf(model) })
    return { method: method.name, settings, madeFor: madeFor(files), trainedOn, asking }
  }
}
