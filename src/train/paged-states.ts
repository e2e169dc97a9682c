// AdamW's states in main memory. In each step they are copied to the GPU and back, page by page (as in QLoRA's paged optimizers;
// Dettmers 2023, arXiv 2305.14314, section 3). Two pages are in use at once: one is updated while the other is copied.
import type { Gpu } from '../gpu/gpu'
import { adamW } from '../ops/optimizer'
import { programOf } from '../ops/program-of'
import { type Parameters, stateBytes } from '../tensor/parameters'
import type { Arena, Program } from '../tensor/program'
import type { Recorder } from '../tensor/recorder'
import type { Slot, Tensor } from '../tensor/tensor'

/** The most values per page. Their states take 8 MiB, or 2 MiB with 8 bits. */
const largestPage = 1 << 20
/** The bindings of the learning rates are aligned at the start of a page of this many values, or of a multiple of it. */
const pageUnit = 2048

/**
 * Values per page. Four pages lie on the GPU, two of them on their way back, so they take a quarter of the states if a page is a sixteenth.
 * Pages of fewer values would be many copies for few bytes.
 */
function pageSize(parameters: Parameters): number {
  const values = parameters.groups.reduce((sum, group) => sum + group.size, 0)
  return Math.min(largestPage, Math.max(1, Math.ceil(values / 16 / pageUnit)) * pageUnit)
}

interface Page {
  /** The first moments of its values, then the second moments; as codes if the states have 8 bits. */
  host: Uint8Array<ArrayBuffer>
  buffer: Slot
  landing: Slot
}

export class PagedStates {
  readonly slots: Slot[]
  readonly program: Program
  private readonly pages: Page[] = []

  /** Plans the pages; `r` is an empty recorder. */
  constructor(
    r: Recorder,
    parameters: Parameters,
    state: Tensor,
    metrics: Tensor,
    arena: Arena,
    maxBindingBytes: number,
    pageValues = pageSize(parameters),
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

  /** Bytes of main memory for the states. */
  get hostBytes(): number {
    return this.pages.reduce((sum, page) => sum + page.host.byteLength, 0)
  }

  /** The pages that a snapshot keeps. Between steps they are complete. */
  get kept(): { name: string; host: Uint8Array<ArrayBuffer> }[] {
    return this.pages.map(({ host }, i) => ({ name: `page-${i}`, host }))
  }

  /** Empties all states. */
  reset(): void {
    for (const { host } of this.pages) host.fill(0)
  }

  /** Updates all parameters. Gradients, their norm and the step's numbers must be on the GPU. Resolves when the states are back. */
  async step(gpu: Gpu): Promise<void> {
    const back: Promise<void>[] = []
    for (const [i, page] of this.pages.entries()) {
      await back[i - 2]
      const encoder = gpu.device.createCommandEncoder()
      gpu.device.queue.writeBuffer(page.buffer.buffer!, 0, page.host)
      this.program.encode(encoder, i)
      encoder.copyBufferToBuffer(page.buffer.buffer!, 0, page.landing.buffer!, 0, page.host.byteLength)
      gpu.device.queue.submit([encoder.finish()])
      back[i] = this.land(gpu, page)
      // It is awaited two pages later and throws there; this handler only keeps it from counting as unhandled until then.
      back[i].catch(() => undefined)
    }
    await Promise.all(back)
    gpu.check()
  }

  private async land(gpu: Gpu, { landing, host }: Page): Promise<void> {
    await gpu.answered(landing.buffer!.mapAsync(GPUMapMode.READ, 0, host.byteLength))
    host.set(new Uint8Array(landing.buffer!.getMappedRange(0, host.byteLength)))
    landing.buffer!.unmap()
  }
}
