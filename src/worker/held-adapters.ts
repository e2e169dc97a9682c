// The adapters that the engine holds, by their runs' ids: trained in this session, or read from files.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { AdapterFiles, AdapterReport, Combination, RunSummary } from '../config/run-reports'
import { MemorySource } from '../formats/memory-source'
import type { Profile } from '../gpu/profile'
import type { Adapter, Base } from '../peft/method'
import { loraFileOf, readAdapter } from '../export/adapter'
import { combinedFiles } from '../export/combined'
import type { Conducted } from '../train/conduct'
import type { RunRequest } from '../train/run-request'
import type { LoadedModel } from '../peft/loaded-model'
import { setUpMethod } from '../train/run'
import { runFiles } from '../train/run-files'
import type { CombinedPart } from './api'

interface Held {
  adapter: Adapter
  files: AdapterFiles
}

const sourcesOf = ({ files }: AdapterFiles) => files.map((f) => new MemorySource(f.path, f.bytes))

function madeFor({ files }: AdapterFiles): string | undefined {
  const config = files.find((f) => f.path === 'adapter_config.json')
  const named: unknown = config && (JSON.parse(new TextDecoder().decode(config.bytes)) as Record<string, unknown>).base_model_name_or_path
  return typeof named === 'string' && named !== '' ? named : undefined
}

/** Adapters with their files. */
export class HeldAdapters {
  private readonly held = new Map<string, Held>()

  /** @throws FormatError where there is none by that id */
  need(runId: string): Held {
    const found = this.held.get(runId)
    if (!found) throw new FormatError(say`The adapter of run ${runId} is not loaded. Load its base model and choose it again.`)
    return found
  }

  forget(runId: string): void {
    this.held.delete(runId)
  }

  clear(): void {
    this.held.clear()
  }

  /** Takes the adapter at the end of a run. A failed run leaves its files too. @throws the failure of a failed run */
  async takeRun(runId: string, request: RunRequest, done: Conducted): Promise<RunSummary> {
    const { files, summary, failure } = await runFiles(runId, request, done)
    this.held.set(runId, { adapter: done.adapter, files: { files } })
    if (failure) throw failure
    return summary
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
    const { method, settings, tensors, trainedOn } = adapter
    await setUpMethod(profile, model, method, settings, { initial: tensors })
    this.held.set(runId, { adapter, files })
    return { method: method.name, settings, madeFor: madeFor(files), trainedOn }
  }
}
