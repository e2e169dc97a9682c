// Chooses how a model is asked: as it was trained, unless a person says otherwise.
import { type Asked, askedOf } from '../config/asking'
import { type AskingOptions, wantedAsking } from '../config/asking-fields'
import { ShapeError } from '../config/errors'
import { say } from '../config/phrase'
import { lineTemplate, separatedTemplate, solvedText } from '../config/prompt-template'
import type { Dataset } from '../data/dataset'
import { promptIds } from '../data/encode-sample'
import type { Adapter } from '../peft/method'
import { type LoadedModel, needTokenizer } from '../peft/loaded-model'
import { withTemplate } from '../peft/adapter-template'
import { tokensOf, withNewTokens } from '../peft/new-tokens'
import type { ChatMessage } from '../tokenizer/chat-message'
import type { Question } from './answer'

interface Given {
  /** Absent = the base alone. */
  adapter?: Adapter
  /** The loaded data, if any. */
  data?: Dataset
  /** Ask with the prompt exactly as written, without a form. */
  raw: boolean
  /** What the person wants otherwise. */
  options?: AskingOptions
  /** The turns of a conversation become one text where the form has no place for earlier ones. If not, they are refused. */
  joins?: boolean
}

/** The first way that is known: the adapter's, that of the loaded data, the base model's own, its chat template; else the prompt as written. */
function trainedAsking({ renderer, file }: LoadedModel, { adapter, data }: Given): Asked {
  return askedOf(adapter?.asking) ?? askedOf(data?.asking) ?? askedOf(file.asking) ?? { form: renderer ? 'template' : 'raw' }
}

/** `own` with what the options say. A text that has no place for their words becomes a prompt with a line break behind it. */
function changed(own: Asked, options: AskingOptions): Asked {
  const { form, ...like } = own
  const { taskDescription, systemWords, ...wanted } = wantedAsking(options, like)
  const words = { taskDescription, systemWords }
  const template = wanted.promptTemplate ?? (wanted.separator === undefined ? undefined : separatedTemplate(wanted.separator))
  const wordless = form === 'text' || form === 'raw'
  const leaves = (form === 'template' && options.chatTemplate === false) || (wordless && (taskDescription || systemWords))
  if (template !== undefined || leaves) return { form: 'pair', promptTemplate: template ?? lineTemplate, ...words }
  return { ...own, ...words }
}

/** Tokens that a prompt may have, so that there is room for one more. */
export const promptRoom = ({ file }: LoadedModel, adapter: Adapter | undefined): number =>
  file.config.context - (adapter?.method.virtualTokens?.(adapter.settings) ?? 0) - 1

/**
 * The turns as they are given to a form that takes one text: pairs are solved examples in front of the last question, as in training data
 * with examples; other texts simply continue each other.
 */
function inOneText(turns: readonly ChatMessage[], { form, promptTemplate = lineTemplate }: Asked): string | readonly ChatMessage[] {
  if (form === 'template' || form === 'chat') return turns
  if (form !== 'pair') return turns.map(({ content }) => content).join('')
  const solved = turns
    .slice(0, -1)
    .flatMap(({ role, content }, i) => (role === 'user' ? [{ prompt: content, completion: turns[i + 1].content }] : []))
  return solvedText(promptTemplate, solved) + turns[turns.length - 1].content
}

/** Turns a prompt, or the turns of a conversation, into a question to a model. @throws FormatError if the model has no tokenizer; ShapeError for an empty prompt */
export async function questionOf(
  model: LoadedModel,
  prompt: string | readonly ChatMessage[],
  given: Given,
): Promise<Pick<Question, 'tokenizer' | 'promptIds' | 'ends'> & { asked: Asked }> {
  const { adapter, data, raw, joins, options = {} } = given
  const { renderer } = withTemplate(model, adapter)
  const tokenizer = needTokenizer(withNewTokens(model, tokensOf(adapter)))
  const asked: Asked = raw ? { form: 'raw' } : changed(trainedAsking({ ...model, renderer }, given), options)
  const written = typeof prompt === 'string' || !joins ? prompt : inOneText(prompt, asked)
  const ids = await promptIds(written, { tokenizer, renderer, asked }).finally(() => {
    if (renderer !== model.renderer) renderer?.close()
  })
  if (!ids.length) throw new ShapeError(say`The prompt is empty. Write a prompt.`)
  return { tokenizer, promptIds: ids, ends: data?.asking.ends, asked }
}
