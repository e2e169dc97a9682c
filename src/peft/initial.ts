// Declares a method's parameters, from fresh values or from an adapter's file; every mismatch is reported at once.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { Gpu } from '../gpu/gpu'
import { count, type Tensor } from '../tensor/tensor'
import type { SetUp } from './method'

export interface Fresh {
  name: string
  shape: readonly number[]
  decay: boolean
  rate?: number
  frozen?: boolean
  /** Starting values where no file gives them. */
  fresh: (gpu: Gpu) => Float32Array | Promise<Float32Array>
}

/** An adapter of another model differs in hundreds of names; few say as much. */
const shownProblems = 3

/** @throws FormatError naming what is missing, odd or left over in `initial`. */
function checkInitial(initial: SetUp['initial'], specs: readonly Fresh[]): void {
  const problems: string[] = []
  const known = new Set(specs.map((s) => s.name))
  for (const name of initial?.keys() ?? []) if (!known.has(name)) problems.push(`${name} belongs to no part of the method`)
  for (const spec of specs) {
    const given = initial?.get(spec.name)
    if (initial && !given) problems.push(`${spec.name} is missing`)
    else if (given && given.shape.join() !== spec.shape.join())
      problems.push(`${spec.name} should be [${spec.shape.join(', ')}] and is [${given.shape.join(', ')}]`)
  }
  if (problems.length) {
    const shown =
      problems.slice(0, shownProblems).join('; ') + (problems.length > shownProblems ? `; and ${problems.length - shownProblems} more` : '')
    throw new FormatError(
      say`adapter: expected the ${specs.reduce((n, s) => n + count(s.shape), 0)} values of this method on this model, got a file where ${shown}. Use the adapter with the model it was made for.`,
    )
  }
}

/** Adds all parameters and gives their tensors by name. @throws FormatError as `checkInitial`. */
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
