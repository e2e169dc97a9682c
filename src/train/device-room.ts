// How much memory a device gives. WebGPU does not say it, so buffers are asked for and freed again at once.
import { DeviceError, DeviceLost } from '../config/errors'
import { say } from '../config/phrase'
import type { Gpu } from '../gpu/gpu'
import { allocate, release } from '../tensor/program'
import type { Slot } from '../tensor/tensor'

/** Buffers of this size are asked for while the room is measured. */
const pieceBytes = 64 * 2 ** 20

const sumOf = (slots: readonly Slot[]): number => slots.reduce((sum, slot) => sum + slot.sizeBytes, 0)

export class DeviceRoom {
  /** The most bytes that the device was seen to hold at once. */
  private seen = 0
  private measured: number | undefined

  constructor(private readonly gpu: Gpu) {}

  /** Whether the device gives buffers of these sizes at once, beside what it holds. @throws DeviceLost */
  async gives(slots: readonly Slot[]): Promise<boolean> {
    const { gpu } = this
    const total = gpu.bytes + sumOf(slots)
    if (total <= this.seen) return true
    const copies = slots.map(({ label, purpose, sizeBytes }): Slot => ({ label, purpose, sizeBytes }))
    const { peakBytes } = gpu
    try {
      await allocate(gpu, say`the run`, copies)
      release(gpu, copies)
      this.seen = total
      return true
    } catch (error) {
      if (error instanceof DeviceLost || !(error instanceof DeviceError)) throw error
      return false
    } finally {
      gpu.peakBytes = Math.max(peakBytes, gpu.bytes)
    }
  }

  /** The bytes that the device gives altogether, including those it holds; at most `below`, which it refused. @throws DeviceLost */
  async bytes(below: number): Promise<number> {
    if (this.measured !== undefined && this.measured <= below) return Math.max(this.measured, this.seen)
    const held = this.gpu.bytes
    let [given, refused] = [0, Math.ceil((below - held) / pieceBytes)]
    while (refused - given > 1) {
      const middle = (given + refused) >> 1
      const pieces = Array.from({ length: middle }, (): Slot => ({ label: 'room', purpose: 'activations', sizeBytes: pieceBytes }))
      if (await this.gives(pieces)) given = middle
      else refused = middle
    }
    this.measured = held + given * pieceBytes
    return Math.max(this.measured, this.seen)
  }
}
