// The bytes of a run that a snapshot keeps, on the GPU or in main memory. They are read and written in pieces.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { Gpu } from '../gpu/gpu'
import { type Snapshot, type SnapshotPart, pieceBytes } from '../storage/snapshot'
import { readBuffer } from '../tensor/parameters'
import type { Slot } from '../tensor/tensor'

export interface KeptPart extends SnapshotPart {
  read(gpu: Gpu, at: number, sizeBytes: number): Promise<Uint8Array<ArrayBuffer>>
  write(gpu: Gpu, at: number, bytes: Uint8Array<ArrayBuffer>): void
}

/** A buffer, whose size is a multiple of 4. It is written at such multiples. */
export function onGpu(name: string, slot: Slot): KeptPart {
  return {
    name,
    sizeBytes: slot.sizeBytes,
    async read(gpu, at, sizeBytes) {
      // Copies move whole words, but a reader may ask for any bytes.
      const from = at - (at % 4)
      const to = Math.ceil((at + sizeBytes) / 4) * 4
      return new Uint8Array(await readBuffer(gpu, slot.buffer!, from, to - from), at - from, sizeBytes)
    },
    write: (gpu, at, bytes) => gpu.device.queue.writeBuffer(slot.buffer!, at, bytes),
  }
}

export function inMemory({ name, host }: { name: string; host: Uint8Array<ArrayBuffer> }): KeptPart {
  return {
    name,
    sizeBytes: host.length,
    read: async (_gpu, at, sizeBytes) => host.slice(at, at + sizeBytes),
    write: (_gpu, at, bytes) => host.set(bytes, at),
  }
}

/** Fills `parts` with the bytes of a snapshot. Its further parts are left alone. @throws FormatError if a part is missing or has another size */
export async function restore(gpu: Gpu, parts: readonly KeptPart[], snapshot: Snapshot): Promise<void> {
  const sizes = new Map(snapshot.parts.map((part) => [part.name, part.sizeBytes]))
  const wrong = parts.find((part) => sizes.get(part.name) !== part.sizeBytes)
  if (wrong)
    throw new FormatError(
      say`snapshot: expected ${wrong.sizeBytes} bytes of ${wrong.name}, got ${sizes.get(wrong.name) ?? say`none`}. Start the run again.`,
    )
  for (const part of parts)
    for (let at = 0; at < part.sizeBytes; at += pieceBytes) {
      part.write(gpu, at, await snapshot.read(part.name, at, Math.min(pieceBytes, part.sizeBytes - at)))
      // The queue copies all data it gets. Waiting here keeps the number of copies small.
      await gpu.answered(gpu.device.queue.onSubmittedWorkDone())
      gpu.check()
    }
}
