// config.json of Hugging Face transformers → ModelConfig, with transformers' own defaults.
import { FormatError, UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import { activationOf, first } from './activations'
import { towersConfig } from './towers-config'
import { checkConfig, maxHeadDim } from './config-check'
import type { ConfigKey, FamilyFiles } from './families/family-files'
import { checkFamily, familyOfType, filesOf, isPictureFamily } from './families/registry'
import { checkHfFormula } from './formula-keys'
import { checkHead } from './hf-kind'
import { textPart } from './inner-model'
import type { ModelConfig } from './model-file'
import { pictureConfig } from './picture-config'
import { ropeParameters, scaledRope } from './rope-factors'
import { checkHfKinds } from './setting-kinds'

type Json = Readonly<Record<string, unknown>>

/** Settings of the rotary embedding. transformers 5 writes them into `rope_parameters`; earlier versions have separate keys. */
function rotary(
  where: string,
  json: Json,
  { headDim, context }: Pick<ModelConfig, 'headDim' | 'context'>,
  files: FamilyFiles,
  defaults: FamilyFiles['defaults'],
) {
  const { partialRotary, rotaryKey } = files
  const given = ropeParameters(json)
  // Parameters may be listed by kind of layer. The family's own file reads those of layers with a window.
  const parameters = (given?.full_attention ?? given ?? defaults.ropeScaling) as Json | null | undefined
  // What stands among the parameters counts before what stands beside them.
  const read = (...keys: string[]) => (parameters && first(parameters, keys)) ?? first(json, keys)
  const theta = (read('rope_theta', 'rotary_emb_base') ?? defaults.ropeTheta ?? 10_000) as number
  const rotated = rotaryKey === undefined ? undefined : ((json[rotaryKey] ?? defaults.rotaryDim) as number | undefined)
  const partial = rotated ? rotated / headDim : ((read('partial_rotary_factor', 'rotary_pct', 'rope_pct') ?? partialRotary ?? 1) as number)
  if (partial !== 1 && partialRotary === undefined)
    throw new UnsupportedError(
      say`${where}: expected rotary embeddings over the whole head, got partial_rotary_factor ${String(partial)}. Choose another model.`,
    )
  const dim = Math.trunc(headDim * partial)
  // Other numbers are refused with the other sizes.
  if (!(headDim > 0 && headDim <= maxHeadDim && headDim % 2 === 0) || !files.rotary) return { ropeTheta: theta }
  if (!(dim > 0 && dim <= headDim && dim % 2 === 0))
    throw new FormatError(
      say`${where}, ${rotated ? rotaryKey! : 'partial_rotary_factor'}: expected an even part of ${headDim} numbers of a head, got ${String(rotated || partial)}. Use the model's original config.json.`,
    )
  const original = json.original_max_position_embeddings
  return {
    ropeTheta: theta,
    ...(dim !== headDim && { ropeDim: dim }),
    ...scaledRope(where, parameters, { theta, dim, context, original }),
  }
}

/** @throws FormatError naming the keys that are missing; UnsupportedError for a family or a setting that is not supported */
export function hfConfig(where: string, json: Json): ModelConfig {
  const outer = familyOfType(String(json.model_type ?? ''))
  // A picture family's own text_config is no language model.
  const text = isPictureFamily(outer) ? json : textPart(json)
  const family = familyOfType(String(text.model_type ?? ''))
  checkFamily(where, family)
  const files = filesOf(family)
  if (files.task) {
    checkHfKinds(where, json)
    return (files.task === 'image-text' ? towersConfig : pictureConfig)(where, json, files)
  }
  checkHead(where, json, files)
  checkHfKinds(where, text)
  const { configKeys: names } = files
  const usual = { ...files.defaults, ...files.defaultsOf?.[String(text.model_type)] }
  const get = (key: ConfigKey) => first(text, names[key])
  const hidden = (get('hidden') ?? usual.hidden) as number
  const heads = (get('heads') ?? usual.heads) as number
  const headDim = (get('headDim') ?? usual.headDim ?? hidden / heads) as number
  const context = (get('context') ?? usual.context ?? 2048) as number
  const config: ModelConfig = {
    family,
    layers: (get('layers') ?? usual.layers) as number,
    hidden,
    intermediate: (get('intermediate') ?? usual.intermediate?.(hidden)) as number,
    heads,
    kvHeads: (usual.kvHeadsOf?.(text) ?? get('kvHeads') ?? usual.kvHeads ?? heads) as number,
    headDim,
    vocab: (get('vocab') ?? usual.vocab) as number,
    context,
    normEpsilon: (get('normEpsilon') ?? usual.epsilon ?? 1e-6) as number,
    ...rotary(where, text, { headDim, context }, files, usual),
    tied: Boolean(text.tie_word_embeddings ?? json.tie_word_embeddings ?? usual.tied),
    hiddenAct: activationOf(where, files, text),
    raw: text,
  }
  const fileNames = Object.fromEntries(Object.entries(names).flatMap(([key, [name]]) => (name === undefined ? [] : [[key, name]])))
  const derived = get('headDim') === undefined && { headDim: `${fileNames.hidden} / ${fileNames.heads}` }
  const checked = checkConfig(where, config, { ...fileNames, ...derived, family: 'model_type', ropeTheta: 'rope_theta' })
  checkHfFormula(where, text, checked)
  return checked
}
