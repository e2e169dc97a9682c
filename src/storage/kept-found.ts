// Finds the copies that are in this browser again. A record that is lost or damaged is written again from the other one.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import { type KeptEntry, type Records, readAbout, writeAbout } from './kept-catalogue'
import { type KeptFile, baseName, damaged } from './kept-copy'
import type { KeptSpace } from './kept-space'

export interface Kept extends KeptEntry {
  lastUsedAt: number
}

export function gone(name: string): FormatError {
  return new FormatError(
    say`${name}: expected the copy in this browser, got nothing. It was deleted in another tab, or the browser has cleared its storage. Open the original again.`,
  )
}

/** The files of an entry. @throws FormatError if one is missing or has another size */
export function filesOf(space: KeptSpace, { id, files }: KeptEntry): Promise<KeptFile[]> {
  return Promise.all(
    files.map(async ({ path, sizeBytes, sums }, i) => {
      const file = await space.file(id, String(i))
      if (!file) throw gone(path)
      if (file.size !== sizeBytes) throw damaged(path)
      // The name in the browser's file system is a number. This does not copy the bytes.
      return { path, file: new File([file], baseName(path)), sums }
    }),
  )
}

/** The copy in a folder; undefined if it was not finished. @throws FormatError if it cannot be used */
export async function copyIn(space: KeptSpace, records: Records, id: string, recorded: Kept | undefined): Promise<Kept | undefined> {
  const about = await readAbout(space, id)
  if (about === 'missing' && !recorded) return undefined
  if (about === 'damaged' && !recorded)
    throw new FormatError(say`copy: expected its record, got other bytes. It cannot be used. Delete it, and open the original again.`)
  const entry = recorded ?? (typeof about === 'object' ? { ...about, lastUsedAt: about.keptAt } : undefined)
  if (!entry) return undefined
  await filesOf(space, entry)
  // A storage that is full refuses this. The other record is enough.
  if (!recorded) await records.put(entry, entry.lastUsedAt).catch(() => undefined)
  else if (typeof about === 'string') await writeAbout(space, entry).catch(() => undefined)
  return entry
}
