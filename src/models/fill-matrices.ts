// Fills matrices on the GPU from the file. While one is converted, the next is read and earlier ones are uploaded.
import { packedPieces } from '../formats/load-weights'
import type { TensorEntry } from '../formats/model-file'
import type { Gpu } from '../gpu/gpu'
import type { Weight } from '../ops/weight'
import type { Slot } from '../tensor/tensor'

/** A piece of a matrix that was written into its buffer. */
interface WrittenPiece {
  tensor: string
  slot: Slot
  offset: number
  bytes: Uint8Array<ArrayBuffer>
}

/** Filling waits for what it returns. */
type OnWritten = (piece: WrittenPiece) => Promise<void> | void

type Upload = (buffer: GPUBuffer, offset: number, bytes: Uint8Array<ArrayBuffer>) => Promise<void>

/** Matrices in progress at a time: one is converted while the next piece of another is read. Each holds one piece of up to 16 MB. */
const lanes = 2
const portionBytes = 16 * 2 ** 20

/** The queue copies all data it gets. So each lane waits for the last portion but one, and few copies exist at a time. */
function uploader(gpu: Pick<Gpu, 'device' | 'check' | 'answered'>): Upload {
  const { queue } = gpu.device
  let written = 0
  let earlier: Promise<unknown> = Promise.resolve()
  return async (buffer, offset, bytes) => {
    queue.writeBuffer(buffer, offset, bytes)
    written += bytes.byteLength
    if (written < portionBytes) return
    written = 0
    const before = earlier
    // What went wrong on the device is for gpu.check to say.
    earlier = gpu.answered(queue.onSubmittedWorkDone()).catch(() => undefined)
    await before
    gpu.check()
  }
}

async function fillMatrix(weight: Weight, entry: TensorEntry, upload: Upload, signal: AbortSignal, onWritten: OnWritten): Promise<void> {
  const cols = weight.shape[1]
  for (const part of weight.parts) {
    if (part.tensor.space.kind !== 'slot') continue
    const { slot } = part.tensor.space
    for await (const piece of packedPieces(entry, { rowStart: part.firstRow, rows: part.rows, cols }, weight.format, signal)) {
      await upload(slot.buffer!, piece.offset, piece.bytes)
      await onWritten({ tensor: weight.name, slot, offset: piece.offset, bytes: piece.bytes })
    }
  }
}

/**
 * Fills matrices, whose buffers are allocated, from the file's entries of the same names. `onWritten` gets each piece.
 * Once this has thrown, nothing more is written. @throws FormatError, ShapeError, UnsupportedError, DeviceError, Cancelled
 */
export async function fillMatrices(
  gpu: Pick<Gpu, 'device' | 'check' | 'answered'>,
  weights: Iterable<Weight>,
  entries: ReadonlyMap<string, TensorEntry>,
  onWritten: OnWritten = () => undefined,
  signal?: AbortSignal,
): Promise<void> {
  const failed = new AbortController()
  const stop = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal
  const upload = uploader(gpu)
  const rest = [...weights].values()
  const lane = async () => {
    try {
      for (const weight of rest) await fillMatrix(weight, entries.get(weight.name)!, upload, stop, onWritten)
    } catch (error) {
      // The first error is the one that is thrown. The other lane stops at its next piece.
      failed.abort(error)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  failed.signal.throwIfAborted()
}
