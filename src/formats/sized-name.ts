// The name of a model whose files do not name it.
import type { ModelConfig, TensorEntry } from './model-file'

const sizeLetters = [
  [1e9, 'B'],
  [1e6, 'M'],
  [1e3, 'K'],
] as const

/** A family with the number of the model's weights, to three digits: `llama-135M`. */
export function sizedName({ family }: Pick<ModelConfig, 'family'>, tensors: ReadonlyMap<string, Pick<TensorEntry, 'shape'>>): string {
  const weights = [...tensors.values()].reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0)
  const [power, letter] = sizeLetters.find(([least]) => Number(weights.toPrecision(3)) >= least) ?? [1, '']
  return `${family}-${Number((weights / power).toPrecision(3))}${letter}`
}
