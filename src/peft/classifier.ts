// The head of a model that sorts into classes. Methods train it beside their own parameters, because the classes of a task are new.
import type { Base, Task } from './method'

/** The method serves models that write text and models that sort pictures. */
export const everyTask: readonly Task[] = ['text', 'image-classification']
export const picturesOnly: readonly Task[] = ['image-classification']

/** Names of the head's weight and bias; none for a model that writes text. */
export function classifierTensors({ family, config, tensors }: Base): string[] {
  if (!family.files.task) return []
  return [family.head(config), family.headBias].filter((name): name is string => name !== undefined && tensors.has(name))
}
