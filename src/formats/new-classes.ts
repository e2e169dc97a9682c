// A model that sorts pictures, with a head for other classes. The new head is zero, so every class is as likely at first.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import { headName } from './hf-names'
import type { ModelFile, TensorEntry } from './model-file'

const usual = (classes: readonly string[]) => classes.every((name, i) => name === `LABEL_${i}`)

/** Whether a head for `classes` is one for `names`: it has these names in this order, or as many and no names of its own. */
export function hasClasses(classes: readonly string[], names: readonly string[]): boolean {
  return classes.length === names.length && (usual(classes) || classes.every((name, i) => name === names[i]))
}

function zeros(name: string, shape: readonly [number, ...number[]]): TensorEntry {
  const [rows, cols] = shape.length > 1 ? shape : [1, shape[0]]
  const sizeBytes = rows * cols * 4
  return { name, shape, format: 'f32', sizeBytes, readRows: async (_first, count) => new Uint8Array(count * cols * 4) }
}

/** The model for these classes; its head stays if it is for them. @throws FormatError for fewer than two classes */
export function withClasses(model: ModelFile, names: readonly string[]): ModelFile {
  if (names.length < 2) throw new FormatError(say`classes: expected at least two names, got ${names.length}. Add classes.`)
  const config = { ...model.config, vocab: names.length, vision: { ...model.config.vision!, classes: names } }
  if (hasClasses(model.config.vision!.classes, names)) return { ...model, config }
  const weight = headName(config.family)
  const bias = weight.replace(/weight$/, 'bias')
  const tensors = new Map(model.tensors)
  tensors.set(weight, zeros(weight, [names.length, config.hidden]))
  tensors.set(bias, zeros(bias, [names.length]))
  return { ...model, config, tensors }
}
