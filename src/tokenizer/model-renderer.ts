// Makes the renderer of a model's chat template, if it has one.
import type { ModelFile } from '../formats/model-file'
import { chatTemplateOf } from './create-tokenizer'
import { type TemplateRenderer, type TemplateTokens, directRenderer } from './template-renderer'
import { templateTokens } from './template-tokens'
import type { Tokenizer } from './tokenizer'

/** Chooses where a template runs. */
export type MakeRenderer = (template: string, tokens: TemplateTokens) => TemplateRenderer

/** The renderer of the file's template. By default it runs in the caller's thread, within the budget. */
export function rendererOf(
  file: Pick<ModelFile, 'tokenizer'>,
  tokenizer: Tokenizer,
  make: MakeRenderer = directRenderer,
): TemplateRenderer | undefined {
  const template = file.tokenizer && chatTemplateOf(file.tokenizer)
  if (!template) return undefined
  return make(template, templateTokens(file.tokenizer!, tokenizer))
}
