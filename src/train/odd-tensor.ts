// Finds where a number that is not finite comes from, after a step has failed because of it. It reads everything that the step computed
// with from the GPU, so it takes a while, and only then.
import { type Phrase, say } from '../config/phrase'
import type { MicroBatch } from '../data/micro-batch'
import type { Gpu } from '../gpu/gpu'
import { unpackedPieces } from '../models/unpack'
import { readBuffer } from '../tensor/parameters'
import { rowsAndCols } from '../formats/model-file'
import { count } from '../tensor/tensor'
import type { Run } from './run'

/** The first value that is not finite, with its row: `NaN in row 3`. */
function oddIn(values: Float32Array, cols: number): Phrase | undefined {
  const at = values.findIndex((value) => !Number.isFinite(value))
  return at < 0 ? undefined : say`${values[at]!} in row ${Math.floor(at / cols)}`
}

const colsOf = (shape: readonly number[]): number => rowsAndCols(shape)[1]

/** An adapter's tensor with a value (or a gradient) that is not finite. */
async function oddParameter(
  gpu: Gpu,
  { parameters }: Run,
  which: 'values' | 'gradients',
): Promise<{ name: string; what: Phrase } | undefined> {
  for (const [name, values] of await parameters.read(gpu, which)) {
    const what = oddIn(values, colsOf(parameters.shape(name)))
    if (what) return { name, what }
  }
  return undefined
}

/** A tensor of the base with a weight that is not finite, as it is on the GPU. */
async function oddWeight(gpu: Gpu, { plan, replaced }: Run): Promise<{ name: string; what: Phrase } | undefined> {
  const base = plan.model.plan
  for (const [name, { shape, space, offset }] of base.vectors) {
    const buffer = space.kind === 'slot' ? space.slot.buffer : undefined
    const bytes = buffer && (await readBuffer(gpu, buffer, offset, count(shape) * 4))
    const what = bytes && oddIn(new Float32Array(bytes), count(shape))
    if (what) return { name, what }
  }
  for (const weight of base.matrices.values()) {
    if (replaced.includes(weight)) continue
    for await (const { first, values } of unpackedPieces(gpu, weight)) {
      const cols = weight.shape[1]
      const at = values.findIndex((value) => !Number.isFinite(value))
      if (at >= 0) return { name: weight.name, what: say`${values[at]!} in row ${first + Math.floor(at / cols)}` }
    }
  }
  return undefined
}

/** An adapter's tensor whose state in the optimizer is not finite. States of 8 bits and paged ones are not read. */
async function oddState(gpu: Gpu, { parameters }: Run): Promise<Phrase | undefined> {
  if (parameters.paged) return undefined
  for (const [i, { bits, states, size }] of parameters.groups.entries()) {
    if (bits !== 32) continue
    for (const { buffer, label } of states) {
      const values = buffer && new Float32Array(await readBuffer(gpu, buffer, 0, size * 4))
      const at = values?.findIndex((value) => !Number.isFinite(value)) ?? -1
      if (!values || at < 0) continue
      const tensors = parameters.layout.tensors.filter((tensor) => tensor.part === `values-${i}` && tensor.at <= at * 4)
      return say`The ${label.replace(/ \d+$/, '')} of ${tensors.at(-1)?.name ?? ''} holds ${values[at]!}.`
    }
  }
  return undefined
}

/** What a failed step computed with that was not finite, and what to do if the learning rate is not to blame. */
export interface Odd {
  where: Phrase
  advice?: Phrase
}

/**
 * Which tensor made the loss or the gradient of `batches`, the micro-batches of `step`, NaN or infinite. The weights must be as they were
 * before the step. It leaves the gradients of the step behind.
 */
export async function oddTensor(gpu: Gpu, run: Run, batches: readonly MicroBatch[], step: number): Promise<Odd> {
  const weight = await oddWeight(gpu, run)
  if (weight) return { where: say`${weight.name} of the base model holds ${weight.what}.`, advice: say`Load the model again.` }
  const value = await oddParameter(gpu, run, 'values')
  const state = await oddState(gpu, run)
  const advice = say`Resume from the last snapshot, or start again.`
  if (value)
    return {
      where: state
        ? say`${value.name} of the adapter holds ${value.what}. ${state}`
        : say`${value.name} of the adapter holds ${value.what}.`,
      advice,
    }
  if (state) return { where: state, advice }
  const loss = await run.session.gradients(gpu, batches, step)
  if (!Number.isFinite(loss))
    return { where: say`All weights are finite, so the numbers between the layers become too large for the rows of this step.` }
  const gradient = await oddParameter(gpu, run, 'gradients')
  if (gradient) return { where: say`The gradient of ${gradient.name} holds ${gradient.what}. All weights are finite.` }
  return { where: say`All weights are finite, and so is the gradient when it is computed again.` }
}
