// Tensors of the base that a method trains. Trainable f32 copies, which start with the file's values, replace the frozen tensors.
import type { TensorNeed } from '../models/family'
import type { Hooks } from '../models/hooks'
import { type Fresh, declare } from './initial'
import { type Tensors, replaced } from './merge'
import type { Base, Merge, SetUp } from './method'

/** Every tensor of the base that can be trained. */
export function trainableTensors(base: Base): TensorNeed[] {
  return [...base.tensors.values()].filter(({ constant }) => !constant)
}

/** Declares parameters named like the base's tensors. They start from the base if `initial` is empty (a folder with only a config). */
export function trainBaseTensors(
  { base, parameters, initial }: Pick<SetUp, 'base' | 'parameters' | 'initial'>,
  names: readonly string[],
): Hooks {
  const specs = names.map((name): Fresh => {
    const { shape } = base.tensors.get(name)!
    return { name, shape, decay: shape.length > 1, fresh: () => base.stored(name) }
  })
  const tensors = declare({ parameters, initial: initial?.size ? initial : undefined }, specs)
  return { parameter: (name) => tensors.get(name) }
}

/** Replaces the base's tensors by the trained ones. */
export function mergeBaseTensors(tensors: Tensors): Merge {
  return new Map([...tensors].map(([name, t]) => [name, replaced(t)]))
}
