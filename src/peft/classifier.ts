// The head of a model that sorts into classes. Methods train it beside their own parameters, because the classes of a task are new.
import type { Task } from '../config/task'
import type { Base } from './method'

/** The method serves models that write text and models that sort pictures by a head. */
export const headTasks: readonly Task[] = ['text', 'image-classification']
/** These, and models that compare pictures with texts. */
export const everyTask: readonly Task[] = [...headTasks, 'image-text']
export const picturesOnly: readonly Task[] = ['image-classification', 'image-text']
export const sortingOnly: readonly Task[] = ['image-classification']
export const comparingOnly: readonly Task[] = ['image-text']

/** Names of the head's weight and bias; none for a model that writes text. */
export function classifierTensors({ family, config, tensors }: Base): string[] {
  if (!family.files.task) return []
  return [family.head(config), family.headBias].filter((name): name is string => name !== undefined && tensors.has(name))
}
