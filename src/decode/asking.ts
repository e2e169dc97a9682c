// The form in which a model is asked: the one it was trained in.
import type { AskedForm } from '../config/asking'
import { ShapeError } from '../config/errors'
import { say } from '../config/phrase'
import type { Dataset } from '../data/dataset'
import { type Asker, promptIds } from '../data/encode-sample'
import type { Adapter } from '../peft/method'
import { type LoadedModel, needTokenizer } from '../peft/loaded-model'
import { tokensOf, withNewTokens } from '../peft/new-tokens'
import type { Question } from './answer'

interface Asked {
  /** Absent = the base alone. */
  adapter?: Adapter
  /** Loaded data, where there are any. */
  data?: Dataset
  /** Ask with the prompt as it stands, whatever the form. */
  raw: boolean
}

/** The first that is known: the adapter's form, that of the loaded data, the base's, its chat template; else the prompt as it stands. */
function formOf({ renderer, file }: LoadedModel, { adapter, data, raw }: Asked): AskedForm {
  if (raw) return 'raw'
  return adapter?.asking?.form ?? data?.encoder.asked ?? file.asking?.form ?? (renderer ? 'template' : 'raw')
}

/** A prompt as a question to a model. @throws FormatError where the model has no tokenizer; ShapeError for a prompt of no tokens */
export async function questionOf(
  model: LoadedModel,
  prompt: string,
  given: Asked,
): Promise<Pick<Question, 'tokenizer' | 'promptIds' | 'ends'> & { asked: AskedForm }> {
  const { adapter, data } = given
  const tokenizer = needTokenizer(withNewTokens(model, tokensOf(adapter)))
  const asked = formOf(model, given)
  const asker: Asker = {
    tokenizer,
    asked,
    renderer: model.renderer,
    // The task's description belongs to the data, not to the adapter.
    ...(data?.encoder.asked === asked && { form: data.encoder.form }),
  }
  const ids = await promptIds(prompt, asker)
  if (!ids.length) throw new ShapeError(say`prompt: expected some text, got none. Write a prompt.`)
  return { tokenizer, promptIds: ids, ends: data?.asking.ends, asked }
}
