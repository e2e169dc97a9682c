// Records a micro-batch with or without gradients, and the optimizer step. The parts that decoding needs too are exported.
import { rowsAndCols } from '../formats/model-file'
import type { Profile } from '../gpu/profile'
import type { BaseModel } from '../models/base-model'
import type { ForwardContext } from '../models/hooks'
import type { Hooks, TextTensors } from '../models/hooks'
import type { Recompute } from '../models/recompute'
import { copyInto, tapeKernels } from '../ops/add'
import { type HeadChange, type LossInputs, headLogits, headLoss, scoresLoss } from '../ops/cross-entropy'
import { type ExpertWeight, packedExperts, trainedExperts } from '../ops/expert-weight'
import { gradientNorm, optimizerStep } from '../ops/optimizer'
import { softCapInto } from '../ops/soft-cap'
import { trainableWeight, type Weight } from '../ops/weight'
import type { Parameters } from '../tensor/parameters'
import { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import type { InputTensors } from './inputs'

/** A base model with a method's hooks, and the rotary tables. */
export interface Stage {
  profile: Profile
  base: BaseModel
  hooks: Hooks
  ropeTables: readonly Tensor[]
  /** The patches of a micro-batch of pictures, for a model that sees them. */
  patches?: Tensor
  /** The texts that a model compares pictures with. */
  texts?: TextTensors
  /** Layers that the backward pass computes again; none if absent. */
  recompute?: Recompute
}

interface Shape {
  batch: number
  /** Positions per row, including virtual tokens. */
  length: number
}

/** A parameter with more dimensions (a patch projection) as the matrix that it is for kernels. */
function asMatrix(t: Tensor): Tensor {
  const shape = rowsAndCols(t.shape)
  return t.shape.length === 2 ? t : { ...t, shape, ...(t.grad && { grad: { ...t.grad, shape } }) }
}

function matrixOf(stage: Stage, name: string, head = false): Weight {
  const trained = stage.hooks.parameter?.(name, head)
  return trained ? trainableWeight(asMatrix(trained)) : stage.base.matrices.get(name)!
}

/** The matrices of a block's experts. A method trains all of them, or none. */
function expertsOf({ hooks, base }: Stage, stack: string, names: readonly string[]): ExpertWeight {
  const trained = names.flatMap((name) => hooks.parameter?.(name) ?? [])
  if (trained.length === names.length) return trainedExperts(stack, trained)
  const weight = base.matrices.get(stack)!
  return packedExperts(weight, weight.shape[0] / names.length)
}

/** The context for a family's forward pass. */
export function forwardContext(
  stage: Stage,
  r: Recorder,
  inputs: Pick<InputTensors, 'ids' | 'positions' | 'ranges'>,
  shape: Shape,
  cache?: ForwardContext['cache'],
): ForwardContext {
  return {
    r,
    config: stage.base.file.config,
    hooks: stage.hooks,
    ids: inputs.ids,
    positions: inputs.positions,
    ranges: inputs.ranges,
    ropeTables: stage.ropeTables,
    patches: stage.patches,
    texts: stage.texts,
    batch: shape.batch,
    length: shape.length,
    recompute: stage.recompute,
    matrix: (name) => matrixOf(stage, name),
    experts: (stack, names) => expertsOf(stage, stack, names),
    vector: (name) => stage.hooks.parameter?.(name) ?? stage.base.vectors.get(name),
    prompts: stage.hooks.prompts?.(r),
    prefix: cache ? undefined : stage.hooks.prefix?.(r),
    cache,
  }
}

function headOf(stage: Stage): Weight {
  return matrixOf(stage, stage.base.family.head(stage.base.file.config), true)
}

/** The size of the vocabulary, including tokens that the method adds. */
export function vocabOf({ base, hooks }: Pick<Stage, 'base' | 'hooks'>): number {
  return hooks.vocab ?? base.file.config.vocab
}

function headChange(stage: Stage): HeadChange {
  const { linear, logits: grown, parameter } = stage.hooks
  const weight = headOf(stage)
  const { headBias } = stage.base.family
  return {
    bias: headBias === undefined ? undefined : (parameter?.(headBias) ?? stage.base.vectors.get(headBias)),
    vocab: vocabOf(stage),
    alter(r, x, logits, tile) {
      const whole = grown?.(r, x, logits) ?? logits
      return linear?.(r, { name: 'lm_head', shape: weight.shape, weight, tile }, x, whole) ?? whole
    },
  }
}

function logitCap({ base }: Stage): number {
  return base.family.logitCap?.(base.file.config) ?? 0
}

/** logits [R, stride ≥ V] of hidden [R, C]: the head, and the soft cap if the family has one. */
export function headInto(stage: Stage, r: Recorder, hidden: Tensor, logits: Tensor): void {
  const made = headLogits(r, hidden, headOf(stage), logits, headChange(stage))
  if (made.space !== logits.space) copyInto(r, made, logits)
  const cap = logitCap(stage)
  if (cap) softCapInto(r, logits, cap)
}

/** metrics.loss += mean loss of hidden states [M, C] after the family's forward pass. Sets their gradient if `training`. */
export function lossOf(stage: Stage, r: Recorder, hidden: Tensor, inputs: LossInputs, training: boolean): void {
  headLoss(r, hidden, headOf(stage), inputs, training, {
    cap: logitCap(stage),
    change: headChange(stage),
    counts: stage.base.file.config.vision !== undefined,
  })
}

/** Forward pass and loss of one micro-batch, and its backward pass if `training`. Gradients and loss are added to those before. */
export function recordMicroBatch(
  stage: Stage,
  inputs: InputTensors,
  state: Tensor,
  metrics: Tensor,
  shape: Shape,
  training: boolean,
): Recorder {
  const r = new Recorder(stage.profile, tapeKernels, training)
  const context = forwardContext(stage, r, inputs, shape)
  const loss = { ...inputs, state, metrics }
  const { family, file } = stage.base
  if (family.scores) scoresLoss(r, family.scores(context), file.config.vision!.classes.length, loss, training)
  else lossOf(stage, r, family.forward(context), loss, training)
  if (training) {
    stage.hooks.extraLoss?.(r, loss)
    r.backward()
  }
  return r
}

/** Gradient norm, clipping and AdamW over all parameters; only the norm if AdamW's states are paged. */
export function recordUpdate(profile: Profile, parameters: Parameters, state: Tensor, metrics: Tensor): Recorder {
  const r = new Recorder(profile, tapeKernels)
  const record = parameters.paged ? gradientNorm : optimizerStep
  record(r, parameters, state, metrics)
  return r
}
