// config.json of a model that sees pictures → ModelConfig, with transformers' own defaults (configuration_vit.py).
import { FormatError, UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import { activationOf, first } from './activations'
import { checkConfig } from './config-check'
import type { ConfigKey, FamilyFiles } from './families/family-files'
import type { ModelConfig, VisionConfig } from './model-file'
import { shown } from './shown'

type Json = Readonly<Record<string, unknown>>

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= 1 << 16

/** One number, or one for the height and one for the width. @throws FormatError */
function pair(where: string, key: string, value: unknown): [number, number] {
  const both: unknown[] = Array.isArray(value) ? value : [value, value]
  if (both.length === 2 && both.every(isCount)) return both as [number, number]
  throw new FormatError(
    say`${where}, ${key}: expected a number of pixels, or two, got ${shown(value)}. Use the model's original config.json.`,
  )
}

/** The names of the classes by their numbers; without names there are `num_labels`, which transformers sets to 2. @throws FormatError */
function classesOf(where: string, { id2label, num_labels: count }: Json): string[] {
  if (id2label === undefined || id2label === null) {
    const classes = count ?? 2
    if (isCount(classes)) return Array.from({ length: classes }, (_, i) => `LABEL_${i}`)
    throw new FormatError(
      say`${where}, num_labels: expected a whole number from 1, got ${shown(count)}. Use the model's original config.json.`,
    )
  }
  const names = typeof id2label === 'object' && !Array.isArray(id2label) ? (id2label as Json) : {}
  const classes = Object.keys(names).map((_, i) => names[String(i)])
  if (classes.length && classes.every((name) => typeof name === 'string' || typeof name === 'number')) return classes.map(String)
  throw new FormatError(
    say`${where}, id2label: expected a name for each class from 0 on, got ${shown(id2label)}. Use the model's original config.json.`,
  )
}

/** Sizes of pictures and of their patches. @throws FormatError, UnsupportedError for sizes that do not fit together */
export function patchesOf(where: string, json: Json, usual = 16): Omit<VisionConfig, 'classes'> {
  const [height, width] = pair(where, 'image_size', json.image_size ?? 224)
  const [patch, across] = pair(where, 'patch_size', json.patch_size ?? usual)
  const channels = json.num_channels ?? 3
  if (channels !== 3)
    throw new UnsupportedError(say`${where}, num_channels: expected 3 (red, green and blue), got ${shown(channels)}. Choose another model.`)
  if (patch !== across || height % patch || width % patch)
    throw new UnsupportedError(
      say`${where}: expected square patches that fill a picture, got patches of ${patch} × ${across} in pictures of ${height} × ${width}. Choose another model.`,
    )
  return { channels, height, width, patch }
}

/** @throws FormatError naming what is wrong; UnsupportedError for another head or a setting that is not supported */
export function pictureConfig(where: string, json: Json, files: FamilyFiles): ModelConfig {
  const architecture: unknown = Array.isArray(json.architectures) ? json.architectures[0] : undefined
  if (architecture !== undefined && architecture !== files.architecture)
    throw new UnsupportedError(
      say`${where}: expected a model of the ${files.label} family that sorts pictures into classes (${files.architecture}), got ${shown(architecture)}. Choose a model with that head.`,
    )
  const vision = { ...patchesOf(where, json), classes: classesOf(where, json) }
  const { configKeys: names, defaults: usual } = files
  const get = (key: ConfigKey) => first(json, names[key])
  const hidden = get('hidden') as number
  const heads = get('heads') as number
  const config: ModelConfig = {
    family: files.name,
    layers: get('layers') as number,
    hidden,
    intermediate: get('intermediate') as number,
    heads,
    kvHeads: heads,
    headDim: hidden / heads,
    vocab: vision.classes.length,
    // The patches, and [CLS].
    context: (vision.height / vision.patch) * (vision.width / vision.patch) + 1,
    normEpsilon: (get('normEpsilon') ?? usual.epsilon ?? 1e-12) as number,
    ropeTheta: 10_000,
    tied: false,
    hiddenAct: activationOf(where, files, json),
    vision,
    raw: json,
  }
  const fileNames = Object.fromEntries(Object.entries(names).flatMap(([key, [name]]) => (name === undefined ? [] : [[key, name]])))
  return checkConfig(where, config, { ...fileNames, headDim: `${fileNames.hidden} / ${fileNames.heads}`, family: 'model_type' })
}
