// Chooses the form in which a model is asked: the form that it was trained in.
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
  /** The loaded data, if any. */
  data?: Dataset
  /** Ask with the prompt exactly as written, without a form. */
  raw: boolean
}

/** The first form that is known: the adapter's, that of the loaded data, the base model's own, its chat template; else the prompt as written. */
function formOf({ renderer, file }: LoadedModel, { adapter, data, raw }: Asked): AskedForm {
  if (raw) return 'raw'
  return adapter?.asking?.form ?? data?.encoder.asked ?? file.asking?.form ?? (renderer ? 'template' : 'raw')
}

/** Turns a prompt into a question to a model. @throws FormatError if the model has no tokenizer; ShapeError for an empty prompt */
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
  if (!ids.length) throw new ShapeError(say`The prompt is empty. Write a prompt.`)
  return { tokenizer, promptIds: ids, ends: data?.asking.ends, asked }
}
