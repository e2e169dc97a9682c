// Declares a method's parameters with new values or with those of an adapter's file. All mismatches are reported together.
import { FormatError } from '../config/errors'
import { type Phrase, joined, say } from '../config/phrase'
import type { Gpu } from '../gpu/gpu'
import { count, type Tensor } from '../tensor/tensor'
import type { SetUp } from './method'

export interface Fresh {
  name: string
  shape: readonly number[]
  decay: boolean
  rate?: number
  frozen?: boolean
  /** Starting values if no file gives them. */
  fresh: (gpu: Gpu) => Float32Array | Promise<Float32Array>
}

/** An adapter of another model differs in hundreds of names. A few of them are enough to see that. */
const shownProblems = 3

/** @throws FormatError naming tensors of `initial` that are missing, unknown or of another shape */
function checkInitial(initial: SetUp['initial'], specs: readonly Fresh[]): void {
  const problems: Phrase[] = []
  const known = new Set(specs.map((s) => s.name))
  for (const name of initial?.keys() ?? []) if (!known.has(name)) problems.push(say`${name} belongs to no part of the method`)
  for (const spec of specs) {
    const given = initial?.get(spec.name)
    if (initial && !given) problems.push(say`${spec.name} is missing`)
    else if (given && given.shape.join() !== spec.shape.join())
      problems.push(say`${spec.name} should be [${spec.shape.join(', ')}] and is [${given.shape.join(', ')}]`)
  }
  if (problems.length) {
    const more = problems.length - shownProblems
    const shown = [...problems.slice(0, shownProblems), ...(more > 0 ? [say`and ${more} more`] : [])]
    throw new FormatError(
      say`adapter: expected the ${specs.reduce((n, s) => n + count(s.shape), 0)} values of this method on this model, got a file where ${joined(shown, '; ')}. Use the adapter with the model that it was trained on.`,
    )
  }
}

/** Adds all parameters and returns their tensors by name. @throws FormatError as `checkInitial` */
export function declare(context: Pick<SetUp, 'parameters' | 'initial'>, specs: readonly Fresh[]): Map<string, Tensor> {
  const { initial, parameters } = context
  checkInitial(initial, specs)
  return new Map(
    specs.map((spec) => [
      spec.name,
      parameters.add({
        name: spec.name,
        shape: spec.shape,
        values: initial?.get(spec.name)?.values ?? spec.fresh,
        decay: spec.decay,
        rate: spec.rate,
        frozen: spec.frozen,
      }),
    ]),
  )
}
