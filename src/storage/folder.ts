// Where snapshots, logs, models and data are kept: a flat folder of files. It is in the browser's own file system
// (src/storage/opfs-folder.ts), on a disk (src/cli/node/disk-folder.ts), or in memory for tests (src/testing/memory-folder.ts).
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'

/** A flat folder of files. Names match [A-Za-z0-9._-]{1,64}. Every failure is a FormatError. */
export interface Folder {
  names(): Promise<string[]>
  /** Undefined if the file is not there and is not to be created. Close it: others wait for it meanwhile. */
  open(name: string, create?: boolean): Promise<FolderFile | undefined>
  /** Removes a file, if it is there. */
  remove(name: string): Promise<void>
}

export interface FolderFile {
  size(): Promise<number>
  /** Exactly `sizeBytes` bytes from `at`. @throws FormatError if the file has fewer */
  read(at: number, sizeBytes: number): Promise<Uint8Array<ArrayBuffer>>
  write(at: number, bytes: Uint8Array<ArrayBuffer>): Promise<void>
  /** Shortens the file, or lengthens it with zeros. A longer file has its room on the disk from then on. */
  truncate(sizeBytes: number): Promise<void>
  flush(): Promise<void>
  close(): Promise<void>
}

/** @throws FormatError if `name` is not a name of a file in a folder: it could lead out of it, or another system could read it differently */
export function checkFileName(name: string): string {
  if (/^[A-Za-z0-9._-]{1,64}$/.test(name) && !/^\.+$/.test(name)) return name
  throw new FormatError(say`storage: expected a file name of letters, digits, '.', '_' and '-', got ${JSON.stringify(name)}. Rename it.`)
}

/** The files of `folder` whose names begin with `prefix`, as a folder of their own in which they have their names without it. */
export function folderWithin(folder: Folder, prefix: string): Folder {
  return {
    names: async () => (await folder.names()).flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : [])),
    open: (name, create) => folder.open(prefix + name, create),
    remove: (name) => folder.remove(prefix + name),
  }
}

/** Opens a file, uses it, and closes it in any case. Undefined if it is not there. */
export async function withFile<T>(folder: Folder, name: string, use: (file: FolderFile) => Promise<T>): Promise<T | undefined> {
  const file = await folder.open(name)
  return file && closing(file, use)
}

/** The same with a file that is created if it is not there. */
export async function withNewFile<T>(folder: Folder, name: string, use: (file: FolderFile) => Promise<T>): Promise<T> {
  const file = await folder.open(name, true)
  if (!file) throw new FormatError(say`${name}: expected the storage to create a file, got none. Free some space, and try again.`)
  return closing(file, use)
}

async function closing<T>(file: FolderFile, use: (file: FolderFile) => Promise<T>): Promise<T> {
  try {
    return await use(file)
  } finally {
    await file.close()
  }
}
