// Refuses Hugging Face folders that are not language models with plain weights: other heads, models for pictures, quantised weights.
// Each error names what the folder has and says what to choose instead.
import { UnsupportedError } from '../config/errors'
import { type Phrase, type PhraseValue, say } from '../config/phrase'
import type { StoredTensor } from './safetensors'

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

/** @throws UnsupportedError for a model that does not write text, or also handles pictures or sound */
export function checkHead(where: string, json: Json): void {
  const architecture = architectureOf(json)
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

const withBits = (name: string, q: Json): PhraseValue => (q.bits === undefined ? name : say`${name}, ${short(q.bits)} bits`)

/** The quantisation that config.json names; undefined for none and for NF4 of bitsandbytes. */
function namedQuantisation(json: Json): PhraseValue | undefined {
  const q = (json.quantization_config ?? json.quantization ?? json.compression_config) as Json | null | undefined
  if (typeof q !== 'object' || q === null) return undefined
  const method = q.quant_method
  if (method === 'bitsandbytes' || (method === undefined && (q.load_in_8bit || q.load_in_4bit))) {
    if (q.load_in_8bit) return 'bitsandbytes int8'
    return q.bnb_4bit_quant_type === 'nf4' ? undefined : `bitsandbytes ${short(q.bnb_4bit_quant_type ?? 'fp4')}`
  }
  if (method === undefined && q.group_size !== undefined) return say`${withBits('MLX', q)} in groups of ${short(q.group_size)}`
  if (method === 'gptq' || method === 'awq') return withBits(method.toUpperCase(), q)
  if (method === 'fp8' || method === 'fbgemm_fp8') return 'FP8'
  if (method === 'compressed-tensors') return `compressed-tensors${q.format === undefined ? '' : ` (${short(q.format)})`}`
  return method === undefined ? say`a quantisation without quant_method` : short(method)
}

/** Tensors that only quantised folders have, for folders whose config.json does not name the quantisation. */
const traces: readonly (readonly [ending: RegExp, kind: PhraseValue])[] = [
  [/\.SCB$/, 'bitsandbytes int8'],
  [/\.quant_state\.bitsandbytes__(?!nf4$)/, 'bitsandbytes fp4'],
  [/\.(qweight|qzeros)$/, say`GPTQ or AWQ`],
  [/\.weight_packed$/, 'compressed-tensors'],
  [/\.(weight_scale|weight_scale_inv)$/, 'FP8'],
  [/\.scales$/, 'MLX'],
]

/** @throws UnsupportedError naming the quantisation, unless it is none or NF4 of bitsandbytes */
export function checkQuantisation(where: string, json: Json, stored: ReadonlyMap<string, StoredTensor>): void {
  const names = [...stored.keys()]
  const traced = traces.find(([ending]) => names.some((name) => ending.test(name)))?.[1]
  const kind = namedQuantisation(json) ?? traced
  if (kind === undefined) return
  throw new UnsupportedError(
    say`${where}: expected bitsandbytes NF4 or no quantisation, got ${kind}. Choose this model's folder without quantisation, or a GGUF file of it. TabTune makes NF4 itself.`,
  )
}
