// Features of texts that nothing in a run changes: they are computed once, not in every micro-batch.
import type { TextTensors } from '../models/hooks'
import { copyInto, tapeKernels } from '../ops/add'
import { programOf } from '../ops/program-of'
import type { Arena, Program } from '../tensor/program'
import type { Gpu } from '../gpu/gpu'
import { Recorder } from '../tensor/recorder'
import { type Slot, slotTensor } from '../tensor/tensor'
import type { InputTensors } from './inputs'
import { type Stage, forwardContext } from './recordings'

export interface FixedTexts {
  /** The texts with their features. */
  tensors: TextTensors
  /** Holds the features [classes, P]. */
  slot: Slot
  program: Program
  /** Computes the features. Everything must be allocated and written, and the program prepared. */
  run(gpu: Gpu): void
}

/**
 * The features of the stage's texts, if they are the same in every micro-batch: no gradient reaches what reads them, and they do not depend on a
 * picture. Otherwise undefined, and the forward pass reads the texts itself.
 */
export function fixedTexts(stage: Stage, inputs: InputTensors, arena: Arena): FixedTexts | undefined {
  const { profile, base, texts } = stage
  const { features } = base.family
  if (!features || !texts || texts.own) return undefined
  const r = new Recorder(profile, tapeKernels)
  const made = features.text(forwardContext(stage, r, inputs, { batch: 1, length: 1 }))
  if (made.requiresGrad) return undefined
  const slot: Slot = { label: 'text features', purpose: 'inputs', sizeBytes: made.shape[0] * made.shape[1] * 4 }
  const kept = slotTensor(slot, made.shape)
  copyInto(r, made, kept)
  const program = programOf('texts', r, arena, profile.maxBindingBytes)
  // About one text in a submission, so that the GPU can draw the page in between.
  return { tensors: { ...texts, features: kept }, slot, program, run: (gpu) => program.run(gpu, texts.count) }
}
