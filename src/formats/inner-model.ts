// Folders of a language model inside a larger one, which also reads pictures. The language model is read as its own folder would be; what
// reads the pictures is left out.
import { floatNumber } from '../config/exact-json'
import { type Phrase, say } from '../config/phrase'
import { families, filesOf } from './families/registry'
import { isObject } from './json-check'
import { ropeParameters } from './rope-factors'

type Json = Readonly<Record<string, unknown>>

/** The class of the whole model, if a family's text model may be inside it. */
export function outerClass({ architectures }: Json): string | undefined {
  const name: unknown = Array.isArray(architectures) ? architectures[0] : undefined
  return typeof name === 'string' && families.some(({ inside = {} }) => Object.hasOwn(inside, name)) ? name : undefined
}

/**
 * The settings of the language model: config.json itself, or its `text_config` with what a whole model's file says beside it. A head is tied
 * if either says so: transformers reads the outer setting (Mistral 3), and Qwen's classes also the inner one. Files with a head of its own
 * keep it (hf-model.ts, shareTied).
 */
export function textPart(json: Json): Json {
  const { text_config: text } = json
  if (!isObject(text) || (json.hidden_size !== undefined && outerClass(json) === undefined)) return json
  const { tie_word_embeddings: outer } = json
  const tied = outer === true ? outer : (text.tie_word_embeddings ?? outer)
  return tied === undefined ? text : { ...text, tie_word_embeddings: tied }
}

/** Parts of a whole model that read pictures, sound or film (transformers' names; the first two forms of Qwen's have no `model.`). */
const others =
  /^(model\.)?(vision_tower|vision_model|vision_embed_tokens|multi_modal_projector|visual|audio_tower|embed_vision|embed_audio)\./

/**
 * The tensor's name in the language model's own folder, undefined if it belongs to another part. transformers 4 writes
 * `language_model.model.layers`, and 5 writes `model.language_model.layers`.
 */
export function innerName(name: string): string | undefined {
  if (others.test(name)) return undefined
  return name.replace(/^(model\.)?language_model\./, '')
}

/** config.json of the language model alone, for writing it. `text`: its settings, of `family`. */
export function ownConfig(json: Json, text: Json, family: string): Record<string, unknown> {
  const { inside = {}, defaultsOf = {} } = filesOf(family)
  // The class that it has as a model of its own may have other defaults.
  const { epsilon, ropeTheta } = defaultsOf[String(text.model_type)] ?? {}
  const usual = {
    ...(epsilon !== undefined && { rms_norm_eps: floatNumber(epsilon) }),
    ...(ropeTheta !== undefined && ropeParameters(text)?.rope_theta === undefined && { rope_theta: floatNumber(ropeTheta) }),
  }
  const [modelType, architecture] = inside[outerClass(json)!]!
  const { text_config: _text, vision_config: _vision, architectures: _outer, model_type: _type, ...rest } = text
  const own = Object.fromEntries(Object.entries(rest).filter(([key]) => !/^(image|video|vision|audio)_/.test(key)))
  const beside = ['bos_token_id', 'eos_token_id', 'pad_token_id', 'tie_word_embeddings'].filter((key) => json[key] !== undefined)
  return {
    architectures: [architecture],
    model_type: modelType,
    ...usual,
    ...Object.fromEntries(beside.map((key) => [key, json[key]])),
    ...own,
  }
}

/** What is left out, for people. */
export const leftOut = (tensors: number): Phrase =>
  say`The model also reads pictures; TabTune uses its language model alone and leaves out ${tensors} tensors`
