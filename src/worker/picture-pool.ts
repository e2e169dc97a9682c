// A few workers that decode pictures, started when they are first needed. Each does one job at a time, so at most that many pictures are
// decoded at once, and what is no longer wanted is taken out of the queue.
import { Cancelled, DeviceError, TabTuneError } from '../config/errors'
import { say } from '../config/phrase'
import type { JobKind, JobReply, JobRequest, Jobs } from '../pictures/jobs'
import { failureOf } from './start-worker'

/** The part of a Worker that is used here. */
type PictureWorker = Pick<Worker, 'postMessage' | 'terminate' | 'addEventListener'>

interface Waiting {
  request: JobRequest
  signal?: AbortSignal
  resolve(value: Jobs[JobKind]['out']): void
  reject(error: unknown): void
}

interface Place {
  worker: PictureWorker
  job?: Waiting
}

/** Does a job in a worker. Jobs with `first` come before those that wait. @throws what the job throws; Cancelled */
export type DoJob = <Kind extends JobKind>(
  kind: Kind,
  input: Jobs[Kind]['in'],
  options?: { signal?: AbortSignal; first?: boolean },
) => Promise<Jobs[Kind]['out']>

/** Where there are no workers. */
export const noDecoder: DoJob = () =>
  Promise.reject(new DeviceError(say`Pictures are decoded in workers, and this browser offers none. Reload the page.`))

/** Most workers. A picture of 12 million pixels takes about 100 MB while it is decoded. */
const mostWorkers = 3

const usualWorkers = (): number => Math.max(1, Math.min(mostWorkers, (globalThis.navigator?.hardwareConcurrency ?? 2) - 1))

export function createPicturePool(createWorker: () => PictureWorker, most = usualWorkers()): { run: DoJob; end(): void } {
  const places: Place[] = []
  const waiting: Waiting[] = []
  let ids = 0

  function start(): Place {
    const place: Place = { worker: createWorker() }
    place.worker.addEventListener('message', (event) => {
      const { job } = place
      const reply = (event as MessageEvent<JobReply>).data
      if (job?.request.id !== reply.id) return
      place.job = undefined
      if ('value' in reply) job.resolve(reply.value)
      else job.reject(new TabTuneError(reply.error.kind, reply.error.phrase, reply.error.settings))
      next()
    })
    place.worker.addEventListener('error', (event) => {
      places.splice(places.indexOf(place), 1)
      place.worker.terminate()
      place.job?.reject(new DeviceError(say`The worker that decodes pictures failed: ${failureOf(event)}. Reload the page.`))
      next()
    })
    places.push(place)
    return place
  }

  function next(): void {
    while (waiting.length) {
      const place = places.find(({ job }) => !job) ?? (places.length < most ? start() : undefined)
      if (!place) return
      const job = waiting.shift()!
      if (job.signal?.aborted) {
        job.reject(new Cancelled())
        continue
      }
      place.job = job
      place.worker.postMessage(job.request)
    }
  }

  return {
    run: <Kind extends JobKind>(kind: Kind, input: Jobs[Kind]['in'], options: { signal?: AbortSignal; first?: boolean } = {}) =>
      new Promise<Jobs[Kind]['out']>((resolve, reject) => {
        const request = { kind, id: ++ids, input } as JobRequest
        const job: Waiting = { request, signal: options.signal, resolve: (value) => resolve(value as Jobs[Kind]['out']), reject }
        if (options.first) waiting.unshift(job)
        else waiting.push(job)
        next()
      }),
    /** Ends all workers and jobs. */
    end() {
      for (const { worker, job } of places.splice(0)) {
        worker.terminate()
        job?.reject(new Cancelled())
      }
      for (const { reject } of waiting.splice(0)) reject(new Cancelled())
    },
  }
}

/** Does `work` on all of `count` items, as many at once as there are workers. @throws the first error of `work` */
export async function eachAtOnce(count: number, work: (index: number) => Promise<void>, atOnce = mostWorkers): Promise<void> {
  let at = 0
  const lane = async (): Promise<void> => {
    while (at < count) await work(at++)
  }
  await Promise.all(Array.from({ length: Math.min(count, atOnce) }, lane))
}
