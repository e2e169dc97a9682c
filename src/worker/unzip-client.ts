// The page's end of the worker that unzips: one for each zip, ended with its answer.
import { Cancelled, DeviceError, TabTuneError } from '../config/errors'
import { say } from '../config/phrase'
import type { UnzipReply, UnzipRequest, UnzippedFile } from '../storage/unzip'
// With ?worker&url the default export is the address of the bundled worker; the file itself has none.
// oxlint-disable-next-line import/default
import workerUrl from '../storage/unzip.worker.ts?worker&url'
import { failureOf, startWorker } from './start-worker'

/**
 * The files in a zip, read off the page's thread; `signal` ends the worker. @throws FormatError where it cannot be read, or should not be;
 * Cancelled
 */
export function unzipInWorker(name: string, blob: Blob, all = false, signal?: AbortSignal): Promise<UnzippedFile[]> {
  if (signal?.aborted) return Promise.reject(new Cancelled())
  const worker = startWorker(workerUrl, 'unzip')
  const answer = new Promise<UnzippedFile[]>((resolve, reject) => {
    signal?.addEventListener('abort', () => reject(new Cancelled()), { once: true })
    worker.addEventListener('message', ({ data }: MessageEvent<UnzipReply>) => {
      if (data.ok) resolve(data.files)
      else reject(new TabTuneError(data.error.kind, data.error.phrase))
    })
    worker.addEventListener('error', (event) => {
      reject(
        new DeviceError(say`${name}: the worker that unzips it failed: ${failureOf(event)}. Reload the page, and drop the file again.`),
      )
    })
    const request: UnzipRequest = { name, blob, all }
    worker.postMessage(request)
  })
  return answer.finally(() => worker.terminate())
}
