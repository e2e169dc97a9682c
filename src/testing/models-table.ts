// The table of docs/models.md, from the families' records and the lists of the golden tests.
import { architectureOf, families } from '../formats/families/registry'
import { checksOf } from './golden-families'

const listed = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ')

/** One row per family. */
export function modelsTable(): string {
  const rows = families.map(({ name, label, modelTypes, noGguf }) => {
    const { logits, adapters, everyGradient, like } = checksOf(name)
    const others = everyGradient ? ['all tensors by slope'] : adapters.length ? [] : ['the cases of every method']
    const training = [...adapters.map((one) => `\`${one}\``), ...others]
    const gguf = noGguf ? 'no' : listed([architectureOf(name)])
    const inLlamaCpp = noGguf ? 'no' : like ? `as ${families.find((f) => f.name === like)!.label}` : 'run'
    return `| ${label} | ${listed(modelTypes)} | ${gguf} | ${listed(logits)} | ${training.join(', ')} | ${inLlamaCpp} |`
  })
  return ['| Family | `model_type` | GGUF | Logits, next tokens | Training | llama.cpp |', '|---|---|---|---|---|---|', ...rows].join('\n')
}
