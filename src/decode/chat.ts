// A model's chat template made ready to render, where it has one.
import type { ModelFile } from '../formats/model-file'
import { chatTemplateOf } from '../tokenizer/create-tokenizer'
import { type TemplateRenderer, type TemplateTokens, directRenderer } from '../tokenizer/template-renderer'
import type { Tokenizer } from '../tokenizer/tokenizer'

/** The renderer of the file's template; `make` chooses where it runs (default: beside the caller, with counted steps). */
export function rendererOf(
  file: ModelFile,
  tokenizer: Tokenizer,
  make: (template: string, tokens: TemplateTokens) => TemplateRenderer = directRenderer,
): TemplateRenderer | undefined {
  const template = file.tokenizer ? chatTemplateOf(file.tokenizer) : undefined
  if (!template) return undefined
  const text = (id: number | undefined) => (id === undefined ? undefined : tokenizer.token(id))
  return make(template, { bosToken: text(tokenizer.bos), eosToken: text(tokenizer.eos[0]) })
}
