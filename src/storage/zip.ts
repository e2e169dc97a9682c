// Files as one zip, for downloads.
import { Zip, ZipPassThrough, type Zippable, zipSync } from 'fflate'
import type { AdapterFiles } from '../config/run-reports'

/** A zip of `files` inside the folder `folder`. Weights are stored uncompressed, because they do not compress well. */
export function zipFiles(folder: string, files: AdapterFiles['files']): Uint8Array<ArrayBuffer> {
  const entries: Zippable = {}
  for (const { path, bytes } of files) entries[`${folder}/${path}`] = [bytes, { level: /\.(safetensors|gguf)$/.test(path) ? 0 : 6 }]
  return zipSync(entries)
}

/** A zip of files that are made while they are read, stored uncompressed. The caller checks names and sizes (4 GiB at most). */
export async function* zipStream(
  folder: string,
  files: readonly { path: string; chunks(): AsyncIterable<Uint8Array<ArrayBuffer>> }[],
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let made: Uint8Array<ArrayBuffer>[] = []
  const zip = new Zip((error, chunk) => {
    if (error) throw error
    made.push(chunk)
  })
  function* taken(): Generator<Uint8Array<ArrayBuffer>> {
    yield* made
    made = []
  }
  for (const { path, chunks } of files) {
    const entry = new ZipPassThrough(`${folder}/${path}`)
    zip.add(entry)
    for await (const chunk of chunks()) {
      entry.push(chunk)
      yield* taken()
    }
    entry.push(new Uint8Array(0), true)
    yield* taken()
  }
  zip.end()
  yield* taken()
}
