// Files as one zip, for downloads.
import { type Zippable, zipSync } from 'fflate'
import type { AdapterFiles } from '../config/run-reports'

/** A zip of `files` inside the folder `folder`. Weights are stored as they are, since they do not compress. */
export function zipFiles(folder: string, files: AdapterFiles['files']): Uint8Array<ArrayBuffer> {
  const entries: Zippable = {}
  for (const { path, bytes } of files) entries[`${folder}/${path}`] = [bytes, { level: /\.(safetensors|gguf)$/.test(path) ? 0 : 6 }]
  return zipSync(entries)
}
