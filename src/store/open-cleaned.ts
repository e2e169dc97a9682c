// From the workbench to training, and the sample that shows what the workbench does.
import type { Loading } from './loading'
import type { WorkbenchSlice } from './workbench-store'
import { phraseOf } from '../config/errors'

interface Parts {
  workbench: WorkbenchSlice
  loading: Loading
  fetchDemoFile(path: string): Promise<File>
}

export function createOpenCleaned({ workbench, loading, fetchDemoFile }: Parts) {
  return {
    /** Opens the cleaned rows as the data for training. Returns whether there are any; it does not wait until they are read. */
    async openCleaned(): Promise<boolean> {
      const found = await workbench.cleaned()
      if (found) void loading.openData(found.train, found.evaluation, found.made)
      return found !== undefined
    },
    /** Opens rows with typical faults. */
    async openSample(): Promise<void> {
      try {
        const file = await fetchDemoFile('messy.jsonl')
        await workbench.add([{ path: file.name, file }])
      } catch (error) {
        workbench.fail(phraseOf(error))
      }
    },
  }
}
