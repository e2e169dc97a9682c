// preprocessor_config.json of ViT, DeiT and CLIP: how a picture becomes the numbers that a model was trained on (transformers 5,
// image_processing_backends.py and image_processing_pil_{vit,deit,clip}.py). Settings that change the numbers and are not known are refused.
import { FormatError, UnsupportedError } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import { type Resampling, resamplings } from './resample'

export interface Size {
  width: number
  height: number
}

/** The size that a picture is resized to: a fixed one, or one that keeps its proportions. */
export type Target = Size | { shortest: number; longest?: number }

export interface Processor {
  /** Its name in the file: ViT, DeiT, CLIP. */
  kind: string
  /** Absent = the picture is not resized. */
  resize?: { target: Target; resampling: Resampling }
  crop?: Size
  /** Factor of the values 0 to 255; absent = they stay. */
  rescale?: number
  /** Mean and standard deviation of red, green and blue; absent = values stay. */
  normalize?: { mean: readonly number[]; std: readonly number[] }
  /** Size of what a model gets. */
  output: Size
}

type Json = Readonly<Record<string, unknown>>

const halves = [0.5, 0.5, 0.5]
/** What a file may leave out. */
const kinds: Readonly<Record<string, Json>> = {
  ViT: { resample: 2, size: { height: 224, width: 224 }, image_mean: halves, image_std: halves, do_center_crop: false },
  DeiT: {
    resample: 3,
    size: { height: 256, width: 256 },
    crop_size: { height: 224, width: 224 },
    image_mean: halves,
    image_std: halves,
    do_center_crop: true,
  },
  CLIP: {
    resample: 3,
    size: { shortest_edge: 224 },
    crop_size: { height: 224, width: 224 },
    image_mean: [0.48145466, 0.4578275, 0.40821073],
    image_std: [0.26862954, 0.26130258, 0.27577711],
    do_center_crop: true,
  },
}
const switches = { do_resize: true, do_rescale: true, rescale_factor: 1 / 255, do_normalize: true }
/** Settings that say nothing about the numbers of one picture. */
const without = [
  'image_processor_type',
  'feature_extractor_type',
  'processor_class',
  '_processor_class',
  'default_to_square',
  'do_convert_rgb',
  'return_tensors',
  'data_format',
  'input_data_format',
  'device',
  'disable_grouping',
  'image_seq_length',
]
/** Settings that are off in these processors, and refused where a file turns them on. */
const mustBeOff = [
  'use_square_size',
  'do_pad',
  'pad_size',
  'do_reduce_labels',
  'do_flip_channel_order',
  'do_thumbnail',
  'do_align_long_axis',
  'do_crop_margin',
]

const most = 4096
const isSize = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most
const recordOf = (value: unknown): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined

class Reading {
  constructor(
    private readonly where: string,
    private readonly json: Json,
    private readonly standard: Json,
  ) {}

  /** As transformers does, null counts as absent. */
  value(key: string): unknown {
    return this.json[key] ?? this.standard[key] ?? (switches as Json)[key]
  }
  wrong(key: string, expected: Phrase): FormatError {
    const got = JSON.stringify(this.value(key)) ?? say`none`
    return new FormatError(say`${this.where}: expected ${key} to be ${expected}, got ${got}. Use the file that belongs to the model.`)
  }
  flag(key: string): boolean {
    const value = this.value(key)
    if (typeof value !== 'boolean') throw this.wrong(key, say`true or false`)
    return value
  }
  number(key: string): number {
    const value = this.value(key)
    if (typeof value !== 'number' || !Number.isFinite(value)) throw this.wrong(key, say`a number`)
    return value
  }
  /** A number for each colour. */
  colours(key: string, least: number): readonly number[] {
    const value = this.value(key)
    const list = typeof value === 'number' ? [value, value, value] : value
    const fits = Array.isArray(list) && list.length === 3 && list.every((one) => Number.isFinite(one) && (one as number) > least)
    if (!fits) throw this.wrong(key, least === 0 ? say`three numbers above 0` : say`three numbers`)
    return list as number[]
  }
  /** A whole number, or a record of them with these names only. */
  private sizes(key: string, names: readonly (readonly string[])[]): Json | number {
    const value = this.value(key)
    if (isSize(value)) return value
    const record: Json | undefined = Array.isArray(value) && value.length === 2 ? { height: value[0], width: value[1] } : recordOf(value)
    const given = record && Object.keys(record).filter((name) => record[name] !== null)
    const fits = given && names.some((set) => set.length === given.length && set.every((name) => isSize(record[name])))
    if (!fits) throw this.wrong(key, say`whole numbers from 1 to ${most} as ${names.map((set) => set.join(' and ')).join(', or as ')}`)
    return record
  }
  fixed(key: string): Size {
    const sizes = this.sizes(key, [['height', 'width']])
    return typeof sizes === 'number' ? { width: sizes, height: sizes } : { width: sizes.width as number, height: sizes.height as number }
  }
  target(key: string, square: boolean): Target {
    const sizes = this.sizes(key, [['height', 'width'], ['shortest_edge'], ['shortest_edge', 'longest_edge']])
    if (typeof sizes === 'number') return square ? { width: sizes, height: sizes } : { shortest: sizes }
    if ('height' in sizes && sizes.height !== null) return { width: sizes.width as number, height: sizes.height as number }
    const longest = sizes.longest_edge as number | null | undefined
    return { shortest: sizes.shortest_edge as number, ...(typeof longest === 'number' && { longest }) }
  }
}

function kindOf(where: string, json: Json, fallback: string | undefined): string {
  const type = json.image_processor_type ?? json.feature_extractor_type
  if (type === undefined && fallback !== undefined) return fallback
  const name = typeof type === 'string' ? /^(\w+?)(ImageProcessor|FeatureExtractor)(Fast|Pil)?$/.exec(type)?.[1] : undefined
  if (name !== undefined && Object.hasOwn(kinds, name)) return name
  const expected = Object.keys(kinds)
    .map((kind) => `${kind}ImageProcessor`)
    .join(', ')
  const got = typeof type === 'string' ? type : say`none`
  throw new UnsupportedError(
    say`${where}: expected image_processor_type to be ${expected}, got ${got}. Use a ViT, DeiT or CLIP model with its own file.`,
  )
}

/**
 * The processor of a parsed preprocessor_config.json. `fallback`: the kind of model if the file does not name one (ViT, DeiT or CLIP, by
 * the model's config.json). @throws FormatError for impossible values, UnsupportedError for settings that are not implemented
 */
export function parseProcessor(where: string, json: unknown, fallback?: string): Processor {
  // transformers 5 saves a CLIP processor as processor_config.json, with these settings inside.
  const record = recordOf(recordOf(json)?.image_processor) ?? recordOf(json)
  if (!record)
    throw new FormatError(
      say`${where}: expected settings of an image processor, got another value. Use the file that belongs to the model.`,
    )
  const kind = kindOf(where, record, fallback)
  const standard = kinds[kind]
  const known = [...Object.keys(kinds.CLIP), ...Object.keys(switches), ...without]
  const odd = Object.keys(record).find((key) => !known.includes(key) && record[key] !== null && !(mustBeOff.includes(key) && !record[key]))
  if (odd !== undefined)
    throw new UnsupportedError(
      say`${where}: expected settings of ${kind}ImageProcessor, got ${odd}, which TabTune does not compute. Use another model.`,
    )
  const read = new Reading(where, record, standard)
  const square = (record.default_to_square ?? kind !== 'CLIP') === true
  const target = read.flag('do_resize') ? read.target('size', square) : undefined
  const resampling = resamplings[read.number('resample')]
  if (target && !resampling) throw read.wrong('resample', say`a number from 0 to ${resamplings.length - 1}`)
  const crop = read.flag('do_center_crop') ? read.fixed('crop_size') : undefined
  const output = crop ?? (target && 'width' in target ? target : undefined)
  if (!output)
    throw new UnsupportedError(
      say`${where}: expected one size for all pictures (a fixed size or do_center_crop), got pictures that keep their own. Use another model.`,
    )
  return {
    kind,
    ...(target && { resize: { target, resampling } }),
    ...(crop && { crop }),
    ...(read.flag('do_rescale') && { rescale: read.number('rescale_factor') }),
    ...(read.flag('do_normalize') && { normalize: { mean: read.colours('image_mean', -Infinity), std: read.colours('image_std', 0) } }),
    output,
  }
}

/** The processor of a kind as its class in transformers has it, where no file is given. */
export const standardProcessor = (kind: 'ViT' | 'DeiT' | 'CLIP'): Processor => parseProcessor(kind, {}, kind)
