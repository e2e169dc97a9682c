// A run for engines that train elsewhere, as one zip for the page.
import { FormatError, UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import { elsewhereFiles } from '../export/elsewhere/folder'
import type { Gpu } from '../gpu/gpu'
import { zipStream } from '../storage/zip'
import { prepareRun } from '../train/prepare-run'
import { rowsFingerprint } from '../train/rows-fingerprint'
import type { RunRequest } from '../train/run-request'
import type { ExportedRun, Progress } from './api'
import { blobOf, zipBytes } from './merged-file'

/** Where the scripts look for a base that is not in the zip: its folder is put beside them. */
const baseBeside = '../base'

/** @throws FormatError if the rows are not those that the run was trained on */
async function checkRows({ rows, training }: RunRequest, wanted: string): Promise<void> {
  const found = await rowsFingerprint(rows, training.maxLength)
  if (found === wanted) return
  const { name } = rows.dataset
  throw new FormatError(
    say`export: expected the rows of ${name} and the held-out rows that the run was trained with (fingerprint ${wanted.slice(0, 16)}), got others (fingerprint ${found.slice(0, 16)}). Open the same files.`,
  )
}

/**
 * @throws FormatError if the rows are not those of the run; UnsupportedError if no engine can train the run, or if the base is written into the
 * zip and makes it larger than 4 GiB
 */
export async function exportedRun(
  gpu: Gpu,
  request: RunRequest,
  { name, firstLoss, rowsFingerprint: wanted }: ExportedRun,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (p: Progress) => void },
): Promise<Blob> {
  onProgress({ phase: 'saving' })
  if (wanted !== undefined) await checkRows(request, wanted)
  const run = await prepareRun(gpu, request, { path: baseBeside, dtype: 'f32' }, firstLoss)
  signal.throwIfAborted()
  const files = elsewhereFiles(run)
  const sizeBytes = (run.written?.files ?? []).reduce((sum, file) => sum + file.sizeBytes, 0)
  if (sizeBytes > zipBytes)
    throw new UnsupportedError(
      say`The base of this run takes ${(sizeBytes / 2 ** 30).toFixed(1)} GiB as Python reads it; a zip takes at most 4 GiB. Export the run on the command line: tabtune export-run.`,
    )
  const streamed = files.map(({ path, ...file }) => ({
    path,
    async *chunks() {
      signal.throwIfAborted()
      if ('bytes' in file) yield file.bytes
      else yield* file.chunks()
    },
  }))
  return blobOf(zipStream(name, streamed), 'application/zip')
}
