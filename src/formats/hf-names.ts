// Names in Hugging Face folders; src/formats/families has the tables.
import { filesOf } from './families/registry'
import { hfName } from './gguf-names'

/** Module names in transformers' whole model: `model`, and the modules in it (`embed_tokens`, `layers`, `norm`). */
function modulesOf(family: string): { base: string; beneath: readonly string[] } {
  const paths = filesOf(family).tensors.map(([, hf]) => hf.split('.'))
  const base = embeddingName(family).split('.')[0]!
  return { base, beneath: paths.filter(([first]) => first === base).map(([, second]) => second!) }
}

/** A module's or a tensor's name as the family's file has it, whatever version of transformers gave it. */
function usualName(family: string, name: string): string {
  return (filesOf(family).otherNames ?? []).reduce((named, [part, usual]) => named.replace(part, usual), name)
}

/** A tensor's name in transformers' whole model. Bare models are saved without `model.`, and the first files of GPT-2 without `transformer.`. */
export function wholeName(family: string, name: string): string {
  const { base, beneath } = modulesOf(family)
  const usual = usualName(family, name)
  return beneath.some((module) => usual.startsWith(`${module}.`)) ? `${base}.${usual}` : usual
}

/** Module name of the blocks: `model.layers`. */
export function layersName(family: string): string {
  return filesOf(family)
    .tensors.find(([, hf]) => hf.includes('.{n}.'))![1]
    .replace(/\.\{n\}\..*$/, '')
}

/** The token embedding. A tied head shares it. */
export function embeddingName(family: string): string {
  return hfName(family, 'token_embd.weight')!
}

/** The matrix of a head that is not tied. */
export function headName(family: string): string {
  return hfName(family, 'output.weight')!
}

/** Whether Hugging Face files store the matrix as [in, out]. */
export function isTransposed(family: string, name: string): boolean {
  return filesOf(family).transposed?.test(name) ?? false
}
