// Bytes that are already in memory.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { ByteSource } from './source'

/** The error for a read beyond the end, the same for every source. */
export function readBeyondEnd(name: string, sizeBytes: number, offset: number, length: number): FormatError {
  return new FormatError(
    say`${name}: expected ${length} bytes at byte ${offset}, got a file of ${sizeBytes} bytes. The file is cut off; download it again.`,
  )
}

export class MemorySource implements ByteSource {
  readonly name: string
  readonly sizeBytes: number
  private readonly bytes: Uint8Array

  constructor(name: string, bytes: Uint8Array) {
    this.name = name
    this.sizeBytes = bytes.length
    this.bytes = bytes
  }

  async read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    if (offset + length > this.sizeBytes) throw readBeyondEnd(this.name, this.sizeBytes, offset, length)
    // Not slice: Node's Buffer would give a view of a larger buffer.
    return new Uint8Array(this.bytes.subarray(offset, offset + length))
  }
}
