// The page's end of the worker that unzips: one for each zip, ended with its answer.
import { DeviceError, TabTuneError } from '../config/errors'
import { say } from '../config/phrase'
import type { UnzipReply, UnzipRequest, UnzippedFile } from '../storage/unzip'
// With ?worker&url the default export is the address of the bundled worker; the file itself has none.
// oxlint-disable-next-line import/default
import workerUrl from '../storage/unzip.worker.ts?worker&url'
import { failureOf, startWorker } from './start-worker'

/** The files in a zip, read off the page's thread. @throws FormatError where it cannot be read, or should not be */
export function unzipInWorker(name: string, blob: Blob, all = false): Promise<UnzippedFile[]> {
  const worker = startWorker(workerUrl, 'unzip')
  const answer = new Promise<UnzippedFile[]>((resolve, reject) => {
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
