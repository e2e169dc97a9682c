// The page's end of the workbench's worker.
import { workbenchIn } from './workbench-in-worker'
// With ?worker&url the default export is the address of the bundled worker; the file itself has none.
// oxlint-disable-next-line import/default
import workerUrl from './workbench.worker.ts?worker&url'
import { startWorker } from './start-worker'
import type { WorkbenchApi } from './workbench-api'

/** The workbench in its worker, which starts when it is first needed. */
export const startWorkbench = (): WorkbenchApi => workbenchIn(() => startWorker(workerUrl, 'workbench'))
