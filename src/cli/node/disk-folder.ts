// A folder on the disk as the storage room's Folder.
import { type FileHandle, mkdir, open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Folder, type FolderFile, checkFileName } from '../../storage/folder'
import { stored, tooShort } from '../../storage/storage-error'

const missing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT'

function openedFile(path: string, handle: FileHandle): FolderFile {
  return {
    size: () => stored(path, async () => (await handle.stat()).size),
    read: (at, sizeBytes) =>
      stored(path, async () => {
        const bytes = new Uint8Array(sizeBytes)
        for (let done = 0; done < sizeBytes;) {
          const { bytesRead } = await handle.read(bytes, done, sizeBytes - done, at + done)
          if (!bytesRead) throw tooShort(path, at + sizeBytes, at + done)
          done += bytesRead
        }
        return bytes
      }),
    write: (at, bytes) =>
      stored(path, async () => {
        for (let done = 0; done < bytes.byteLength;)
          done += (await handle.write(bytes, done, bytes.byteLength - done, at + done)).bytesWritten
      }),
    truncate: (sizeBytes) => stored(path, () => handle.truncate(sizeBytes)),
    flush: () => stored(path, () => handle.sync()),
    close: () => stored(path, () => handle.close()),
  }
}

/** The files directly in the folder at `path`, which is created when its first file is. */
export function diskFolder(path: string): Folder {
  const at = (name: string): string => join(path, checkFileName(name))

  async function opened(name: string, create: boolean): Promise<FolderFile | undefined> {
    try {
      return openedFile(at(name), await open(at(name), 'r+'))
    } catch (error) {
      if (!missing(error)) throw error
      if (!create) return undefined
      await mkdir(path, { recursive: true })
      return openedFile(at(name), await open(at(name), 'w+'))
    }
  }

  return {
    names: () =>
      stored(path, async () => {
        try {
          return (await readdir(path, { withFileTypes: true })).flatMap((entry) => (entry.isFile() ? [entry.name] : []))
        } catch (error) {
          if (missing(error)) return []
          throw error
        }
      }),
    open: (name, create = false) => stored(name, () => opened(name, create)),
    remove: (name) => stored(name, () => rm(at(name), { force: true })),
  }
}
