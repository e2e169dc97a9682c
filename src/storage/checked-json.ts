// Plain data in a file with its checksum: a reader gets what was stored, or an error.
import { say } from '../config/phrase'
import { sha256Text } from '../config/sha256'
import { type Folder, withFile, withNewFile } from './folder'
import { DamagedError } from './storage-error'

/** The checksum of a line of JSON, then the line. */
async function written(value: unknown): Promise<Uint8Array<ArrayBuffer>> {
  const json = JSON.stringify(value)
  return new TextEncoder().encode(`${await sha256Text(json)}\n${json}`)
}

/** Stores plain data that JSON can hold, in place of what the file had. @throws FormatError if storage fails */
export async function writeCheckedJson(folder: Folder, name: string, value: unknown): Promise<void> {
  const bytes = await written(value)
  await withNewFile(folder, name, async (file) => {
    await file.truncate(bytes.byteLength)
    await file.write(0, bytes)
    await file.flush()
  })
}

/** What was stored; undefined if there is no such file. @throws DamagedError if it is not as it was written */
export async function readCheckedJson(folder: Folder, name: string): Promise<unknown> {
  const bytes = await withFile(folder, name, async (file) => file.read(0, await file.size()))
  if (!bytes) return undefined
  const text = new TextDecoder().decode(bytes)
  const json = text.slice(text.indexOf('\n') + 1)
  if ((await sha256Text(json)) !== text.slice(0, text.indexOf('\n')))
    throw new DamagedError(say`${name}: expected the bytes that were kept, got others. The storage is damaged.`)
  return JSON.parse(json)
}
