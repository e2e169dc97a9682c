// Decides how the rows of a dataset, or a prompt, are asked: in which form, and with which words.
import type { Asking, AskingForm, PromptWords } from '../config/asking'
import type { WantedAsking } from '../config/asking-fields'
import type { DataOptions } from '../config/data-options'
import { type Phrase, joined, say } from '../config/phrase'
import { joinedTemplate, lineTemplate, separatedTemplate, templateParts } from '../config/prompt-template'
import type { Tokenizer } from '../tokenizer/tokenizer'
import type { Sample } from './sample'

/** The words around a prompt, as they are written. */
export interface PromptForm extends Omit<PromptWords, 'promptTemplate'> {
  /** Used for pairs without a chat template. */
  promptTemplate: string
  /** The template has special tokens. They are read as tokens, like those that a chat template writes. */
  special: boolean
}

/** The form that rows of `format` are asked in; unknown for token ids. */
export function askedForm(format: DataOptions['format'], wanted: WantedAsking, hasTemplate: boolean): AskingForm | undefined {
  if (format === 'tokens') return undefined
  if (format === 'text') return 'text'
  const pairs = format !== 'messages' && format !== 'conversations'
  if (pairs && (wanted.promptTemplate ?? wanted.separator) !== undefined) return 'pair'
  if (wanted.chatTemplate && hasTemplate) return 'template'
  return pairs ? 'pair' : 'chat'
}

/**
 * The template for a dataset's pairs if the options name none: nothing between prompt and completion if most pairs have white space there
 * already (as in data made for completion models), otherwise a line break.
 */
function detectedTemplate(samples: readonly Sample[]): string {
  const pairs = samples.flatMap((s) => (s.kind === 'pair' ? [s] : []))
  const spaced = pairs.filter((s) => /\s$/.test(s.prompt) || /^\s/.test(s.completion)).length
  return spaced * 2 > pairs.length ? joinedTemplate : lineTemplate
}

/** The words around the prompts of `samples`. `like`: how the adapter that they are for is asked. */
export function promptForm(samples: readonly Sample[], wanted: WantedAsking, like: Asking | undefined, tokenizer: Tokenizer): PromptForm {
  const { taskDescription, systemWords, promptTemplate, separator } = wanted
  const template = promptTemplate ?? (separator === undefined ? like?.promptTemplate : separatedTemplate(separator))
  return writtenForm({ taskDescription, systemWords, promptTemplate: template ?? detectedTemplate(samples) }, tokenizer)
}

/** The words as they are written with `tokenizer`. */
export function writtenForm(words: PromptWords, tokenizer: Tokenizer): PromptForm {
  const { promptTemplate = lineTemplate, ...rest } = words
  return {
    ...rest,
    promptTemplate,
    special: Object.values(templateParts(promptTemplate) ?? {}).some((text) => hasSpecial(text, tokenizer)),
  }
}

const hasSpecial = (text: string, tokenizer: Tokenizer): boolean =>
  text.trim() !== '' && tokenizer.encode(text, { parseSpecial: true }).join() !== tokenizer.encode(text).join()

/** What an adapter keeps of the way that its rows were asked. Only what was written is known. */
export function keptAsking(form: AskingForm | undefined, words: PromptForm, ends: Iterable<number>): Asking {
  const { taskDescription = '', systemWords = '', promptTemplate } = words
  return {
    ...(form && { form }),
    ...(form === 'pair' && { promptTemplate }),
    ...(form && form !== 'text' && { taskDescription, systemWords }),
    ends: [...ends],
  }
}

/** Why a row has no place in a prompt template that a person gave. */
export function unfitFor({ promptTemplate }: WantedAsking, { kind }: Sample): Phrase | undefined {
  if (promptTemplate === undefined || kind === 'pair') return undefined
  if (kind === 'text') return say`the prompt template has places for a prompt and a completion, and this row is one text`
  if (kind === 'tokens') return say`the prompt template has places for a prompt and a completion, and this row is token ids`
  return say`the prompt template has places for one prompt and one completion, and this row is a conversation`
}

/** A note about settings that these rows do not use. */
export function unusedNotes(form: AskingForm | undefined, wanted: WantedAsking): Phrase[] {
  const { taskDescription, systemWords, separator } = wanted
  const names = [
    ...(taskDescription ? [say`task description`] : []),
    ...(systemWords ? [say`system words`] : []),
    ...(separator !== undefined ? [say`separator`] : []),
  ]
  if (names.length && (form === undefined || form === 'text'))
    return [say`The rows have no prompts, so these settings are not used: ${joined(names)}.`]
  return separator === undefined || form === 'pair' ? [] : [say`The separator is not used, because the rows are conversations.`]
}
