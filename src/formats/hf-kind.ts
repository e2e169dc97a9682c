// Refuses Hugging Face folders that are not language models: other heads, models for pictures.
// Each error names what the folder has and says what to choose instead.
import { UnsupportedError } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import type { FamilyFiles } from './families/family-files'

type Json = Readonly<Record<string, unknown>>

const short = (value: unknown) => String(value).slice(0, 60)

function architectureOf({ architectures }: Json): string | undefined {
  const name: unknown = Array.isArray(architectures) ? architectures[0] : undefined
  return typeof name === 'string' ? name.slice(0, 60) : undefined
}

function whatItIs(architecture: string): Phrase {
  if (/For(Sequence|Token)Classification$|ForQuestionAnswering$|RewardModel$/.test(architecture))
    return say`a head that classifies. Choose the model that it was made from`
  if (architecture.endsWith('ForConditionalGeneration'))
    return say`a language model inside a larger model. Choose its text-only version, or a GGUF file of it`
  return say`another head than the one that writes text. Choose the model with that head`
}

/** @throws UnsupportedError for a model that does not write text, or has its language model inside a class that is not known to hold one of the family */
export function checkHead(where: string, json: Json, { inside = {} }: FamilyFiles): void {
  const architecture = architectureOf(json)
  if (architecture !== undefined && Object.hasOwn(inside, architecture)) return
  // A bare model (LlamaModel) is a language model. Its head is its embedding, or is missing.
  if (architecture === undefined || /(ForCausalLM|LMHeadModel|(?<!Reward|Value|Heads|Encoder|Vision)Model)$/.test(architecture))
    return checkText(where, json)
  throw new UnsupportedError(say`${where}: expected a language model (…ForCausalLM), got ${architecture}, ${whatItIs(architecture)}.`)
}

function checkText(where: string, { hidden_size: hidden, text_config: text, model_type: type }: Json): void {
  if (hidden !== undefined || typeof text !== 'object' || text === null) return
  throw new UnsupportedError(
    say`${where}: expected a language model, got a model of type ${short(type)} with a text_config, ${whatItIs('ForConditionalGeneration')}.`,
  )
}

/** @throws UnsupportedError for tensors of a head that classifies */
export function checkHeadTensors(where: string, names: Iterable<string>): void {
  const found = [...names].find((name) => /^(score|classifier|qa_outputs)\.(weight|dense\.weight|out_proj\.weight)$/.test(name))
  if (found)
    throw new UnsupportedError(
      say`${where}: expected a language model with the head that writes text, got ${found}, which classifies. Choose the model that it was made from.`,
    )
}
