// The workbench in a worker as a WorkbenchApi whose calls always come back. A worker that does not answer is ended; the next one reads
// the files again and takes the steps again.
import { type Remote, proxy, wrap } from 'comlink'
import { Cancelled, type ErrorReport, errorReport, phraseOf } from '../config/errors'
import { say } from '../config/phrase'
import type { RecipeStep } from '../config/recipe'
import type { Result } from './api'
import { failureOf } from './start-worker'
import type { WorkFile, WorkbenchApi } from './workbench-api'

type BenchWorker = Pick<Worker, 'postMessage' | 'terminate' | 'addEventListener' | 'removeEventListener'>
type Failure = Extract<Result<never>, { ok: false }>

/** How long the worker may take to answer a request to cancel. */
const graceMs = 2000

/** One worker, and the failure that ends its current calls. */
class Host {
  readonly remote: Remote<WorkbenchApi>
  /** Reads the files of the worker before; undefined while this worker does not have them. */
  restored: Promise<Result<unknown>> | undefined
  private readonly ended: Promise<Failure>
  private end: (failure: Failure) => void = () => undefined

  constructor(
    private readonly worker: BenchWorker,
    onFailed: () => void,
  ) {
    this.remote = wrap<WorkbenchApi>(worker)
    this.ended = new Promise((resolve) => (this.end = resolve))
    worker.addEventListener('error', (event) => {
      onFailed()
      const phrase = say`The worker that holds the rows failed: ${failureOf(event)}. Try again with fewer rows.`
      this.stop({ kind: 'DeviceError', phrase })
    })
  }

  async call<T>(answer: Promise<Result<T>>): Promise<Result<T>> {
    try {
      return await Promise.race([answer, this.ended])
    } catch (error) {
      return { ok: false, error: { kind: 'Error', phrase: phraseOf(error) } }
    }
  }

  /** Ends the worker, and every call with `error`. */
  stop(error: ErrorReport): void {
    this.worker.terminate()
    this.end({ ok: false, error })
  }
}

export function workbenchIn(create: () => BenchWorker, grace = graceMs): WorkbenchApi {
  let host: Host | undefined
  /** What a new worker has to do to be where the old one was. */
  let files: readonly WorkFile[] = []
  let steps: readonly RecipeStep[] = []

  function started(): Host {
    if (host) return host
    const made: Host = new Host(create(), () => {
      if (host === made) host = undefined
    })
    host = made
    return made
  }

  async function readAgain(made: Host): Promise<Result<unknown>> {
    const silent = proxy(() => undefined)
    const opened = await made.call(made.remote.open(files, silent))
    return opened.ok ? made.call(made.remote.apply(steps, silent)) : opened
  }

  /** Resolves when the worker holds the files and the steps. What fails or is cancelled is done again for the next question. */
  async function restored(made: Host): Promise<Result<unknown>> {
    if (files.length === 0) return { ok: true, value: undefined }
    const restoring = (made.restored ??= readAgain(made))
    const result = await restoring
    if (!result.ok && made.restored === restoring) made.restored = undefined
    return result
  }

  /** Asks a worker that holds the rows. */
  async function ask<T>(question: (remote: Remote<WorkbenchApi>) => Promise<Result<T>>): Promise<Result<T>> {
    const host = started()
    const ready = await restored(host)
    return ready.ok ? host.call(question(host.remote)) : ready
  }

  return {
    async open(wanted, onProgress) {
      const host = started()
      await host.restored
      const opened = await host.call(host.remote.open(wanted, proxy(onProgress)))
      if (!opened.ok) return opened
      files = wanted
      host.restored = Promise.resolve(opened)
      return opened
    },
    async apply(wanted, onProgress) {
      const applied = await ask((remote) => remote.apply(wanted, proxy(onProgress)))
      if (applied.ok) steps = wanted
      return applied
    },
    look: (query, from, count) => ask((remote) => remote.look(query, from, count)),
    toLabel: (query, from, count) => ask((remote) => remote.toLabel(query, from, count)),
    toRewrite: (query, from, count) => ask((remote) => remote.toRewrite(query, from, count)),
    sample: (count, seed) => ask((remote) => remote.sample(count, seed)),
    mixed: (given, how) => ask((remote) => remote.mixed(given, how)),
    cleaned: (part, zipped) => ask((remote) => remote.cleaned(part, zipped)),
    async cancel() {
      const asked = host
      if (!asked) return
      let timer: ReturnType<typeof setTimeout> | undefined
      const late = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), grace)))
      const answer = await Promise.race([asked.remote.cancel(), late])
      clearTimeout(timer)
      if (answer !== 'late') return
      if (host === asked) host = undefined
      asked.stop(errorReport(new Cancelled()))
    },
  }
}
