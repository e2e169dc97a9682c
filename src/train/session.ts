// A run on the GPU. Its programs and their memory are planned first, then allocated together, then replayed.
import { DeviceError } from '../config/errors'
import { say } from '../config/phrase'
import type { TrainingSettings } from '../config/run-config'
import type { Kind } from '../config/task'
import type { MicroBatch } from '../data/micro-batch'
import type { Gpu } from '../gpu/gpu'
import { type Profile, withHalves } from '../gpu/profile'
import type { BaseModel } from '../models/base-model'
import type { Hooks } from '../models/hooks'
import { type Recompute, recomputeStep, recomputeSteps } from '../models/recompute'
import type { Snapshot } from '../storage/snapshot'
import type { Parameters } from '../tensor/parameters'
import { stepMetricsTensor } from '../ops/step-metrics'
import { programOf } from '../ops/program-of'
import { type StepNumbers, packState, stateTensor } from '../ops/step-state'
import {
  Arena,
  type KernelTime,
  type KernelWork,
  type Measure,
  type Program,
  type Timing,
  allocate,
  kernelName,
  release,
} from '../tensor/program'
import { Recorder } from '../tensor/recorder'
import type { Slot } from '../tensor/tensor'
import { tapeKernels } from '../ops/add'
import type { BatchSource } from './batches'
import { fitMemory } from './fit-memory'
import { type KeptPart, inMemory, onGpu, restore } from './kept-parts'
import { inputBytes, inputTensors, packInputs } from './inputs'
import { packPictures, pictureInputs } from './picture-inputs'
import { type RopeTables, ropeTables } from './rope-tables'
import { type FixedTexts, fixedTexts } from './text-features'
import { type TextInputs, textInputs } from './text-inputs'
import { PagedStates } from './paged-states'
import { type Stage, recordMicroBatch, recordUpdate } from './recordings'
import { StepReadback, type StepNumbers as ReadNumbers } from './step-readback'

/** A submission should take no longer, so that the GPU can draw the page in between. */
const sliceMs = 100

interface SessionPlan {
  profile: Profile
  base: BaseModel
  hooks: Hooks
  parameters: Parameters
  training: TrainingSettings
  /** Padded lengths of the training batches, without virtual tokens. */
  trainLengths: readonly number[]
  evalLengths: readonly number[]
  /** The slot that the method received as its step state. */
  state: Slot
  /** Upper limit for the bytes of the session; the backward pass computes layers again as far as that needs. */
  budgetBytes?: number
  /** Values per page of paged optimizer states; for tests. */
  pageValues?: number
}

/** The numbers that an optimizer step measures. */
export interface StepResult extends Omit<ReadNumbers, 'finite' | 'right'> {
  finite: boolean
  /** The share of rows with the right class; absent for a model of text. */
  accuracy?: number
}

/** What evaluation rows measure: the mean loss per supervised token, how many these are, and the accuracy of a model of classes. */
export interface Measured extends Pick<StepResult, 'accuracy'> {
  loss: number
  supervised: number
}

const bytesOf = (slots: readonly Slot[]) => slots.reduce((sum, s) => sum + s.sizeBytes, 0)

export class Session {
  readonly slots: Slot[]
  private readonly arena = new Arena()
  private readonly micro = new Map<number, Program>()
  private readonly evaluation = new Map<number, Program>()
  private readonly update: Program | undefined
  private readonly inputs: Slot
  /** The patches of pictures, for a model that sees them. */
  private readonly pictures: Slot | undefined
  /** The texts that pictures are compared with. */
  private readonly texts: TextInputs | undefined
  /** Their features, if the run does not change them. */
  private readonly fixed: FixedTexts | undefined
  private readonly readback: StepReadback
  private readonly rope: RopeTables
  private readonly virtual: number
  private readonly longest: number
  /** Share of the longest micro-batch's work that is done a second time so that the run fits its memory budget. */
  readonly extraWork: number
  private readonly paged: PagedStates | undefined
  /** The last paged step. The next step waits for it, since it clears the gradients. */
  private lastPaged: Promise<unknown> = Promise.resolve()
  private msPerMicro = 0

  /** Records and plans everything. It allocates nothing and does not need the GPU. */
  constructor(readonly plan: SessionPlan) {
    const { profile, base, hooks, parameters, training } = plan
    this.virtual = hooks.virtualTokens ?? 0
    const lengths = [...new Set([...plan.trainLengths, ...plan.evalLengths])]
    this.longest = Math.max(0, ...lengths) + this.virtual
    this.inputs = { label: 'inputs', purpose: 'inputs', sizeBytes: inputBytes(training.batchSize * this.longest) }
    const pictures = pictureInputs(base.file.config, training.batchSize)
    this.pictures = pictures?.slot
    this.texts = textInputs(base.file.config, hooks, training.batchSize)
    // The tokens of a prefix take the first positions.
    this.rope = ropeTables(base, this.longest + (hooks.prefixTokens ?? 0))
    const state = stateTensor(plan.state)
    this.readback = new StepReadback(hooks.routed)
    const metrics = stepMetricsTensor(this.readback.metrics)
    // Evaluations are exact, so that they can be compared with those of the base and of the saved adapter.
    const trainingProfile = training.precision === 'fast' ? withHalves(profile) : profile
    const first: Stage = { profile, base, hooks, ropeTables: this.rope.tensors, patches: pictures?.patches, texts: this.texts?.tensors }
    this.fixed = fixedTexts(first, inputTensors(this.inputs, 1), this.arena)
    const stage: Stage = { ...first, texts: this.fixed?.tensors ?? first.texts }
    const record = (length: number, gradient: boolean, arena: Arena, recompute?: Recompute) => {
      const shape = { batch: training.batchSize, length: length + this.virtual }
      const inputs = inputTensors(this.inputs, shape.batch * shape.length)
      const r = recordMicroBatch(
        { ...stage, recompute, ...(gradient && { profile: trainingProfile }) },
        inputs,
        state,
        metrics,
        shape,
        gradient,
      )
      return programOf(`${gradient ? 'training' : 'evaluation'} at ${length}`, r, arena, profile.maxBindingBytes)
    }
    for (const length of new Set(plan.evalLengths)) this.evaluation.set(length, record(length, false, this.arena))
    if (parameters.training)
      this.update = programOf('update', recordUpdate(profile, parameters, state, metrics), this.arena, profile.maxBindingBytes)
    if (parameters.training && parameters.paged)
      this.paged = new PagedStates(
        new Recorder(profile, tapeKernels),
        parameters,
        state,
        metrics,
        this.arena,
        profile.maxBindingBytes,
        plan.pageValues,
      )
    const slots = [
      ...parameters.slots,
      ...(this.paged?.slots ?? []),
      plan.state,
      this.inputs,
      ...(this.pictures ? [this.pictures] : []),
      ...(this.texts ? [this.texts.slot] : []),
      ...(this.fixed ? [this.fixed.slot] : []),
      this.rope.slot,
      ...this.readback.slots,
      ...this.programs.map((p) => p.uniforms),
    ]
    this.extraWork = this.planTraining(slots, (length, arena, recompute) => record(length, true, arena, recompute))
    this.slots = [...slots, ...this.arena.slots, ...[...this.micro.values()].map((p) => p.uniforms)]
  }

  /** Plans the training programs for the memory that `others` leave in the budget. Returns the share of work that the budget adds. */
  private planTraining(others: readonly Slot[], record: (length: number, arena: Arena, recompute: Recompute) => Program): number {
    const { training, base, budgetBytes } = this.plan
    const { layers } = base.file.config
    const lengths = [...new Set(this.plan.trainLengths)]
    if (training.checkpointing || budgetBytes === undefined) {
      const recompute = recomputeStep(layers, training.checkpointing ? layers : 0)
      for (const length of lengths) this.micro.set(length, record(length, this.arena, recompute))
      return 0
    }
    const room = { bytes: budgetBytes - bytesOf(others), arenaBytes: bytesOf(this.arena.slots) }
    const fitted = fitMemory(lengths, [layers, recomputeSteps(layers)], room, (length, step) => {
      const [arena, recompute] = [new Arena(), recomputeStep(layers, step)]
      const { uniforms, flops } = record(length, arena, recompute)
      return { arenaBytes: bytesOf(arena.slots), ownBytes: uniforms.sizeBytes, flops, recompute }
    })
    for (const [length, { recompute }] of fitted) this.micro.set(length, record(length, this.arena, recompute))
    const [longest] = fitted
    if (!longest?.[1].recompute.layers) return 0
    return longest[1].flops / record(longest[0], new Arena(), recomputeStep(layers, 0)).flops - 1
  }

  private get programs(): Program[] {
    return [
      ...this.micro.values(),
      ...this.evaluation.values(),
      ...(this.update ? [this.update] : []),
      ...(this.paged ? [this.paged.program] : []),
      ...(this.fixed ? [this.fixed.program] : []),
    ]
  }

  /** Bytes of main memory for optimizer states. */
  get hostBytes(): number {
    return this.paged?.hostBytes ?? 0
  }

  /** Multiply-adds × 2 of a training micro-batch of the longest length. */
  get flops(): number {
    return Math.max(0, ...[...this.micro.values()].map((p) => p.flops))
  }

  /** Dispatches of one whole step with one micro-batch of the longest length. */
  get dispatches(): number {
    return Math.max(0, ...[...this.micro.values()].map((p) => p.launches.length)) + (this.update?.launches.length ?? 0)
  }

  /** What a snapshot of the run keeps while no step is under way. */
  get kept(): KeptPart[] {
    return [...this.plan.parameters.kept.map(({ name, slot }) => onGpu(name, slot)), ...(this.paged?.kept.map(inMemory) ?? [])]
  }

  /**
   * Allocates and compiles. The parameters start with their starting values, or as they are in `resume`.
   * @throws DeviceError if memory does not suffice; everything is freed then
   */
  async prepare(gpu: Gpu, onProgress?: (fraction: number) => void, resume?: Snapshot): Promise<void> {
    await allocate(gpu, say`the run`, this.slots)
    try {
      await this.plan.parameters.write(gpu, !resume)
      if (resume) await restore(gpu, this.kept, resume)
      this.rope.write(gpu)
      this.texts?.write(gpu)
      const programs = this.programs
      for (const [i, program] of programs.entries()) await program.prepare(gpu, (f) => onProgress?.((i + f) / programs.length))
      this.fixed?.run(gpu)
      gpu.check()
    } catch (error) {
      this.release(gpu)
      throw error
    }
  }

  release(gpu: Gpu): void {
    release(gpu, this.slots)
  }

  /** Gives the parameters their starting values again, and the optimizer its empty states. No step may be under way. */
  async reset(gpu: Gpu): Promise<void> {
    await this.plan.parameters.write(gpu)
    const encoder = gpu.device.createCommandEncoder()
    if (!this.plan.parameters.paged)
      for (const { states } of this.plan.parameters.groups) for (const slot of states) encoder.clearBuffer(slot.buffer!)
    // Also that an earlier step was not finite.
    encoder.clearBuffer(this.readback.metrics.buffer!)
    gpu.device.queue.submit([encoder.finish()])
    this.paged?.reset()
  }

  private submit(gpu: Gpu, program: Program | undefined, micro: MicroBatch): void {
    if (!program)
      throw new DeviceError(
        say`run: expected batches of the planned lengths, got one of ${micro.length} tokens. This is a mistake in TabTune; start the run again and please report it.`,
      )
    const bytes = packInputs(
      micro,
      this.plan.training.batchSize,
      this.virtual,
      this.plan.base.file.config.vocab,
      this.plan.hooks.prefixTokens,
    )
    gpu.device.queue.writeBuffer(this.inputs.buffer!, 0, bytes)
    if (this.pictures) gpu.device.queue.writeBuffer(this.pictures.buffer!, 0, packPictures(micro, this.plan.base.file.config.vision!))
    program.run(gpu, Math.ceil(this.msPerMicro / sliceMs), micro.supervised)
  }

  private clear(gpu: Gpu, gradients: boolean): void {
    const encoder = gpu.device.createCommandEncoder()
    if (gradients) for (const g of this.plan.parameters.groups) encoder.clearBuffer(g.gradients.buffer!)
    this.readback.clear(encoder)
    gpu.device.queue.submit([encoder.finish()])
  }

  private writeState(gpu: Gpu, numbers: Partial<StepNumbers>): void {
    gpu.device.queue.writeBuffer(this.plan.state.buffer!, 0, packState(this.plan.training, numbers))
  }

  /**
   * Submits one optimizer step over micro-batches. The loss is the mean over all their supervised tokens. `step` counts from 1.
   * The result arrives when the GPU is done; at most three results may be awaited at once. If it is not finite, the weights do not change.
   */
  step(gpu: Gpu, batches: readonly MicroBatch[], learningRate: number, step: number): Promise<StepResult> {
    if (!this.paged) return this.oneStep(gpu, batches, learningRate, step)
    const result = this.lastPaged.then(() => this.oneStep(gpu, batches, learningRate, step))
    this.lastPaged = result.catch(() => undefined)
    return result
  }

  private oneStep(gpu: Gpu, batches: readonly MicroBatch[], learningRate: number, step: number): Promise<StepResult> {
    const started = performance.now()
    this.clear(gpu, true)
    this.accumulate(gpu, this.micro, batches, step)
    const { beta1, beta2 } = this.plan.training
    this.writeState(gpu, { learningRate, correction1: 1 - beta1 ** step, correction2: Math.sqrt(1 - beta2 ** step) })
    this.update!.run(gpu)
    const updated = this.paged ? this.paged.step(gpu) : Promise.resolve()
    const supervised = batches.reduce((sum, batch) => sum + batch.supervised, 0)
    return Promise.all([this.readback.read(gpu), updated]).then(([{ right, ...numbers }]) => {
      this.msPerMicro = (performance.now() - started) / batches.length
      return { ...numbers, finite: numbers.finite === 1, ...this.accuracyOf(right, supervised) }
    })
  }

  /** What the rows of the base are. */
  get kind(): Kind {
    return this.plan.base.file.config.vision ? 'pictures' : 'text'
  }

  private accuracyOf(right: number, supervised: number): Pick<StepResult, 'accuracy'> {
    return this.kind === 'pictures' && supervised ? { accuracy: right / supervised } : {}
  }

  /** The work of a micro-batch of the given length, by kernel. */
  work(length: number): Map<string, KernelWork> {
    return this.micro.get(length)!.work(kernelName)
  }

  /** The time of one micro-batch, by groups of its launches. For benchmarks. */
  async timeKernels<G extends string>(gpu: Gpu, batch: MicroBatch, measure: Measure, timing: Timing<G>): Promise<Map<G, KernelTime>> {
    this.clear(gpu, true)
    this.accumulate(gpu, this.micro, [batch], 1)
    // The micro-batch above writes the inputs. It must be done first, or its time would count for the first kernel.
    await gpu.answered(gpu.device.queue.onSubmittedWorkDone())
    return this.micro.get(batch.length)!.time(gpu, measure, timing)
  }

  /** The time of the optimizer's launches. For benchmarks, after a step: the parameters change. */
  timeUpdate<G extends string>(gpu: Gpu, measure: Measure, timing: Timing<G>): Promise<Map<G, KernelTime>> {
    return this.update!.time(gpu, measure, timing)
  }

  /** Forward and backward pass without an optimizer step, so the gradients can be read. */
  async gradients(gpu: Gpu, batches: readonly MicroBatch[], step = 1): Promise<number> {
    this.clear(gpu, true)
    this.accumulate(gpu, this.micro, batches, step)
    return (await this.readback.read(gpu)).loss
  }

  /**
   * Measures all batches; the adapter is not changed. `onBatch` gets the number of finished batches, from 0. It may wait, or throw to end
   * the evaluation early.
   */
  async evaluate(
    gpu: Gpu,
    batches: Pick<BatchSource, 'count' | 'get'>,
    onBatch?: (done: number) => void | Promise<void>,
  ): Promise<Measured> {
    let [sum, supervised, right] = [0, 0, 0]
    await onBatch?.(0)
    for (let i = 0; i < batches.count; i++) {
      const pieces = await batches.get(i)
      const own = pieces.reduce((inAll, piece) => inAll + piece.supervised, 0)
      this.clear(gpu, false)
      this.accumulate(gpu, this.evaluation, pieces, 1)
      const found = await this.readback.read(gpu)
      sum += found.loss * own
      supervised += own
      right += found.right
      await onBatch?.(i + 1)
    }
    return { loss: sum / Math.max(1, supervised), supervised, ...this.accuracyOf(right, supervised) }
  }

  private accumulate(gpu: Gpu, programs: ReadonlyMap<number, Program>, batches: readonly MicroBatch[], step: number): void {
    const total = batches.reduce((sum, b) => sum + b.supervised, 0)
    batches.forEach((batch, i) => {
      const seed = (Math.imul(step, 0x9e3779b1) ^ Math.imul(i + 1, 0x85ebca6b) ^ this.plan.training.seed) >>> 0
      this.writeState(gpu, { lossScale: 1 / Math.max(1, total), supervised: batch.supervised, seed })
      this.submit(gpu, programs.get(batch.length), batch)
    })
  }
}
