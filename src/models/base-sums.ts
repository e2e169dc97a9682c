// Proof that nothing changed the base: checksums of the bytes that were uploaded, and of what the GPU has at those places later.
import type { BaseCheck } from '../config/base-check'
import { DeviceError } from '../config/errors'
import { say } from '../config/phrase'
import { hex, sha256, sha256Text } from '../config/sha256'
import type { Gpu } from '../gpu/gpu'
import { readBuffer } from '../tensor/parameters'
import type { Slot } from '../tensor/tensor'

/** Bytes of a tensor that are uploaded at once. Their size and place are multiples of 4, and a few MiB at most. */
interface UploadedPiece {
  tensor: string
  slot: Slot
  offset: number
  bytes: Uint8Array<ArrayBuffer>
}

interface Stretch extends Omit<UploadedPiece, 'bytes'> {
  sizeBytes: number
  /** Into which it was uploaded. */
  buffer: GPUBuffer
  sum: Promise<string>
}

interface Watch {
  signal?: AbortSignal
  /** 0…1 */
  onProgress?: (fraction: number) => void
}

/** Pieces that are read back at a time: one is hashed while the next is read. */
const lanes = 2

const place = ({ tensor, slot, offset, sizeBytes }: Stretch): string =>
  `${JSON.stringify(tensor)} ${JSON.stringify(slot.label)} ${offset} ${sizeBytes}`

const sumOf = async (bytes: Uint8Array<ArrayBuffer>): Promise<string> => hex(await sha256(bytes))

export class BaseSums {
  private readonly stretches: Stretch[] = []
  private earlier: Promise<unknown> = Promise.resolve()

  /** Notes a piece, which may change once this has returned. Resolves when the piece before is hashed, so that few copies exist. */
  async add({ bytes, ...where }: UploadedPiece): Promise<void> {
    const { earlier } = this
    const sum = sumOf(bytes)
    this.earlier = sum
    this.stretches.push({ ...where, buffer: where.slot.buffer!, sizeBytes: bytes.length, sum })
    await earlier
  }

  /** Reads all pieces from the GPU and compares them. @throws DeviceError if one is not there; Cancelled */
  async check(gpu: Gpu, { signal, onProgress }: Watch = {}): Promise<Omit<BaseCheck, 'reloaded'>> {
    const from = performance.now()
    const sizeBytes = this.stretches.reduce((sum, stretch) => sum + stretch.sizeBytes, 0)
    const [all, changed, putBack] = [new Set<string>(), new Set<string>(), new Set<string>()]
    const lines: string[] = []
    let done = 0
    const rest = this.stretches.values()
    const lane = async (): Promise<void> => {
      for (const stretch of rest) {
        signal?.throwIfAborted()
        const { tensor, slot } = stretch
        if (!slot.buffer) throw new DeviceError(say`base: expected ${tensor} on the GPU, got nothing there. Open the model again.`)
        const sum = await sumOf(new Uint8Array(await readBuffer(gpu, slot.buffer, stretch.offset, stretch.sizeBytes)))
        all.add(tensor)
        if (sum !== (await stretch.sum)) changed.add(tensor)
        if (slot.buffer !== stretch.buffer) putBack.add(tensor)
        lines.push(`${place(stretch)} ${sum}`)
        onProgress?.((done += stretch.sizeBytes) / sizeBytes)
      }
    }
    await Promise.all(Array.from({ length: lanes }, lane))
    return {
      sum: await sha256Text(lines.sort().join('\n')),
      tensors: all.size,
      sizeBytes,
      timeMs: performance.now() - from,
      changed: [...changed].sort(),
      putBack: putBack.size,
    }
  }
}
