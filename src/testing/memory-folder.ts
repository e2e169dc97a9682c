// A folder in memory whose storage can fail at any operation, as disks and browsers do.
import { type Folder, type FolderFile, checkFileName } from '../storage/folder'
import { stored, tooShort } from '../storage/storage-error'

/**
 * How an operation fails. `exception`: it throws, and nothing is done. `short`: a write stores half of its bytes and throws. `lost`: a
 * write stores half of its bytes and says nothing. `quota`: a write stores half of its bytes and throws, and so does everything that
 * needs room until the end. `killed`: a write stores half of its bytes, and nothing works from then on.
 */
export const faultKinds = ['exception', 'short', 'lost', 'quota', 'killed'] as const
type FaultKind = (typeof faultKinds)[number]

/** Fails the operation with this number, counted from 1. */
export interface Fault {
  at: number
  kind: FaultKind
}

/** Counts storage operations, and fails one. */
export class Operations {
  count = 0
  private failed = false

  constructor(private readonly fault?: Fault) {}

  private get kind(): FaultKind | undefined {
    if (!this.fault) return undefined
    if (this.count === this.fault.at) this.failed = true
    if (this.count === this.fault.at || this.fault.kind === 'killed' || this.fault.kind === 'quota')
      return this.failed ? this.fault.kind : undefined
    return undefined
  }

  /** An operation that needs no room. */
  plain<T>(what: string, work: () => T): Promise<T> {
    return stored(what, () => {
      this.count++
      if (this.kind === 'exception' || this.kind === 'killed') throw new DOMException('the operation failed', 'InvalidStateError')
      return work()
    })
  }

  /** An operation that stores bytes: all of them, or half. */
  write(what: string, work: (share: number) => void): Promise<void> {
    return stored(what, () => {
      this.count++
      const { kind } = this
      if (kind === undefined) return work(1)
      if (kind !== 'exception') work(0.5)
      if (kind === 'lost') return
      throw new DOMException('no room', kind === 'quota' ? 'QuotaExceededError' : 'InvalidStateError')
    })
  }
}

/** A folder over `files`; another folder over the same files finds them as this one left them. */
export function memoryFolder(files = new Map<string, Uint8Array<ArrayBuffer>>(), operations = new Operations()): Folder {
  const bytesOf = (name: string): Uint8Array<ArrayBuffer> => files.get(name) ?? new Uint8Array(0)

  function resize(name: string, sizeBytes: number): Uint8Array<ArrayBuffer> {
    const resized = new Uint8Array(sizeBytes)
    resized.set(bytesOf(name).subarray(0, sizeBytes))
    files.set(name, resized)
    return resized
  }

  function opened(name: string): FolderFile {
    return {
      size: () => operations.plain(name, () => bytesOf(name).byteLength),
      read: (at, sizeBytes) =>
        operations.plain(name, () => {
          const bytes = bytesOf(name).slice(at, at + sizeBytes)
          if (bytes.byteLength !== sizeBytes) throw tooShort(name, at + sizeBytes, at + bytes.byteLength)
          return bytes
        }),
      write: (at, bytes) =>
        operations.write(name, (share) => {
          const part = bytes.subarray(0, Math.floor(bytes.byteLength * share))
          resize(name, Math.max(bytesOf(name).byteLength, at + part.byteLength)).set(part, at)
        }),
      truncate: (sizeBytes) =>
        operations.write(name, (share) => {
          const before = bytesOf(name).byteLength
          resize(name, sizeBytes < before ? sizeBytes : before + Math.floor((sizeBytes - before) * share))
        }),
      flush: () => operations.plain(name, () => undefined),
      close: () => operations.plain(name, () => undefined),
    }
  }

  return {
    names: () => operations.plain('folder', () => [...files.keys()]),
    open: (name, create = false) =>
      operations.plain(name, () => {
        checkFileName(name)
        if (!files.has(name) && !create) return undefined
        if (!files.has(name)) files.set(name, new Uint8Array(0))
        return opened(name)
      }),
    remove: (name) => operations.plain(name, () => void files.delete(name)),
  }
}

/** Folders in memory by their paths, each the same whenever it is asked for. */
export function memoryFolders(): (...path: readonly string[]) => Promise<Folder> {
  const folders = new Map<string, Folder>()
  return async (...path) => {
    const key = path.join('/')
    const folder = folders.get(key) ?? memoryFolder()
    folders.set(key, folder)
    return folder
  }
}
