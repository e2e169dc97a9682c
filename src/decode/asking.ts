// The form in which a model is asked: the one it was trained in.
import type { Asking } from '../config/asking'
import type { Asker, Encoder } from '../data/encode-sample'
import type { TemplateRenderer } from '../tokenizer/template-renderer'
import type { Tokenizer } from '../tokenizer/tokenizer'
import type { Adapter } from '../export/adapter'

export interface Asked {
  tokenizer: Tokenizer
  /** The base's chat template, where it has one. */
  renderer?: TemplateRenderer
  /** Absent = the base alone. */
  adapter?: Adapter
  /** How the base was trained, where its files say so. */
  base?: Asking
  /** How loaded data are read, where there are any. */
  data?: Encoder
  /** Ask with the prompt as it stands, whatever the form. */
  raw: boolean
}

/** The first that is known: the adapter's form, that of the loaded data, the base's, its chat template; else the prompt as it stands. */
export function askerOf({ tokenizer, renderer, adapter, base, data, raw }: Asked): Asker & Required<Pick<Asker, 'asked'>> {
  if (raw) return { tokenizer, asked: 'raw' }
  const asked = adapter?.asking?.form ?? data?.asked ?? base?.form ?? (renderer ? 'template' : 'raw')
  // The task's description belongs to the data, not to the adapter.
  return { tokenizer, renderer, asked, ...(data?.asked === asked && { form: data.form }) }
}
