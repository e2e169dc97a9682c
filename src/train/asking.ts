// In which form a model is asked, so that it is asked as it was trained.
import type { Asking } from '../config/asking'
import type { Asker, Encoder } from '../data/encode-sample'
import type { TemplateRenderer } from '../tokenizer/template-renderer'
import type { Tokenizer } from '../tokenizer/tokenizer'
import type { Adapter } from './adapter'

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
  /** The prompt as it stands, whatever the form. */
  raw: boolean
}

/** As the adapter was trained where that is known, else as loaded data are read, else as the base was trained or in its template, else as it stands. */
export function askerOf({ tokenizer, renderer, adapter, base, data, raw }: Asked): Asker & Required<Pick<Asker, 'asked'>> {
  if (raw) return { tokenizer, asked: 'raw' }
  const asked = adapter?.asking?.form ?? data?.asked ?? base?.form ?? (renderer ? 'template' : 'raw')
  // The words of a task are the data's, not the adapter's.
  return { tokenizer, renderer, asked, ...(data?.asked === asked && { form: data.form }) }
}
