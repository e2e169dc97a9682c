// Hands an adapter, or a model that was fetched, to the browser's downloads as a zip.
import { useCallback } from 'react'
import type { AdapterFiles } from '../config/run-reports'
import type { AdapterKind } from '../storage/run-store'
import { zipFiles } from '../storage/zip'
import type { Run } from '../store/run'
import { safeName } from '../store/safe-name'
import { saveFile } from './save-file'
import { useStudio } from './studio-context'

/** Downloads files as NAME.zip, in a folder of that name. */
export function saveZip(name: string, files: AdapterFiles['files']): void {
  saveFile(`${name}.zip`, new Blob([zipFiles(name, files)], { type: 'application/zip' }))
}

/** Downloads the adapter of a run; where it cannot be read, the page says why. */
export function useDownload(): (run: Run, kind?: AdapterKind) => Promise<void> {
  const studio = useStudio()
  return useCallback(
    async (run, kind = 'last') => {
      const adapter = await studio.adapters.of(run.id, kind)
      const name = safeName(run.name)
      if (adapter) saveZip(kind === 'best' ? `${name}-best` : name, adapter.files)
    },
    [studio],
  )
}
