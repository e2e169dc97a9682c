// Folders whose weights were quantised before they were published. Each kind is a file here and one line below: how config.json names it, the
// tensors that only it has, and what reads it.
import { UnsupportedError } from '../../config/errors'
import { type Phrase, type PhraseValue, joined, say } from '../../config/phrase'
import type { TensorEntry } from '../model-file'
import { weightFormat } from '../quant/registry'
import { awqTensors } from './awq'
import { bitsAndBytesTensors } from './bitsandbytes'
import { compressedTensors } from './compressed'
import { fp8Tensors } from './fp8'
import { gptqTensors } from './gptq'
import { mlxTensors } from './mlx'
import { type Json, type Stored, otherFolder } from './stored'

interface Kind {
  /** quant_method of config.json. */
  method: string
  label: string
  /** Names of tensors that only this kind has, for folders whose config.json does not name it. */
  trace?: RegExp
  read(stored: Stored, config: Json): Promise<TensorEntry[]>
}

const kinds: readonly Kind[] = [
  { method: 'bitsandbytes', label: 'bitsandbytes', trace: /\.(SCB|quant_state\.bitsandbytes__(nf4|fp4))$/, read: bitsAndBytesTensors },
  { method: 'gptq', label: 'GPTQ', read: gptqTensors },
  { method: 'awq', label: 'AWQ', read: awqTensors },
  { method: 'mlx', label: 'MLX', read: mlxTensors },
  { method: 'compressed-tensors', label: 'compressed-tensors', trace: /\.(weight_packed)$/, read: compressedTensors },
  { method: 'fp8', label: 'FP8', trace: /\.weight_scale_inv$/, read: (stored, config) => fp8Tensors(stored, config.weight_block_size) },
  { method: 'fbgemm_fp8', label: 'FP8', read: (stored) => fp8Tensors(stored) },
]

/** Traces that are not enough to read the weights: config.json has to say more. */
const unnamed: readonly (readonly [ending: RegExp, kind: PhraseValue])[] = [
  [/\.(qweight|qzeros)$/, say`GPTQ or AWQ`],
  [/\.scales$/, 'MLX'],
  [/\.weight_scale$/, say`8-bit numbers`],
]

const short = (value: unknown) => String(value).slice(0, 60)
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null

/** The settings of the quantisation as config.json has them, and its method, or words for one without a name; MLX has no quant_method. */
function namedIn(json: Json): { method?: string | Phrase; config: Json } {
  const config = [json.quantization_config, json.quantization, json.compression_config].find(isObject)
  if (!config) return { config: {} }
  const given = config.quant_method
  if (typeof given === 'string') return { method: given, config }
  if (config.load_in_8bit || config.load_in_4bit) return { method: 'bitsandbytes', config }
  if (config.group_size !== undefined && config.bits !== undefined) return { method: 'mlx', config }
  return { method: isObject(config.config_groups) ? 'compressed-tensors' : say`a quantisation without quant_method`, config }
}

/** @throws UnsupportedError naming the quantisation, if it cannot be read */
function kindOf(where: string, json: Json, names: readonly string[]): { kind: Kind; config: Json } | undefined {
  const { method, config } = namedIn(json)
  const kind =
    kinds.find((k) => k.method === method) ?? (method === undefined ? kinds.find((k) => names.some((n) => k.trace?.test(n))) : undefined)
  if (kind) return { kind, config }
  const traced = unnamed.find(([ending]) => names.some((name) => ending.test(name)))?.[1]
  if (method === undefined && traced === undefined) return undefined
  const known = [...new Set(kinds.map((k) => k.label))].join(', ')
  const got =
    method === undefined
      ? say`weights of ${traced!} whose settings config.json does not have`
      : typeof method === 'string'
        ? short(method)
        : method
  throw new UnsupportedError(say`${where}: expected no quantisation, or one by ${known}, got ${got}. ${otherFolder}`)
}

/** What is told about the entries: in which formats they are read in place, and what others become. */
function wordsOf(label: string, entries: readonly TensorEntry[]): Phrase {
  const inPlace = new Set(entries.filter((e) => !e.native).map((e) => weightFormat(e.format).label))
  const turned = new Set(entries.flatMap((e) => (e.native ? [weightFormat(e.native).label] : [])))
  const parts = [
    ...(inPlace.size ? [say`read in place (${[...inPlace].join(', ')})`] : []),
    ...(turned.size ? [say`turned into ${[...turned].join(', ')} while loading, unless another precision is chosen`] : []),
  ]
  return say`Quantised by ${label}: ${joined(parts, ' and ')}`
}

/**
 * Takes the matrices that were quantised out of `stored`, as entries, and says what is made of them. Gives none for other folders.
 * @throws FormatError, UnsupportedError naming the quantisation
 */
export async function takePrequantised(where: string, json: Json, stored: Stored): Promise<{ entries: TensorEntry[]; words?: Phrase }> {
  const found = kindOf(where, json, [...stored.keys()])
  if (!found) return { entries: [] }
  const { read, label } = found.kind
  const entries = (await read(stored, found.config)).map((entry) => (entry.native ? { ...entry, stored: label } : entry))
  return entries.length ? { entries, words: wordsOf(label, entries) } : { entries }
}

/** For a config.json without weights, which does not say which tensors were quantised. @throws UnsupportedError if some were */
export function refuseQuantised(where: string, json: Json): void {
  const { method } = namedIn(json)
  if (method === undefined || method === 'bitsandbytes') return
  const label = kinds.find((kind) => kind.method === method)?.label ?? short(method)
  throw new UnsupportedError(
    say`${where}: expected a configuration of unquantised weights, got ${label}. Choose the whole folder, whose tensors say what was quantised.`,
  )
}
