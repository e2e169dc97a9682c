// The page's end of the worker: the engine as an EngineApi whose calls always come back with a Result.
import { type Remote, proxy, wrap } from 'comlink'
import { phraseOf } from '../config/errors'
import { type Phrase, asWritten, say } from '../config/phrase'
import type { EngineApi, Result } from './api'
// With ?worker&url the default export is the address of the bundled worker; the file itself has none.
// oxlint-disable-next-line import/default
import workerUrl from './engine.worker.ts?worker&url'
import { startWorker } from './start-worker'

type Failure = Extract<Result<never>, { ok: false }>

function failure(phrase: Phrase): Failure {
  return { ok: false, error: { kind: 'DeviceError', phrase } }
}

function deferred(): { promise: Promise<Failure>; resolve(failure: Failure): void } {
  let resolve: (failure: Failure) => void = () => undefined
  const promise = new Promise<Failure>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

/** Starts the worker. If it cannot start, every call returns an error. If it fails later, the current calls return an error. */
export function startEngine(): EngineApi {
  const worker = startWorker(workerUrl, 'engine')
  const remote: Remote<EngineApi> = wrap<EngineApi>(worker)
  let alive = false
  let broken = deferred()
  worker.addEventListener('error', (event) => {
    const reason = event.message ? asWritten(event.message) : say`its script could not be loaded`
    broken.resolve(failure(say`The engine’s worker failed: ${reason}. Reload the page. Saved runs are safe.`))
    // A worker that has answered before may continue after an error: the current calls end here, later calls try again.
    if (alive) broken = deferred()
  })

  async function call<T>(answer: Promise<Result<T>>): Promise<Result<T>> {
    try {
      const result = await Promise.race([answer, broken.promise])
      alive ||= result.ok
      return result
    } catch (error) {
      return failure(say`The engine failed: ${phraseOf(error)}. Reload the page. Saved runs are safe.`)
    }
  }
  async function tell(answer: Promise<void>): Promise<void> {
    await Promise.race([answer.catch(() => undefined), broken.promise])
  }

  return {
    watch: (onNews) => tell(remote.watch(proxy(onNews))),
    device: () => call(remote.device()),
    methods: () => call(remote.methods()),
    loadModel: (files, base, onProgress) => call(remote.loadModel(files, base, proxy(onProgress))),
    loadData: (file, evalFile, options, maxLength, onProgress) =>
      call(remote.loadData(file, evalFile, options, maxLength, proxy(onProgress))),
    cutData: (maxLength) => call(remote.cutData(maxLength)),
    mapRows: (file, options) => call(remote.mapRows(file, options)),
    preview: (from, count, maxLength) => call(remote.preview(from, count, maxLength)),
    estimate: (config) => call(remote.estimate(config)),
    train: (runId, config, onEvent) => call(remote.train(runId, config, proxy(onEvent))),
    pause: () => tell(remote.pause()),
    resume: () => tell(remote.resume()),
    stop: () => tell(remote.stop()),
    leave: () => tell(remote.leave()),
    skipEvaluation: () => tell(remote.skipEvaluation()),
    cancel: () => tell(remote.cancel()),
    adapterFiles: (runId) => call(remote.adapterFiles(runId)),
    restoreAdapter: (runId, files) => call(remote.restoreAdapter(runId, files)),
    forgetAdapter: (runId) => tell(remote.forgetAdapter(runId)),
    evaluate: (runId, training, onProgress) => call(remote.evaluate(runId, training, proxy(onProgress))),
    combine: (parts, type) => call(remote.combine(parts, type)),
    merge: (runId, form, name, onProgress) => call(remote.merge(runId, form, name, proxy(onProgress))),
    generate: (request, onText) => call(remote.generate(request, proxy(onText))),
    bench: (choice, onUpdate) => call(remote.bench(choice, proxy(onUpdate))),
    exactMatch: (runId, rows, maxLength, onProgress) => call(remote.exactMatch(runId, rows, maxLength, proxy(onProgress))),
  }
}
