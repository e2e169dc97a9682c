// Kept folders in memory, whose storage can fail at any operation, as disks and browsers do.
import { joinedBytes } from '../config/joined-bytes'
import type { KeptSpace } from '../storage/kept-space'
import { Operations } from './memory-folder'

/** Folders of files by their names; another space over the same folders finds them as this one left them. */
export type SpaceFolders = Map<string, Map<string, Uint8Array<ArrayBuffer>>>

export function memorySpace(folders: SpaceFolders = new Map(), operations = new Operations()): KeptSpace {
  return {
    folders: () => operations.plain('kept files', () => [...folders.keys()]),
    file: (folder, name) =>
      operations.plain(name, () => {
        const bytes = folders.get(folder)?.get(name)
        return bytes && new File([bytes], name)
      }),
    write: (folder, name, what) =>
      operations.plain(what, () => {
        const files = folders.get(folder) ?? new Map<string, Uint8Array<ArrayBuffer>>()
        folders.set(folder, files)
        if (!files.has(name)) files.set(name, new Uint8Array(0))
        const parts: Uint8Array<ArrayBuffer>[] = []
        return {
          write: (bytes) => operations.write(what, (share) => void parts.push(bytes.slice(0, Math.floor(bytes.length * share)))),
          close: () =>
            operations.write(what, (share) => {
              if (share < 1) return
              files.set(name, joinedBytes(parts))
            }),
          abort: () => operations.plain(what, () => undefined),
        }
      }),
    remove: (folder) => operations.plain('kept files', () => void folders.delete(folder)),
  }
}
