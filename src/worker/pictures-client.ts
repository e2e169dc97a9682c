// The page's end of the workers that decode pictures.
// With ?worker&url the default export is the address of the bundled worker; the file itself has none.
// oxlint-disable-next-line import/default
import { type DoJob, createPicturePool } from './picture-pool'
import workerUrl from './pictures.worker.ts?worker&url'
import { startWorker } from './start-worker'

/** Does jobs with pictures in workers, which start when they are first needed. */
export const startPictures = (): DoJob => createPicturePool(() => startWorker(workerUrl, 'pictures')).run
