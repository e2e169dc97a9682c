// The page's end of the worker that judges answers: one for each set of answers, ended with its answer.
import { Cancelled, errorReport } from '../config/errors'
import { say } from '../config/phrase'
import type { ColumnsToScore, ScoredColumns } from '../scores/score-columns'
import type { Result } from './api'
// With ?worker&url the default export is the address of the bundled worker; the file itself has none.
// oxlint-disable-next-line import/default
import workerUrl from './scores.worker.ts?worker&url'
import { failureOf, startWorker } from './start-worker'

export type ScoreAnswers = (request: ColumnsToScore, signal?: AbortSignal) => Promise<Result<ScoredColumns>>

export const scoreInWorker: ScoreAnswers = (request, signal) => {
  const worker = startWorker(workerUrl, 'scores')
  const answer = new Promise<Result<ScoredColumns>>((resolve) => {
    worker.addEventListener('message', ({ data }: MessageEvent<Result<ScoredColumns>>) => resolve(data))
    worker.addEventListener('error', (event) => {
      const phrase = say`The worker that judges the answers failed: ${failureOf(event)}. Try again with fewer rows.`
      resolve({ ok: false, error: { kind: 'DeviceError', phrase } })
    })
    signal?.addEventListener('abort', () => resolve({ ok: false, error: errorReport(new Cancelled()) }))
    worker.postMessage(request)
  })
  return answer.finally(() => worker.terminate())
}
