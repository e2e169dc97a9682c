// The answerer that was used last. Its caches and programs serve the next question to the same models.
import { Answerer } from '../decode/answer'
import type { Gpu } from '../gpu/gpu'
import type { LoadedModel } from '../peft/loaded-model'
import type { Adapter } from '../peft/method'

export type RunIds = readonly (string | undefined)[]

export class HeldAnswerer {
  private held: { key: string; runIds: RunIds; answerer: Answerer } | undefined

  /** An answerer of these runs' adapters, each of which answers `rows` questions at once. */
  of(gpu: Gpu, model: LoadedModel, runIds: RunIds, adapterOf: (runId: string | undefined) => Adapter | undefined, rows?: number): Answerer {
    const key = JSON.stringify([runIds, rows])
    if (this.held?.key === key) return this.held.answerer
    const adapters = runIds.map(adapterOf)
    this.drop()
    const answerer = new Answerer(gpu, model, adapters, rows)
    this.held = { key, runIds, answerer }
    return answerer
  }

  drop(): void {
    this.held?.answerer.release()
    this.held = undefined
  }

  /** Drops it if it uses the adapter; if it may be answering now, the next question drops it. */
  forget(runId: string, answering: boolean): void {
    if (!this.held?.runIds.includes(runId)) return
    if (answering) this.held.key = ''
    else this.drop()
  }
}
