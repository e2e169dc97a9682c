// The settings that decide how rows are asked. The page's form, the command line, its help and settings links read these fields.
import type { Asked } from './asking'
import { FormatError, phraseOf } from './errors'
import type { Field, SettingsOf } from './field'
import { type Phrase, say } from './phrase'
import { checkTemplate, separatedTemplate } from './prompt-template'

export const askingFields = [
  {
    key: 'taskDescription',
    type: 'text',
    label: 'Task description',
    help: 'Text before every prompt.',
    default: '',
    flag: 'task',
    multiline: true,
  },
  {
    key: 'chatTemplate',
    type: 'boolean',
    label: 'Use the chat template',
    help: 'Prompts become user turns of the model’s chat template, if it has one.',
    default: true,
    flag: 'no-chat-template',
  },
  {
    key: 'systemWords',
    type: 'text',
    label: 'System words',
    help: 'How the model should behave. They stand before the prompt of each row that has no system words of its own.',
    default: '',
    flag: 'system',
    multiline: true,
  },
  {
    key: 'promptTemplate',
    type: 'text',
    label: 'Prompt template',
    help: 'Text with {prompt} and {completion}, in place of the chat template. \\n is a line break. What follows {completion} belongs to the answer.',
    default: '',
    flag: 'template',
    multiline: true,
  },
  {
    key: 'separator',
    flag: 'prompt-separator',
    type: 'text',
    label: 'Separator',
    help: 'Text between prompt and completion, in place of the chat template. \\n is a line break. Without a chat template, it is a line break by default, or nothing if the rows have white space there.',
    default: '',
    maxLength: 1000,
  },
] as const satisfies readonly Field[]

/** What a person chose; the others are absent, or have their default. */
export type AskingOptions = Partial<SettingsOf<typeof askingFields>>

/** How the options want rows to be asked. Absent = they do not say. */
export interface WantedAsking {
  taskDescription?: string
  systemWords?: string
  /** Every row must fit into it. */
  promptTemplate?: string
  separator?: string
  chatTemplate: boolean
}

const escapes: Readonly<Record<string, string>> = { '\\n': '\n', '\\t': '\t' }
const withoutEscapes = (text: string): string => text.replaceAll(/\\[nt]/g, (escape) => escapes[escape])

/**
 * What the options say, and `like` where they do not. A template of `like` is a wish: rows that do not fit into it are asked in another way.
 * @throws FormatError for a template without its marks, or with a separator beside it, and for a separator with marks
 */
export function wantedAsking(options: AskingOptions, like: Partial<Asked> = {}): WantedAsking {
  const promptTemplate = options.promptTemplate ? withoutEscapes(options.promptTemplate) : undefined
  const separator = options.separator ? withoutEscapes(options.separator) : undefined
  if (promptTemplate !== undefined) checkTemplate(promptTemplate)
  if (separator !== undefined) checkTemplate(separatedTemplate(separator))
  if (promptTemplate !== undefined && separator !== undefined)
    throw new FormatError(
      say`separator: expected none beside a prompt template, which says itself what is between prompt and completion, got ${separator}. Leave one of the two out.`,
    )
  return {
    taskDescription: options.taskDescription ?? like.taskDescription,
    systemWords: options.systemWords ?? like.systemWords,
    promptTemplate,
    separator,
    chatTemplate: options.chatTemplate ?? (like.form !== 'pair' && like.form !== 'chat'),
  }
}

/** Why these options cannot be used; undefined if they can. */
export function askingProblem(options: AskingOptions): Phrase | undefined {
  try {
    wantedAsking(options)
    return undefined
  } catch (error) {
    return phraseOf(error)
  }
}

/** No choice about how rows are asked. */
export const unasked: AskingOptions = Object.fromEntries(askingFields.map(({ key }) => [key, undefined]))

/** The options that ask rows as an adapter was trained. */
export function optionsLike({ form, promptTemplate, taskDescription, systemWords }: Partial<Asked>): AskingOptions {
  const template = form === 'pair' ? promptTemplate : undefined
  return { ...unasked, taskDescription, systemWords, promptTemplate: template, ...(form === 'chat' && { chatTemplate: false }) }
}
