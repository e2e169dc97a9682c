// The words nearest to the learned context of an adapter that the engine holds.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { LoadedModel } from '../peft/loaded-model'
import type { Adapter } from '../peft/method'
import { type ContextWords, nearWords } from '../peft/near-words'
import { modelTokenizer } from '../tokenizer/create-tokenizer'

/** @throws Cancelled; FormatError for an adapter without such a context, or a model without a tokenizer */
export async function contextWords(
  { file, plan, base }: LoadedModel,
  { method, tensors }: Adapter,
  signal: AbortSignal,
): Promise<ContextWords[]> {
  const context = method.contextTensor === undefined ? undefined : tensors.get(method.contextTensor)
  const tokenizer = modelTokenizer(file)
  if (!context || !tokenizer)
    throw new FormatError(
      say`${file.name}: expected an adapter with a learned context and a model with a tokenizer, got another. Choose an adapter of CoOp or CoCoOp.`,
    )
  const words = {
    vocabSize: tokenizer.vocabSize,
    isSpecial: (id: number) => tokenizer.isSpecial(id),
    token: (id: number) => tokenizer.token(id),
  }
  const table = await base.stored(plan.family.embedding(file.config).name)
  // The messages that have come meanwhile are handled, the one that cancels among them.
  const rest = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve))
    signal.throwIfAborted()
  }
  return nearWords(context, table, words, file.config.vision?.classes ?? [], rest)
}
