// A merged model as one file for the page: chunks go into blobs as they are made, so that the browser may put them on disk.
import { UnsupportedError } from '../config/errors'
import { ggufMixOf } from '../config/run-reports'
import { say } from '../config/phrase'
import { zipStream } from '../storage/zip'
import type { Gpu } from '../gpu/gpu'
import type { Adapter } from '../peft/method'
import { mergedFiles } from '../export/merged-files'
import type { LoadedModel } from '../peft/loaded-model'
import type { MergeForm, Progress } from './api'

const partBytes = 16 * 2 ** 20
/** A zip of the plain kind counts bytes in 32 bits. */
export const zipBytes = 2 ** 32 - 2 ** 20

/** All chunks as one Blob. About one part of it is in memory at a time. */
export async function blobOf(chunks: AsyncIterable<Uint8Array<ArrayBuffer>>, type: string): Promise<Blob> {
  const parts: Blob[] = []
  let open: Uint8Array<ArrayBuffer>[] = []
  let size = 0
  for await (const chunk of chunks) {
    open.push(chunk)
    size += chunk.byteLength
    if (size < partBytes) continue
    parts.push(new Blob(open))
    open = []
    size = 0
  }
  return new Blob([...parts, ...open], { type })
}

/** The base with `adapter` merged in. @throws UnsupportedError for methods and bases that do not merge, and for folders beyond 4 GiB */
export async function mergedFile(
  gpu: Gpu,
  model: LoadedModel,
  adapter: Adapter,
  form: MergeForm,
  name: string,
  watch: { signal: AbortSignal; onProgress: (p: Progress) => void },
): Promise<Blob> {
  const onTensor = (fraction: number): void => {
    watch.signal.throwIfAborted()
    watch.onProgress({ phase: 'merging', fraction })
  }
  onTensor(0)
  const files = await mergedFiles(gpu, model, adapter, form, onTensor)
  if (ggufMixOf(form)) return blobOf(files[0].chunks(), 'application/octet-stream')
  const sizeBytes = files.reduce((sum, f) => sum + f.sizeBytes, 0)
  if (sizeBytes > zipBytes)
    throw new UnsupportedError(
      say`The merged model takes ${(sizeBytes / 2 ** 30).toFixed(1)} GiB; a zip takes at most 4 GiB. Choose 16 bits or GGUF, or merge on the command line.`,
    )
  return blobOf(zipStream(name, files), 'application/zip')
}
