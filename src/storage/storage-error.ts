// The sentences for storage that fails.
import { FormatError, TabTuneError } from '../config/errors'
import { type PhraseValue, say } from '../config/phrase'

/** Whether `error` says that there is no room left: in the browser's share of the disk, or on the disk itself. */
function isFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code: unknown = 'code' in error ? error.code : undefined
  // With a full disk, Chromium aborts a transaction with this DataError.
  return error.name === 'QuotaExceededError' || code === 'ENOSPC' || code === 'EDQUOT' || /failed to write blobs/i.test(error.message)
}

/** The error for an operation on `what` that failed. An error of ours stays as it is. */
function storageError(what: PhraseValue, error: unknown): TabTuneError {
  if (error instanceof TabTuneError) return error
  if (isFull(error))
    return new FormatError(
      say`${what}: expected room for it, got a full storage. Delete runs, models or data in the Library, or free space on the disk.`,
    )
  const got = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return new FormatError(
    say`${what}: expected this storage to answer, got ${got}. Private windows may forbid storage; close other tabs of TabTune, and try again.`,
  )
}

/** Does `work`, and turns what it throws into an error of ours. */
export async function stored<T>(what: PhraseValue, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw storageError(what, error)
  }
}

/** Stored bytes that are not those that were kept. Reading them again does not help, so they may be replaced. */
export class DamagedError extends FormatError {}

/** The error for a file that has fewer bytes than were kept. */
export function tooShort(what: string, expected: number, got: number): DamagedError {
  return new DamagedError(say`${what}: expected ${expected} bytes, got ${got}. The file has been cut short.`)
}
