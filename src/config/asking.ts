// How a model is asked a prompt, and the tokens that end its answers. An adapter keeps both, so that it is asked as it was trained.
import { FormatError } from './errors'
import { say } from './phrase'
import { joinedTemplate, lineTemplate, templateParts } from './prompt-template'

/**
 * `template`: as a user turn of the model's chat template. Without one: `pair`: in a text with {prompt} and {completion}; `chat`:
 * "User: …\nAssistant:". `text`: a text that the model continues.
 */
export const askingForms = ['template', 'pair', 'chat', 'text'] as const
export type AskingForm = (typeof askingForms)[number]

/** The words around every prompt. Absent ones are not known: rows of token ids, or files of an older version. */
export interface PromptWords {
  /** Text before every prompt; empty = none. */
  taskDescription?: string
  /** System words of rows that have none of their own; empty = none. */
  systemWords?: string
  /** Of the form `pair`. */
  promptTemplate?: string
}

/** How a prompt was asked: in a form, or as it is. */
export interface Asked extends PromptWords {
  form: AskingForm | 'raw'
}

/** What an adapter keeps. */
export interface Asking extends PromptWords {
  /** Absent = not known: the rows were token ids. */
  form?: AskingForm
  /** Ids that trained answers end with. */
  ends: readonly number[]
}

/** The way to ask of an adapter, if its file names it. */
export function askedOf(asking: Asking | undefined): Asked | undefined {
  if (asking?.form === undefined) return undefined
  const { form, promptTemplate, taskDescription, systemWords } = asking
  return { form, promptTemplate, taskDescription, systemWords }
}

/** Older versions wrote the form of pairs by these names. */
const olderForms: Readonly<Record<string, string>> = { line: lineTemplate, joined: joinedTemplate }

const isText = (value: unknown): value is string | undefined => value === undefined || typeof value === 'string'

/** How an adapter is asked, from its own file; undefined if the file does not say. @throws FormatError */
export function parseAsking(where: string, value: unknown): Asking | undefined {
  if (value === undefined) return undefined
  const given = (value ?? {}) as Record<string, unknown>
  const { ends, taskDescription, systemWords } = given
  const older = olderForms[String(given.form)]
  const form = older === undefined ? askingForms.find((name) => name === given.form) : 'pair'
  const promptTemplate = older ?? given.promptTemplate
  const isForm = form !== undefined || given.form === undefined
  const isIds = Array.isArray(ends) && ends.every((id) => Number.isInteger(id) && (id as number) >= 0)
  const isTemplate =
    isText(promptTemplate) && (promptTemplate !== undefined ? templateParts(promptTemplate) !== undefined : form !== 'pair')
  if (!isForm || !isIds || !isTemplate || !isText(taskDescription) || !isText(systemWords))
    throw new FormatError(
      say`${where}, asking: expected one of ${askingForms.join(', ')}, texts and a list of token ids, got ${JSON.stringify(value).slice(0, 100)}. Take "asking" out of the file.`,
    )
  return {
    ...(form !== undefined && { form }),
    ...(promptTemplate !== undefined && { promptTemplate }),
    ...(taskDescription !== undefined && { taskDescription }),
    ...(systemWords !== undefined && { systemWords }),
    ends: ends as number[],
  }
}

/** What several adapters have in common: their form and words if they agree, and all their ends. */
export function commonAsking(all: readonly (Asking | undefined)[]): Asking | undefined {
  const known = all.filter((asking) => asking !== undefined)
  if (!known.length) return undefined
  const withoutEnds = all.map((asking) => ({ ...asking, ends: undefined }))
  const same = withoutEnds.every((asking) => sameAsking(asking, withoutEnds[0]))
  return { ...(same && known[0]), ends: [...new Set(known.flatMap(({ ends }) => ends))] }
}

const wordKeys = ['form', 'promptTemplate', 'taskDescription', 'systemWords'] as const

const sameAsking = (a: Partial<Asked>, b: Partial<Asked>): boolean => wordKeys.every((key) => a[key] === b[key])
