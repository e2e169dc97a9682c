// Copies files piece by piece, with the checksum of every MiB on the way. No file is ever in memory as a whole.
import { Cancelled, FormatError } from '../config/errors'
import { say } from '../config/phrase'
import { checkedBytes, sha256Text, sumsOf } from '../config/sha256'
import type { KeptEntry } from './kept-catalogue'
import type { KeptSpace } from './kept-space'

/** A file with its path in what was opened. Kept files have the checksums of every MiB. */
export interface KeptFile {
  path: string
  file: File
  sums?: string
}

export interface Watch {
  signal?: AbortSignal
  /** 0…1 */
  onProgress?: (fraction: number) => void
}

/** Bytes that are in memory at a time. */
const pieceBytes = 4 * checkedBytes

export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

async function pieceOf(path: string, file: File, at: number): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await file.slice(at, at + pieceBytes).arrayBuffer())
  } catch (error) {
    const reason = error instanceof Error ? error.name : String(error)
    throw new FormatError(
      say`${path}: expected a file that can be read, got ${reason}. The file was changed or moved, or is in use. Choose it again.`,
    )
  }
}

/** The bytes of a file, piece by piece. If it has checksums, they are compared. @throws FormatError, Cancelled */
export async function* checkedPieces({ path, file, sums }: KeptFile, signal?: AbortSignal): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const found: string[] = []
  for (let at = 0; at < file.size; at += pieceBytes) {
    if (signal?.aborted) throw new Cancelled()
    const bytes = await pieceOf(path, file, at)
    if (sums !== undefined) found.push(await sumsOf(bytes))
    yield bytes
  }
  if (sums !== undefined && found.join('') !== sums) throw damaged(path)
}

export function damaged(name: string): FormatError {
  return new FormatError(
    say`${name}: expected the bytes that were kept, got others. The copy in this browser is damaged. Delete it in the Library, and open the original again.`,
  )
}

/** The checksums of a file; `onPiece` gets its pieces. @throws FormatError if it cannot be read, Cancelled */
export async function readWhole(
  { path, file }: KeptFile,
  signal?: AbortSignal,
  onPiece?: (bytes: Uint8Array<ArrayBuffer>) => Promise<void>,
): Promise<string> {
  const sums: string[] = []
  for (let at = 0; at < file.size; at += pieceBytes) {
    if (signal?.aborted) throw new Cancelled()
    const bytes = await pieceOf(path, file, at)
    sums.push(await sumsOf(bytes))
    await onPiece?.(bytes)
  }
  return sums.join('')
}

/** The fingerprint of data: a hash of its files' checksums. */
export const fingerprintOf = (sums: readonly string[]): Promise<string> => sha256Text(sums.join(' '))

/** The fingerprint of a data file, which is read once. @throws FormatError, Cancelled */
export async function fileFingerprint(path: string, file: File, signal?: AbortSignal): Promise<string> {
  return fingerprintOf([await readWhole({ path, file }, signal)])
}

/** Copies files into a folder as `0`, `1`, …. @throws FormatError, Cancelled; the folder then has a part of them */
export async function copyFiles(
  space: KeptSpace,
  folder: string,
  sources: readonly KeptFile[],
  { signal, onProgress }: Watch,
): Promise<KeptEntry['files']> {
  const all = sources.reduce((sum, { file }) => sum + file.size, 0)
  let done = 0
  const files: KeptEntry['files'] = []
  for (const [i, source] of sources.entries()) {
    const writer = await space.write(folder, String(i), baseName(source.path))
    try {
      const sums = await readWhole(source, signal, async (bytes) => {
        await writer.write(bytes)
        onProgress?.((done += bytes.length) / Math.max(1, all))
      })
      await writer.close()
      files.push({ path: source.path, sizeBytes: source.file.size, sums })
    } catch (error) {
      await writer.abort().catch(() => undefined)
      throw error
    }
  }
  if (signal?.aborted) throw new Cancelled()
  return files
}
