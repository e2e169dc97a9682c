// The chat templates of a model. Most models have one. Some have several with names, and transformers renders `tool_use` for conversations
// with tools and `default` for the others (get_chat_template in tokenization_utils_base.py).
import { type Phrase, say } from '../config/phrase'
import type { TokenizerSource } from '../formats/model-file'

interface ModelTemplates {
  /** Of conversations without tools, and of all if `tools` is absent. */
  plain?: string
  tools?: string
  /** Names of templates of which none is the default, so that none is used. */
  unused: readonly string[]
}

const [ggufKey, listedKey] = ['tokenizer.chat_template', 'tokenizer.chat_templates']

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined
}

/** Templates by their names; the only one of a model is its default. */
function namedTemplates(source: TokenizerSource): Readonly<Record<string, unknown>> {
  if (source.kind === 'gguf') {
    const keys = Object.keys(source.metadata).filter((key) => key.startsWith(`${ggufKey}.`) && !key.startsWith(listedKey))
    const named = Object.fromEntries(keys.map((key) => [key.slice(ggufKey.length + 1), source.metadata[key]]))
    return { ...named, default: source.metadata[ggufKey] }
  }
  const { chatTemplate, moreTemplates } = source
  if (text(chatTemplate) !== undefined || moreTemplates) return { ...moreTemplates, default: chatTemplate }
  const inConfig = source.tokenizerConfig.chat_template
  if (!Array.isArray(inConfig)) return { default: inConfig }
  return Object.fromEntries((inConfig as { name: string; template: unknown }[]).map(({ name, template }) => [name, template]))
}

export function modelTemplates(source: TokenizerSource): ModelTemplates {
  const named = namedTemplates(source)
  const plain = Object.hasOwn(named, 'default') ? text(named.default) : undefined
  if (plain === undefined) return { unused: Object.keys(named).filter((name) => text(named[name]) !== undefined) }
  return { plain, tools: Object.hasOwn(named, 'tool_use') ? text(named.tool_use) : undefined, unused: [] }
}

/** A model's own chat template, or undefined. */
export const chatTemplateOf = (source: TokenizerSource): string | undefined => modelTemplates(source).plain

/** Says that a model's templates are not used. */
export function templatesNote(source: TokenizerSource | undefined): Phrase | undefined {
  const unused = source && modelTemplates(source).unused
  if (!unused?.length) return undefined
  return say`the model has no chat template named “default”, so its templates are not used: ${unused.join(', ').slice(0, 200)}`
}
