// The numbers that a step leaves on the GPU for the host to read: StepMetrics in shaders/common/step_metrics.wgsl, by name.
import { structFields } from '../gpu/struct-layout'
import { type Slot, type Tensor, slotTensor } from '../tensor/tensor'

/** The snippet that kernels with a binding `metrics: StepMetrics` need. */
export const stepMetricsPart = 'common/step_metrics'

/** As the shader names them, in the form of this side: grad_norm is gradNorm. */
const names = ['loss', 'gradNorm', 'finite', 'clipFactor', 'right', 'halted'] as const
type GpuMetric = (typeof names)[number]
export type GpuMetrics = Record<GpuMetric, number>

/** This number is kept from step to step, so that a step that is already submitted does not change the weights either. */
const kept: GpuMetric = 'halted'

const camelCase = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

/**
 * The place of each number in words, after comparing the shader's names with the expected ones.
 * @throws Error naming the shader and every name that only one side has: our mistake, not the person's.
 */
export function placesOf(file: string, expected: readonly string[]): ReadonlyMap<string, number> {
  const fields = structFields(file, 'StepMetrics')
  const places = new Map(fields.map(({ name }, i) => [camelCase(name), i]))
  const wrong = [
    ...expected.filter((name) => !places.has(name)).map((name) => `${name}, got none`),
    ...[...places.keys()].filter((name) => !expected.includes(name)).map((name) => `no ${name}, got one`),
    ...fields.filter(({ type }) => type !== 'f32').map(({ name, type }) => `${name} to be f32, got ${type}`),
  ]
  if (wrong.length) throw new Error(`shader ${file}: expected in StepMetrics ${wrong.join('; ')}. Correct it, or src/ops/step-metrics.ts.`)
  return places
}

let known: ReadonlyMap<string, number> | undefined
const places = () => (known ??= placesOf(stepMetricsPart, names))

/** How many numbers are bound and read back: all of them, rounded up to 32 bytes. */
const room = Math.ceil(names.length / 8) * 8
export const stepMetricsBytes = room * 4

export function stepMetricsSlot(): Slot {
  return { label: 'metrics', purpose: 'inputs', sizeBytes: 256 }
}

export function stepMetricsTensor(slot: Slot): Tensor {
  return slotTensor(slot, [room])
}

/** Sets all numbers to 0, except the one that is kept. */
export function clearStepMetrics(encoder: GPUCommandEncoder, buffer: GPUBuffer): void {
  const after = (places().get(kept)! + 1) * 4
  encoder.clearBuffer(buffer, 0, after - 4)
  if (after < stepMetricsBytes) encoder.clearBuffer(buffer, after, stepMetricsBytes - after)
}

/** The numbers by name, from the buffer's first `stepMetricsBytes`. */
export function readStepMetrics(bytes: ArrayBuffer): GpuMetrics {
  const values = new Float32Array(bytes)
  const numbers = {} as GpuMetrics
  for (const name of names) numbers[name] = values[places().get(name)!]
  return numbers
}
