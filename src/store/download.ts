// Kept files out of the browser: a zip of an adapter's folder, or one of its files.
import { Zip, ZipPassThrough } from 'fflate'
import type { AdapterFiles } from '../worker/api'

/** A name that every system takes as a file: letters, digits, dot, underscore and hyphen, at most 64. */
export function safeName(name: string): string {
  const clean = name
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 64)
  return clean || 'adapter'
}

/** A zip with the files under one folder; stored, since weights do not compress. Throws what fflate throws. */
export function zipBlob(folder: string, files: AdapterFiles['files']): Blob {
  const parts: Uint8Array<ArrayBuffer>[] = []
  const zip = new Zip((error, chunk) => {
    if (error) throw error
    parts.push(chunk as Uint8Array<ArrayBuffer>)
  })
  for (const { path, bytes } of files) {
    const entry = new ZipPassThrough(`${folder}/${path}`)
    zip.add(entry)
    entry.push(bytes, true)
  }
  zip.end()
  return new Blob(parts, { type: 'application/zip' })
}
