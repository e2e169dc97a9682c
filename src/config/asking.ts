// The form in which a model is asked a prompt, and the tokens that end its answers. An adapter keeps both, so that it is asked as it was
// trained.
import { FormatError } from './errors'
import { say } from './phrase'

/**
 * `template`: as a user turn of the model's chat template. Without a template: `line`: the prompt and a line break; `joined`: the
 * prompt alone, because the data has its own space; `chat`: "User: …\nAssistant:". `text`: a text that the model continues.
 */
const askingForms = ['template', 'line', 'joined', 'chat', 'text'] as const
export type AskingForm = (typeof askingForms)[number]

/** How a prompt was asked: in a form, or as it is. */
export type AskedForm = AskingForm | 'raw'

/** What an adapter keeps. */
export interface Asking {
  /** Absent = not known: the rows were token ids. */
  form?: AskingForm
  /** Ids that trained answers end with. */
  ends: readonly number[]
}

/** How an adapter is asked, from its own file; undefined if the file does not say. @throws FormatError */
export function parseAsking(where: string, value: unknown): Asking | undefined {
  if (value === undefined) return undefined
  const { form, ends } = (value ?? {}) as { form?: unknown; ends?: unknown }
  const isForm = form === undefined || askingForms.includes(form as AskingForm)
  const isIds = Array.isArray(ends) && ends.every((id) => Number.isInteger(id) && (id as number) >= 0)
  if (!isForm || !isIds)
    throw new FormatError(
      say`${where}, asking: expected one of ${askingForms.join(', ')} and a list of token ids, got ${JSON.stringify(value).slice(0, 100)}. Take "asking" out of the file.`,
    )
  return { ...(form !== undefined && { form: form as AskingForm }), ends: ends as number[] }
}

/** What several adapters have in common: their form if they agree, and all their ends. */
export function commonAsking(all: readonly (Asking | undefined)[]): Asking | undefined {
  const known = all.filter((asking) => asking !== undefined)
  if (!known.length) return undefined
  const forms = new Set(all.map((asking) => asking?.form))
  const [form] = forms
  return { ...(forms.size === 1 && form !== undefined && { form }), ends: [...new Set(known.flatMap(({ ends }) => ends))] }
}
