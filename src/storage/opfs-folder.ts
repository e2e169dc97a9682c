// Folders in the browser's own file system (OPFS). Only a worker has the handles that write in place and flush.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import { type Folder, type FolderFile, checkFileName } from './folder'
import { stored, tooShort } from './storage-error'

/** The part of FileSystemSyncAccessHandle that is used; the page's types do not have it. */
interface SyncHandle {
  getSize(): number
  read(bytes: Uint8Array<ArrayBuffer>, options: { at: number }): number
  write(bytes: Uint8Array<ArrayBuffer>, options: { at: number }): number
  truncate(sizeBytes: number): void
  flush(): void
  close(): void
}
interface SyncFile {
  createSyncAccessHandle(): Promise<SyncHandle>
}

/** How long to wait for a file that another tab uses, or whose handle lingers after a reload. */
const patienceMs = 5000
const pauseMs = 50

const named = (error: unknown, name: string): boolean => error instanceof DOMException && error.name === name

/** Repeats `work` while a handle that was not given back keeps it from succeeding. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  const end = Date.now() + patienceMs
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!named(error, 'NoModificationAllowedError') || Date.now() > end) throw error
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
}

/** Waits for the lock of a file. Returns the function that gives it back. */
function lock(locks: LockManager | undefined, path: string): Promise<() => void> {
  if (!locks) return Promise.resolve(() => undefined)
  return new Promise((resolve, reject) => {
    const held = new Promise<void>((release) => {
      locks
        .request(`tabtune-file/${path}`, { signal: AbortSignal.timeout(patienceMs) }, () => {
          resolve(release)
          return held
        })
        .catch(() => reject(new FormatError(say`${path}: expected a free file, got one that another tab uses. Close the other tab.`)))
    })
  })
}

function openedFile(path: string, handle: SyncHandle, release: () => void): FolderFile {
  return {
    size: () => stored(path, () => handle.getSize()),
    read: (at, sizeBytes) =>
      stored(path, () => {
        const bytes = new Uint8Array(sizeBytes)
        const got = handle.read(bytes, { at })
        if (got !== sizeBytes) throw tooShort(path, at + sizeBytes, at + got)
        return bytes
      }),
    write: (at, bytes) =>
      stored(path, () => {
        for (let done = 0; done < bytes.byteLength;) {
          const written = handle.write(bytes.subarray(done), { at: at + done })
          if (written <= 0) throw new DOMException('nothing was written', 'QuotaExceededError')
          done += written
        }
      }),
    truncate: (sizeBytes) => stored(path, () => handle.truncate(sizeBytes)),
    flush: () => stored(path, () => handle.flush()),
    async close() {
      try {
        handle.close()
      } finally {
        release()
      }
    },
  }
}

function folderAt(folder: FileSystemDirectoryHandle, path: string): Folder {
  const at = (name: string): string => `${path}/${name}`

  /** The lock first, then the handle: a lock that outlives its handle would never be given back. */
  async function opened(name: string, create: boolean): Promise<FolderFile | undefined> {
    const release = await lock(navigator.locks, at(name))
    try {
      const file = await folder.getFileHandle(name, { create })
      if (!('createSyncAccessHandle' in file)) throw new DOMException('files can be written in a worker only', 'NotSupportedError')
      const syncFile = file as FileSystemFileHandle & SyncFile
      return openedFile(at(name), await patiently(() => syncFile.createSyncAccessHandle()), release)
    } catch (error) {
      release()
      if (!create && named(error, 'NotFoundError')) return undefined
      throw error
    }
  }

  async function removed(name: string): Promise<void> {
    const release = await lock(navigator.locks, at(name))
    try {
      await patiently(() => folder.removeEntry(name))
    } catch (error) {
      if (!named(error, 'NotFoundError')) throw error
    } finally {
      release()
    }
  }

  return {
    names: () =>
      stored(path, async () => {
        const names: string[] = []
        for await (const [name, { kind }] of folder.entries()) if (kind === 'file') names.push(name)
        return names
      }),
    open: (name, create = false) => stored(at(name), () => opened(checkFileName(name), create)),
    remove: (name) => stored(at(name), () => removed(checkFileName(name))),
  }
}

/** The folder at a path in this browser's own file system, created if it is not there. @throws FormatError where the browser has none */
export function opfsFolder(...path: readonly string[]): Promise<Folder> {
  return stored(path.join('/'), async () => {
    let folder = await navigator.storage.getDirectory()
    for (const name of path) folder = await folder.getDirectoryHandle(checkFileName(name), { create: true })
    return folderAt(folder, path.join('/'))
  })
}
