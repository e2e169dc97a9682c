// AdamW's states in main memory: each step they visit the GPU page by page (as QLoRA's paged optimizers do; Dettmers 2023,
// arXiv 2305.14314, section 3). Two pages are under way at once: one computes while the other travels.
import type { Gpu } from '../gpu/gpu'
import { adamW } from '../ops/optimizer'
import { programOf } from '../ops/program-of'
import { type Parameters, stateBytes } from '../tensor/parameters'
import type { Arena, Program } from '../tensor/program'
import type { Recorder } from '../tensor/recorder'
import type { Slot, Tensor } from '../tensor/tensor'

/** Values whose states make a page: 8 MiB, or 2 where they have 8 bits. Its offsets are multiples of 2048 values, so that the rates' bindings are aligned. */
const usualPage = 1 << 20

interface Page {
  /** Mean and then square of its values, or their codes. */
  host: Uint8Array<ArrayBuffer>
  buffer: Slot
  landing: Slot
}

export class PagedStates {
  readonly slots: Slot[]
  readonly program: Program
  private readonly pages: Page[] = []

  /** Plans the pages; `r` is a fresh recorder. */
  constructor(
    r: Recorder,
    parameters: Parameters,
    state: Tensor,
    metrics: Tensor,
    arena: Arena,
    maxBindingBytes: number,
    pageValues = usualPage,
  ) {
    const largest = Math.max(0, ...parameters.groups.map((g) => stateBytes(g.bits, Math.min(pageValues, g.size))))
    const buffers: Slot[] = [0, 1].map((i) => ({ label: `AdamW page ${i}`, purpose: 'optimizer', sizeBytes: largest }))
    const landings: Slot[] = [0, 1].map((i) => ({ label: `AdamW page ${i} going back`, purpose: 'readback', sizeBytes: largest }))
    for (const group of parameters.groups) {
      for (let first = 0; first < group.size; first += pageValues) {
        const size = Math.min(pageValues, group.size - first)
        const side = this.pages.length % 2
        const buffer = buffers[side]
        const bytes = stateBytes(group.bits, size)
        const states = group.states.map((_, i) => ({ slot: buffer, offset: (i * bytes) / group.states.length }))
        adamW(r, group, state, metrics, parameters.maps, { first, size, states })
        this.pages.push({ host: new Uint8Array(bytes), buffer, landing: landings[side] })
      }
    }
    this.program = programOf('paged update', r, arena, maxBindingBytes)
    this.slots = this.pages.length > 1 ? [...buffers, ...landings] : [buffers[0], landings[0]]
  }

  /** Bytes of main memory that the states take. */
  get hostBytes(): number {
    return this.pages.reduce((sum, page) => sum + page.host.byteLength, 0)
  }

  /** Steps all parameters; gradients, norm and the step's numbers are on the GPU. Resolves when the states are back. */
  async step(gpu: Gpu): Promise<void> {
    const back: Promise<void>[] = []
    for (const [i, page] of this.pages.entries()) {
      await back[i - 2]
      const encoder = gpu.device.createCommandEncoder()
      gpu.device.queue.writeBuffer(page.buffer.buffer!, 0, page.host)
      this.program.encode(encoder, i)
      encoder.copyBufferToBuffer(page.buffer.buffer!, 0, page.landing.buffer!, 0, page.host.byteLength)
      gpu.device.queue.submit([encoder.finish()])
      back[i] = this.land(page)
      // Waited for two pages later; until then a failure is not lost, only quiet.
      back[i].catch(() => undefined)
    }
    await Promise.all(back)
    gpu.check()
  }

  private async land({ landing, host }: Page): Promise<void> {
    await landing.buffer!.mapAsync(GPUMapMode.READ, 0, host.byteLength)
    host.set(new Uint8Array(landing.buffer!.getMappedRange(0, host.byteLength)))
    landing.buffer!.unmap()
  }
}
