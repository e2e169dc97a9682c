// Names in Hugging Face folders; src/formats/families has the tables.
import { filesOf } from './families/registry'
import { hfName } from './gguf-names'

/** Module names of transformers' whole model: `model`, and what is beneath it (`embed_tokens`, `layers`, `norm`). */
function modulesOf(family: string): { base: string; beneath: readonly string[] } {
  const paths = filesOf(family).tensors.map(([, hf]) => hf.split('.'))
  const base = embeddingName(family).split('.')[0]!
  return { base, beneath: paths.filter(([first]) => first === base).map(([, second]) => second!) }
}

/** A tensor's name as transformers' whole model has it: bare models are saved without `model.`, and GPT-2's first files without `transformer.`. */
export function wholeName(family: string, name: string): string {
  const { base, beneath } = modulesOf(family)
  return beneath.some((module) => name.startsWith(`${module}.`)) ? `${base}.${name}` : name
}

/** Module name of the blocks: `model.layers`. */
export function layersName(family: string): string {
  return filesOf(family)
    .tensors.find(([, hf]) => hf.includes('.{n}.'))![1]
    .replace(/\.\{n\}\..*$/, '')
}

/** The token embedding, which a tied head shares. */
export function embeddingName(family: string): string {
  return hfName(family, 'token_embd.weight')!
}

/** Whether Hugging Face files hold the matrix as [in, out]. */
export function isTransposed(family: string, name: string): boolean {
  return filesOf(family).transposed?.test(name) ?? false
}
