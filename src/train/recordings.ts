// What is recorded: a micro-batch with or without gradients, the optimizer step, and decoding.
import type { Profile } from '../gpu/profile'
import type { BaseModel } from '../models/base-model'
import type { ForwardContext } from '../models/hooks'
import type { Hooks } from '../models/hooks'
import { tapeKernels } from '../ops/add'
import { headLoss } from '../ops/cross-entropy'
import { optimizerStep } from '../ops/optimizer'
import { trainableWeight, type Weight } from '../ops/weight'
import type { Parameters } from '../tensor/parameters'
import { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import type { InputTensors } from './inputs'

/** A base with a method on it, and the tables they share. */
export interface Stage {
  profile: Profile
  base: BaseModel
  hooks: Hooks
  ropeTable: Tensor
  checkpointing: boolean
}

export interface Shape {
  batch: number
  /** Positions a row, virtual tokens among them. */
  length: number
}

function matrixOf(stage: Stage, name: string): Weight {
  const trained = stage.hooks.parameter?.(name)
  return trained ? trainableWeight(trained) : stage.base.matrices.get(name)!
}

/** What a family's forward pass is given. */
export function forwardContext(stage: Stage, r: Recorder, inputs: Pick<InputTensors, 'ids' | 'positions' | 'ranges'>, shape: Shape, cache?: ForwardContext['cache']): ForwardContext {
  return {
    r,
    config: stage.base.file.config,
    hooks: stage.hooks,
    ids: inputs.ids,
    positions: inputs.positions,
    ranges: inputs.ranges,
    ropeTable: stage.ropeTable,
    batch: shape.batch,
    length: shape.length,
    matrix: (name) => matrixOf(stage, name),
    vector: (name) => stage.hooks.parameter?.(name) ?? stage.base.vectors.get(name),
    prefix: cache ? undefined : stage.hooks.prefix?.(r),
    cache,
  }
}

export function headOf(stage: Stage): Weight {
  return matrixOf(stage, stage.base.family.head(stage.base.file.config))
}

/** Forward, loss and (where `gradient`) backward of one micro-batch; gradients and loss are added up. */
export function recordMicroBatch(stage: Stage, inputs: InputTensors, state: Tensor, metrics: Tensor, shape: Shape, gradient: boolean): Recorder {
  const r = new Recorder(stage.profile, tapeKernels, gradient && stage.checkpointing)
  const hidden = stage.base.family.forward(forwardContext(stage, r, inputs, shape))
  const loss = { ...inputs, state, metrics }
  headLoss(r, hidden, headOf(stage), loss, gradient)
  stage.hooks.extraLoss?.(r, loss)
  if (gradient) r.backward()
  return r
}

/** Norm, clipping and AdamW over all parameters. */
export function recordUpdate(profile: Profile, parameters: Parameters, state: Tensor, metrics: Tensor): Recorder {
  const r = new Recorder(profile, tapeKernels)
  optimizerStep(r, parameters, state, metrics)
  return r
}
