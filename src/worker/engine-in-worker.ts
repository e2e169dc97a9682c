// The engine in a worker as an EngineApi whose calls always come back with a Result, also when the worker hangs.
import { type Remote, proxy, wrap } from 'comlink'
import { type ErrorReport, phraseOf } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import type { DeviceNews, EngineApi, Result } from './api'
import { failureOf } from './start-worker'

type Failure = Extract<Result<never>, { ok: false }>

/** The part of a Worker that is used here. */
type EngineWorker = Pick<Worker, 'postMessage' | 'terminate' | 'addEventListener' | 'removeEventListener'>

/** How long a worker may take to answer a request to cancel or to stop. Planning a run takes seconds, in which it answers nothing. */
const graceMs = { cancel: 5000, stop: 30_000 }

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

/** One worker, and the failure that ends all its current calls. */
class Host {
  readonly remote: Remote<EngineApi>
  private alive = false
  private broken = deferred()

  constructor(private readonly worker: EngineWorker) {
    this.remote = wrap<EngineApi>(worker)
    worker.addEventListener('error', (event) => {
      this.broken.resolve(failure(say`The engine’s worker failed: ${failureOf(event)}. Reload the page. Saved runs are safe.`))
      // A worker that has answered before may continue after an error: the current calls end here, later calls try again.
      if (this.alive) this.broken = deferred()
    })
  }

  async call<T>(answer: Promise<Result<T>>): Promise<Result<T>> {
    try {
      const result = await Promise.race([answer, this.broken.promise])
      this.alive ||= result.ok
      return result
    } catch (error) {
      return failure(say`The engine failed: ${phraseOf(error)}. Reload the page. Saved runs are safe.`)
    }
  }

  async tell(answer: Promise<void>): Promise<void> {
    await Promise.race([answer.catch(() => undefined), this.broken.promise])
  }

  /** Ends the worker, and every call with `error`. */
  end(error: ErrorReport): void {
    this.worker.terminate()
    this.broken.resolve({ ok: false, error })
  }
}

/** The worker in use. A worker that no longer answers is replaced by a new one. */
class Hosts {
  private current: Host
  private onNews: ((news: DeviceNews) => void) | undefined

  constructor(private readonly create: () => EngineWorker) {
    this.current = new Host(create())
  }

  call<T>(ask: (remote: Remote<EngineApi>) => Promise<Result<T>>): Promise<Result<T>> {
    return this.current.call(ask(this.current.remote))
  }

  tell(ask: (remote: Remote<EngineApi>) => Promise<void>): Promise<void> {
    return this.current.tell(ask(this.current.remote))
  }

  watch(onNews: (news: DeviceNews) => void): Promise<void> {
    this.onNews = onNews
    return this.tell((remote) => remote.watch(proxy(onNews)))
  }

  /** Asks, and replaces the worker if it does not answer within `ms`. */
  async tellWithin(ms: number, ask: (remote: Remote<EngineApi>) => Promise<void>): Promise<void> {
    const asked = this.current
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), ms)
    })
    const answer = await Promise.race([this.tell(ask), late])
    clearTimeout(timer)
    if (answer === 'late' && asked === this.current) await this.replace(ms)
  }

  private async replace(ms: number): Promise<void> {
    const error: ErrorReport = {
      kind: 'DeviceError',
      phrase: say`The engine did not answer for ${ms / 1000} seconds, so it was started again. The model and the data are no longer loaded, and the steps since the last snapshot are lost. Saved runs are safe. Open the model again.`,
    }
    this.current.end(error)
    this.current = new Host(this.create())
    const { onNews } = this
    if (!onNews) return
    void this.watch(onNews)
    const device = await this.call((remote) => remote.device())
    onNews(device.ok ? { type: 'dropped', report: device.value, error } : { type: 'gone', error: device.error })
  }
}

/** An engine in a worker that `create` makes. If it cannot start, every call returns an error. If it fails later, the current calls do. */
export function engineIn(create: () => EngineWorker, grace = graceMs): EngineApi {
  const hosts = new Hosts(create)
  return {
    watch: (onNews) => hosts.watch(onNews),
    device: () => hosts.call((remote) => remote.device()),
    methods: () => hosts.call((remote) => remote.methods()),
    methodFields: () => hosts.call((remote) => remote.methodFields()),
    loadModel: (files, base, onProgress) => hosts.call((remote) => remote.loadModel(files, base, proxy(onProgress))),
    checkBase: (onProgress) => hosts.call((remote) => remote.checkBase(proxy(onProgress))),
    loadData: (file, evalFile, options, maxLength, onProgress) =>
      hosts.call((remote) => remote.loadData(file, evalFile, options, maxLength, proxy(onProgress))),
    cutData: (maxLength) => hosts.call((remote) => remote.cutData(maxLength)),
    mapRows: (file, options) => hosts.call((remote) => remote.mapRows(file, options)),
    preview: (from, count, maxLength) => hosts.call((remote) => remote.preview(from, count, maxLength)),
    estimate: (config) => hosts.call((remote) => remote.estimate(config)),
    waysToFit: (config, refused) => hosts.call((remote) => remote.waysToFit(config, refused)),
    measureRun: (config, sizes, onUpdate) => hosts.call((remote) => remote.measureRun(config, sizes, proxy(onUpdate))),
    tryPrecisions: (config, onUpdate) => hosts.call((remote) => remote.tryPrecisions(config, proxy(onUpdate))),
    rateSweep: (config, onUpdate) => hosts.call((remote) => remote.rateSweep(config, proxy(onUpdate))),
    train: (runId, config, onEvent, keeping) => hosts.call((remote) => remote.train(runId, config, proxy(onEvent), keeping)),
    pause: () => hosts.tell((remote) => remote.pause()),
    resume: () => hosts.tell((remote) => remote.resume()),
    stop: () => hosts.tellWithin(grace.stop, (remote) => remote.stop()),
    leave: () => hosts.tellWithin(grace.stop, (remote) => remote.leave()),
    skipEvaluation: () => hosts.tell((remote) => remote.skipEvaluation()),
    cancel: () => hosts.tellWithin(grace.cancel, (remote) => remote.cancel()),
    adapterFiles: (runId, kind) => hosts.call((remote) => remote.adapterFiles(runId, kind)),
    adapterOfSnapshot: (runId) => hosts.call((remote) => remote.adapterOfSnapshot(runId)),
    restoreAdapter: (runId, files) => hosts.call((remote) => remote.restoreAdapter(runId, files)),
    forgetAdapter: (runId) => hosts.tell((remote) => remote.forgetAdapter(runId)),
    keepRecord: (runId, record, changedAt) => hosts.call((remote) => remote.keepRecord(runId, record, changedAt)),
    snapshots: (runIds) => hosts.call((remote) => remote.snapshots(runIds)),
    besideRuns: (known) => hosts.call((remote) => remote.besideRuns(known)),
    forgetKept: (runId, what) => hosts.call((remote) => remote.forgetKept(runId, what)),
    evaluate: (runId, training, onProgress) => hosts.call((remote) => remote.evaluate(runId, training, proxy(onProgress))),
    evaluateFile: (runId, file, options, training, onProgress) =>
      hosts.call((remote) => remote.evaluateFile(runId, file, options, training, proxy(onProgress))),
    rowMap: (file, options, maxLength, onProgress) => hosts.call((remote) => remote.rowMap(file, options, maxLength, proxy(onProgress))),
    nearWords: (runId) => hosts.call((remote) => remote.nearWords(runId)),
    pictureInEpochs: (...args) => hosts.call((remote) => remote.pictureInEpochs(...args)),
    pictureAttention: (...args) => hosts.call((remote) => remote.pictureAttention(...args)),
    sortPictures: (request, onProgress) => hosts.call((remote) => remote.sortPictures(request, proxy(onProgress))),
    combine: (parts, type) => hosts.call((remote) => remote.combine(parts, type)),
    exportAdapter: (runId, target, dtype) => hosts.call((remote) => remote.exportAdapter(runId, target, dtype)),
    exportRun: (config, about, onProgress) => hosts.call((remote) => remote.exportRun(config, about, proxy(onProgress))),
    merge: (runId, form, name, onProgress) => hosts.call((remote) => remote.merge(runId, form, name, proxy(onProgress))),
    heldOutRow: (at, maxLength) => hosts.call((remote) => remote.heldOutRow(at, maxLength)),
    promptLengths: (request) => hosts.call((remote) => remote.promptLengths(request)),
    generate: (request, onText) => hosts.call((remote) => remote.generate(request, proxy(onText))),
    bench: (choice, onUpdate) => hosts.call((remote) => remote.bench(choice, proxy(onUpdate))),
    answerRows: (request, onAnswered) => hosts.call((remote) => remote.answerRows(request, proxy(onAnswered))),
    exactMatch: (runId, rows, maxLength, onProgress) =>
      hosts.call((remote) => remote.exactMatch(runId, rows, maxLength, proxy(onProgress))),
  }
}
