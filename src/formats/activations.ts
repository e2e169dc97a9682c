// The activation function that a config.json names.
import { UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import type { FamilyFiles } from './families/family-files'

/** transformers' other names for the same function (activations.py). */
const synonyms: Readonly<Record<string, string>> = { gelu_new: 'gelu_pytorch_tanh', gelu_fast: 'gelu_pytorch_tanh', swish: 'silu' }
const plainName = (activation: string) => synonyms[activation] ?? activation

/** The value of the first of `keys` that is set. */
export function first(json: Readonly<Record<string, unknown>>, keys: readonly string[]): unknown {
  for (const key of keys) if (json[key] !== undefined && json[key] !== null) return json[key]
  return undefined
}

/** The activation function. @throws UnsupportedError if the family's forward pass has another one */
export function activationOf(
  where: string,
  { name, activation: usual, activations = [], configKeys }: FamilyFiles,
  json: Readonly<Record<string, unknown>>,
): string {
  const activation = String(first(json, configKeys.hiddenAct) ?? usual)
  if (![usual, ...activations].some((known) => plainName(activation) === plainName(known)))
    throw new UnsupportedError(
      say`${where}: expected the activation ${usual} of ${name} models, got ${activation.slice(0, 40)}. Choose another model.`,
    )
  return activation
}
