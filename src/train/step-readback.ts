// What a step leaves on the GPU for the host: its measurements, and how many tokens each expert got. Buffers that take turns bring both
// back at once, so that the GPU never waits.
import type { Gpu } from '../gpu/gpu'
import { type GpuMetrics, clearStepMetrics, readStepMetrics, stepMetricsBytes, stepMetricsSlot } from '../ops/step-metrics'
import type { Slot } from '../tensor/tensor'

export interface StepNumbers extends GpuMetrics {
  /** Choices of each expert, where a method has some. */
  routed?: number[]
}

export class StepReadback {
  readonly metrics = stepMetricsSlot()
  private readonly readbacks: Slot[]
  private next = 0

  constructor(private readonly routed: Slot | undefined) {
    const sizeBytes = stepMetricsBytes + (routed?.sizeBytes ?? 0)
    this.readbacks = [0, 1, 2].map((i) => ({ label: `metrics ${i}`, purpose: 'readback', sizeBytes }))
  }

  get slots(): Slot[] {
    return [this.metrics, ...(this.routed ? [this.routed] : []), ...this.readbacks]
  }

  /** Sets all numbers to 0, except that an earlier step was not finite. */
  clear(encoder: GPUCommandEncoder): void {
    clearStepMetrics(encoder, this.metrics.buffer!)
    if (this.routed) encoder.clearBuffer(this.routed.buffer!)
  }

  /** At most three results may be awaited at once. */
  async read(gpu: Gpu): Promise<StepNumbers> {
    const { metrics, routed } = this
    const { buffer } = this.readbacks[this.next++ % this.readbacks.length]
    const encoder = gpu.device.createCommandEncoder()
    encoder.copyBufferToBuffer(metrics.buffer!, 0, buffer!, 0, stepMetricsBytes)
    if (routed) encoder.copyBufferToBuffer(routed.buffer!, 0, buffer!, stepMetricsBytes, routed.sizeBytes)
    gpu.device.queue.submit([encoder.finish()])
    await gpu.answered(buffer!.mapAsync(GPUMapMode.READ))
    const bytes = buffer!.getMappedRange()
    const numbers = readStepMetrics(bytes)
    const counts = routed && [...new Float32Array(bytes, stepMetricsBytes)]
    buffer!.unmap()
    gpu.check()
    return { ...numbers, ...(counts && { routed: counts }) }
  }
}
