// What a base makes of rows: the mean of its last hidden states over a row's tokens, and the loss of the row. Nothing is trained.
import { Cancelled } from '../config/errors'
import { defaultTraining } from '../config/run-config'
import { say } from '../config/phrase'
import type { Dataset } from '../data/dataset'
import { type MicroBatch, makeMicroBatch } from '../data/micro-batch'
import { lengthBuckets } from '../data/plan-batches'
import type { Gpu } from '../gpu/gpu'
import type { BaseModel } from '../models/base-model'
import { copyInto, tapeKernels } from '../ops/add'
import { programOf } from '../ops/program-of'
import { clearStepMetrics, readStepMetrics, stepMetricsBytes, stepMetricsSlot, stepMetricsTensor } from '../ops/step-metrics'
import { packState, stateSlot, stateTensor } from '../ops/step-state'
import { readBuffer } from '../tensor/parameters'
import { Arena, type Program, allocate, release } from '../tensor/program'
import { Recorder } from '../tensor/recorder'
import { type Slot, slotTensor } from '../tensor/tensor'
import { inputBytes, inputTensors, packInputs } from '../train/inputs'
import { type Stage, forwardContext, lossOf } from '../train/recordings'
import { ropeTables } from '../train/rope-tables'
import type { Features } from './components'

interface FeatureWatch {
  signal?: AbortSignal
  onRow?(done: number): void
}

interface RowFeatures {
  features: Features
  /** The mean loss of each row's trained tokens. */
  losses: Float64Array
}

/** The programs for rows of these lengths, one row at a time, and their memory. */
class OneRow {
  readonly slots: Slot[]
  private readonly programs: ReadonlyMap<number, Program>
  private readonly inputs: Slot
  private readonly hidden: Slot
  private readonly state = stateSlot()
  private readonly metrics = stepMetricsSlot()
  private readonly rope: ReturnType<typeof ropeTables>

  constructor(
    private readonly gpu: Gpu,
    private readonly base: BaseModel,
    lengths: readonly number[],
  ) {
    const { profile } = gpu
    const longest = Math.max(...lengths)
    this.inputs = { label: 'inputs', purpose: 'inputs', sizeBytes: inputBytes(longest) }
    this.hidden = { label: 'hidden', purpose: 'activations', sizeBytes: longest * base.file.config.hidden * 4 }
    this.rope = ropeTables(base, longest)
    const arena = new Arena()
    const program = (length: number): Program => programOf(`features at ${length}`, this.record(length), arena, profile.maxBindingBytes)
    this.programs = new Map(lengths.map((length) => [length, program(length)]))
    const uniforms = [...this.programs.values()].map((p) => p.uniforms)
    this.slots = [this.inputs, this.hidden, this.state, this.metrics, this.rope.slot, ...arena.slots, ...uniforms]
  }

  private record(length: number): Recorder {
    const stage: Stage = { profile: this.gpu.profile, base: this.base, hooks: {}, ropeTables: this.rope.tensors }
    const r = new Recorder(this.gpu.profile, tapeKernels)
    const inputs = inputTensors(this.inputs, length)
    const out = this.base.family.forward(forwardContext(stage, r, inputs, { batch: 1, length }))
    copyInto(r, out, slotTensor(this.hidden, out.shape))
    lossOf(stage, r, out, { ...inputs, state: stateTensor(this.state), metrics: stepMetricsTensor(this.metrics) }, false)
    return r
  }

  async prepare(): Promise<void> {
    await allocate(this.gpu, say`the map`, this.slots)
    this.rope.write(this.gpu)
    for (const program of this.programs.values()) await program.prepare(this.gpu)
  }

  release(): void {
    release(this.gpu, this.slots)
  }

  /** The hidden states [tokens, C] of a row, and its loss. */
  async run(micro: MicroBatch): Promise<{ hidden: Float32Array; loss: number }> {
    const { gpu, base } = this
    const { vocab, hidden: width } = base.file.config
    const { queue } = gpu.device
    queue.writeBuffer(this.inputs.buffer!, 0, packInputs(micro, 1, 0, vocab))
    const numbers = { lossScale: 1 / Math.max(1, micro.supervised), supervised: micro.supervised }
    queue.writeBuffer(this.state.buffer!, 0, packState(defaultTraining(), numbers))
    const encoder = gpu.device.createCommandEncoder()
    clearStepMetrics(encoder, this.metrics.buffer!)
    queue.submit([encoder.finish()])
    this.programs.get(micro.length)!.run(gpu, 1, micro.supervised)
    const [hidden, metrics] = await Promise.all([
      readBuffer(gpu, this.hidden.buffer!, 0, micro.tokens * width * 4),
      readBuffer(gpu, this.metrics.buffer!, 0, stepMetricsBytes),
    ])
    return { hidden: new Float32Array(hidden), loss: readStepMetrics(metrics).loss }
  }
}

/** The mean of the rows of `hidden` [tokens, width], in float64. */
function meanInto(hidden: Float32Array, width: number, into: Float32Array): void {
  const sum = new Float64Array(width)
  for (let i = 0; i < hidden.length; i++) sum[i % width] += hidden[i]
  const tokens = hidden.length / width
  sum.forEach((total, j) => (into[j] = total / tokens))
}

/** Features and losses of `rows`, each cut at `maxLength`, in their order. Frees its memory before it returns. @throws Cancelled, DeviceError */
export async function rowFeatures(
  gpu: Gpu,
  base: BaseModel,
  dataset: Dataset,
  rows: Int32Array,
  maxLength: number,
  { signal, onRow }: FeatureWatch = {},
): Promise<RowFeatures> {
  const width = base.file.config.hidden
  const buckets = lengthBuckets(maxLength)
  const lengths = Array.from(dataset.lengths(rows, maxLength), (length) => buckets.find((bucket) => bucket >= length) ?? maxLength)
  const values = new Float32Array(rows.length * width)
  const losses = new Float64Array(rows.length)
  const oneRow = new OneRow(gpu, base, [...new Set(lengths)])
  await oneRow.prepare()
  try {
    for (const [i, row] of rows.entries()) {
      if (signal?.aborted) throw new Cancelled()
      onRow?.(i)
      const { hidden, loss } = await oneRow.run(makeMicroBatch(dataset, { rows: [[row]], length: lengths[i], epoch: 0 }))
      meanInto(hidden, width, values.subarray(i * width, (i + 1) * width))
      losses[i] = loss
    }
    return { features: { rows: rows.length, width, values }, losses }
  } finally {
    oneRow.release()
  }
}
