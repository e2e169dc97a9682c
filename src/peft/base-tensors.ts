// Tensors of the base that a method trains itself: held in f32, started from the file, in place of the frozen ones.
import type { Hooks } from '../models/hooks'
import { type Fresh, declare } from './initial'
import { type Tensors, replaced } from './merge'
import type { Merge, SetUp } from './method'

/** Parameters with the base's own names; an empty `initial` (a folder with a config alone) starts from the base. */
export function trainBaseTensors(
  { base, parameters, initial }: Pick<SetUp, 'base' | 'parameters' | 'initial'>,
  names: readonly string[],
): Hooks {
  const specs = names.map((name): Fresh => {
    const { shape, kind } = base.tensors.get(name)!
    return { name, shape, decay: kind !== 'vector', fresh: () => base.stored(name) }
  })
  const tensors = declare({ parameters, initial: initial?.size ? initial : undefined }, specs)
  return { parameter: (name) => tensors.get(name) }
}

/** The trained tensors in place of the base's. */
export function mergeBaseTensors(tensors: Tensors): Merge {
  return new Map([...tensors].map(([name, t]) => [name, replaced(t)]))
}
