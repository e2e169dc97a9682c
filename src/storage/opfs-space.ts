// Kept folders in the browser's own file system (OPFS), below the folder `kept`.
import { say } from '../config/phrase'
import type { KeptSpace } from './kept-space'
import { stored } from './storage-error'

const isGone = (error: unknown): boolean => error instanceof DOMException && error.name === 'NotFoundError'

async function ifThere<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (isGone(error)) return undefined
    throw error
  }
}

/** Undefined where the browser cannot write files from the page. */
export function opfsSpace(): KeptSpace | undefined {
  if (typeof FileSystemFileHandle === 'undefined' || !('createWritable' in FileSystemFileHandle.prototype)) return undefined
  const root = async (): Promise<FileSystemDirectoryHandle> =>
    (await navigator.storage.getDirectory()).getDirectoryHandle('kept', { create: true })
  return {
    folders: () =>
      stored(say`kept files`, async () => {
        const names: string[] = []
        for await (const [name, handle] of (await root()).entries()) if (handle.kind === 'directory') names.push(name)
        return names
      }),
    file: (folder, name) =>
      stored(name, async () => {
        const found = await ifThere((await root()).getDirectoryHandle(folder))
        const handle = found && (await ifThere(found.getFileHandle(name)))
        return handle?.getFile()
      }),
    write: (folder, name, what) =>
      stored(what, async () => {
        const handle = await (await (await root()).getDirectoryHandle(folder, { create: true })).getFileHandle(name, { create: true })
        const writer = await handle.createWritable()
        return {
          write: (bytes) => stored(what, () => writer.write(bytes)),
          close: () => stored(what, () => writer.close()),
          abort: () => stored(what, () => writer.abort()),
        }
      }),
    remove: (folder) => stored(say`kept files`, async () => void (await ifThere((await root()).removeEntry(folder, { recursive: true })))),
  }
}
