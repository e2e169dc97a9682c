// config.json of a model that compares pictures with texts → ModelConfig, with transformers' own defaults (configuration_clip.py).
import { UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import { activationOf, first } from './activations'
import { checkConfig } from './config-check'
import type { ConfigKey, FamilyFiles } from './families/family-files'
import { isObject } from './json-check'
import type { ModelConfig, TextConfig, TowerConfig } from './model-file'
import { patchesOf } from './picture-config'
import { shown } from './shown'

type Json = Readonly<Record<string, unknown>>

const usualText = { hidden: 512, intermediate: 2048, layers: 12, heads: 8, vocab: 49_408, context: 77 }
const usualVision = { hidden: 768, intermediate: 3072, layers: 12, heads: 12 }
const usualProjection = 512

/** The settings of a tower. Files of older versions have further ones in `…_config_dict`, which come first in transformers. */
function partOf(json: Json, key: string): Json {
  const [part, older] = [json[key], json[`${key}_dict`]]
  return { ...(isObject(part) && part), ...(isObject(older) && older) }
}

function tower(where: string, json: Json, files: FamilyFiles, usual: Partial<Record<ConfigKey, number>>): TowerConfig {
  const get = (key: ConfigKey) => (first(json, files.configKeys[key]) ?? usual[key]) as number
  const [hidden, heads] = [get('hidden'), get('heads')]
  return {
    layers: get('layers'),
    hidden,
    intermediate: get('intermediate'),
    heads,
    kvHeads: heads,
    headDim: hidden / heads,
    normEpsilon: (first(json, files.configKeys.normEpsilon) ?? files.defaults.epsilon) as number,
    hiddenAct: activationOf(where, files, json),
  }
}

/**
 * The ids around a text. Files from before transformers 4.31 name 2 as the end, whatever their vocabulary: there the end is the highest id,
 * and features are taken where that is.
 */
function marks(json: Json, vocab: number): Pick<TextConfig, 'bos' | 'eos' | 'highestEnds'> {
  const eos = Number(json.eos_token_id ?? 49_407)
  if (eos === 2) return { bos: vocab - 2, eos: vocab - 1, highestEnds: true }
  return { bos: Number(json.bos_token_id ?? 49_406), eos }
}

/** @throws FormatError naming what is wrong; UnsupportedError for another class or a setting that is not supported */
export function towersConfig(where: string, json: Json, files: FamilyFiles): ModelConfig {
  const architecture: unknown = Array.isArray(json.architectures) ? json.architectures[0] : undefined
  if (architecture !== undefined && architecture !== files.architecture)
    throw new UnsupportedError(
      say`${where}: expected a model of the ${files.label} family with both towers (${files.architecture}), got ${shown(architecture)}. Choose the whole model.`,
    )
  const [text, vision] = [partOf(json, 'text_config'), partOf(json, 'vision_config')]
  const names = Object.fromEntries(Object.entries(files.configKeys).flatMap(([key, [name]]) => (name === undefined ? [] : [[key, name]])))
  const keysIn = (part: string) => ({
    ...Object.fromEntries(Object.entries(names).map(([key, name]) => [key, `${part}.${name}`])),
    headDim: `${part}.${names.hidden} / ${names.heads}`,
    family: 'model_type',
  })
  const seen = patchesOf(`${where}, vision_config`, vision, 32)
  const vocab = Number(first(text, files.configKeys.vocab) ?? usualText.vocab)
  const own = tower(`${where}, text_config`, text, files, usualText)
  const of: TextConfig = {
    ...own,
    vocab,
    context: Number(first(text, files.configKeys.context) ?? usualText.context),
    projection: Number(json.projection_dim ?? usualProjection),
    ...marks(text, vocab),
  }
  const config: ModelConfig = {
    family: files.name,
    ...tower(`${where}, vision_config`, vision, files, usualVision),
    vocab,
    context: (seen.height / seen.patch) * (seen.width / seen.patch) + 1,
    ropeTheta: 10_000,
    tied: false,
    vision: { ...seen, classes: [] },
    text: of,
    raw: json,
  }
  checkConfig(where, { ...config, ...own, context: of.context }, keysIn('text_config'))
  return checkConfig(where, config, keysIn('vision_config'))
}
