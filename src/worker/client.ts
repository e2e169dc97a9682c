// The page's end of the worker.
import type { EngineApi } from './api'
import { engineIn } from './engine-in-worker'
// With ?worker&url the default export is the address of the bundled worker; the file itself has none.
// oxlint-disable-next-line import/default
import workerUrl from './engine.worker.ts?worker&url'
import { startWorker } from './start-worker'

/** Starts the engine in its worker. */
export function startEngine(): EngineApi {
  return engineIn(() => startWorker(workerUrl, 'engine'))
}
