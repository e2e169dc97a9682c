// A Hugging Face folder as a model: config.json, one or several safetensors files, tokenizer files.
import { parseAsking } from '../config/asking'
import { parseJson, stringifyJson } from '../config/exact-json'
import { FormatError, UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import { turned } from './conv1d'
import { joinsExperts, singleExperts } from './expert-tensors'
import { hfConfig } from './hf-config'
import { checkHeadTensors } from './hf-kind'
import { filesOf } from './families/registry'
import { embeddingName, headName, isTransposed, wholeName } from './hf-names'
import { innerName, leftOut, outerClass, ownConfig, textPart } from './inner-model'
import { checkSettings } from './json-check'
import { MemorySource } from './memory-source'
import type { ModelConfig, ModelFile, TensorEntry, TokenizerSource } from './model-file'
import type { WeightFormatId } from './quant/format-id'
import { weightFormat } from './quant/registry'
import { takePrequantised } from './prequantised/registry'
import { type SafetensorsDtype, type StoredTensor, readSafetensorsHeader } from './safetensors'
import { sizedName } from './sized-name'
import type { ByteSource } from './source'
import { checkSpecialTokens, specialOf } from './special-tokens'

type Json = Readonly<Record<string, unknown>>

/** The files of one folder by their names without the folder. Those of additional_chat_templates keep that folder's name. */
type Folder = ReadonlyMap<string, ByteSource>

/** TabTune's own file in the folder of a whole model that it trained. */
const ownName = 'tabtune.json'
const maxJsonBytes = 64 << 20
const formats: Partial<Record<SafetensorsDtype, WeightFormatId>> = { F32: 'f32', F16: 'f16', BF16: 'bf16' }

async function readText(source: ByteSource): Promise<string> {
  if (source.sizeBytes > maxJsonBytes)
    throw new FormatError(
      say`${source.name}: expected at most ${maxJsonBytes} bytes, got ${source.sizeBytes}. Choose a folder in which this file is smaller.`,
    )
  return new TextDecoder().decode(await source.read(0, source.sizeBytes))
}

async function readJson(folder: Folder, name: string): Promise<Json | undefined> {
  const source = folder.get(name)
  if (!source) return undefined
  let value: unknown
  try {
    value = JSON.parse(await readText(source))
  } catch (error) {
    if (error instanceof FormatError) throw error
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new FormatError(say`${source.name}: expected a JSON object, got something else. Download the file again.`)
  // The tokenizer's own schema checks its large file.
  if (name !== 'tokenizer.json') checkSettings(source.name, value as Json)
  return value as Json
}

/** The safetensors files that the index names, or the only one there is. */
async function weightFiles(folder: Folder): Promise<ByteSource[]> {
  const index = await readJson(folder, 'model.safetensors.index.json')
  if (index && !folder.has('model.safetensors')) {
    const names = new Set(Object.values((index.weight_map ?? {}) as Json).map(String))
    const missing = [...names].filter((name) => !folder.has(name))
    if (missing.length || names.size === 0) {
      throw new FormatError(
        missing.length
          ? say`model.safetensors.index.json: expected all the files that it names beside it, got a folder without ${missing.slice(0, 3).join(', ')}. Choose the whole folder.`
          : say`model.safetensors.index.json: expected names of files, got an empty list. Download the file again.`,
      )
    }
    return [...names].map((name) => folder.get(name)!)
  }
  const whole = folder.get('model.safetensors')
  if (whole) return [whole]
  const named = [...folder].filter(([name]) => name.endsWith('.safetensors') && !name.startsWith('adapter_')).map(([, source]) => source)
  if (named.length === 1) return named
  const got = named.length ? say`${named.length} files without model.safetensors.index.json` : say`none`
  throw new FormatError(say`model folder: expected model.safetensors or its parts with their index, got ${got}. Choose the whole folder.`)
}

async function storedTensors(files: readonly ByteSource[]): Promise<Map<string, StoredTensor>> {
  const tensors = new Map<string, StoredTensor>()
  for (const source of files) {
    for (const [name, entry] of (await readSafetensorsHeader(source)).tensors) {
      if (tensors.has(name))
        throw new FormatError(
          say`${source.name}: expected each tensor in one file only, got ${name.slice(0, 200)} a second time. Choose one model's files only.`,
        )
      tensors.set(name, { ...entry, source })
    }
  }
  return tensors
}

function entryOf({ name, shape, source, offset, sizeBytes }: StoredTensor, format: WeightFormatId, config: ModelConfig): TensorEntry {
  // The matrices of experts are read by their own rows. Pictures' tensors of more dimensions are read by the first.
  const rows = joinsExperts(config, { name, shape }) ? shape[0]! * shape[1]! : shape.length > 1 ? shape[0]! : 1
  const rowBytes = rows ? sizeBytes / rows : 0
  return {
    name,
    shape,
    format,
    sizeBytes,
    async readRows(rowStart, rowCount) {
      if (rowStart < 0 || rowCount < 0 || rowStart + rowCount > rows) {
        throw new FormatError(
          say`${name}: expected rows up to ${rows}, got ${rowCount} from row ${rowStart}. This is a mistake in TabTune.`,
        )
      }
      return source.read(offset + rowStart * rowBytes, rowCount * rowBytes)
    },
  }
}

function refuseUnreadable(stored: Iterable<StoredTensor>): void {
  const unreadable = [...stored].filter((tensor) => !formats[tensor.dtype])
  if (unreadable.length === 0) return
  const types = [...new Set(unreadable.map((tensor) => tensor.dtype))].join(', ')
  const [{ source, name }] = unreadable as [StoredTensor, ...StoredTensor[]]
  const shown = name.slice(0, 200)
  const where = unreadable.length > 1 ? say`${shown} and ${unreadable.length - 1} others` : shown
  throw new UnsupportedError(
    say`${source.name}: expected tensors of ${Object.keys(formats).join(', ')}, got ${types} in ${where}. Choose the model with one of these types.`,
  )
}

/** Number of values that are compared at once: 8 MB of float32. */
const comparedValues = 2 << 20

/** Whether two matrices have the same numbers. Reads a few MB at a time. */
async function sameValues(a: TensorEntry, b: TensorEntry): Promise<boolean> {
  const [rows = 0, cols = 0] = a.shape
  if (a.shape.join() !== b.shape.join()) return false
  const step = Math.max(1, Math.floor(comparedValues / cols))
  for (let first = 0; first < rows; first += step) {
    const count = Math.min(step, rows - first)
    const [x, y] = await Promise.all([a, b].map(async (t) => weightFormat(t.format).decode(await t.readRows(first, count), count * cols)))
    if (x!.some((value, i) => value !== y![i])) return false
  }
  return true
}

/**
 * Whether the head is the embedding: as config.json says, unless the file has two tables that differ (transformers 5,
 * modeling_utils.py, tie_weights). Tied weights may be stored under either name; only one is kept.
 */
async function shareTied(tensors: Map<string, TensorEntry>, { tied, family }: ModelConfig): Promise<boolean> {
  const name = embeddingName(family)
  const headMatrix = headName(family)
  const [head, embedding] = [tensors.get(headMatrix), tensors.get(name)]
  if (!tied || !head) return tied
  if (embedding && !(await sameValues(head, embedding))) return false
  if (!embedding) tensors.set(name, { ...head, name })
  tensors.delete(headMatrix)
  return true
}

/** The language model's tensors with their own names. */
function languageModel(all: ReadonlyMap<string, StoredTensor>): Map<string, StoredTensor> {
  return new Map(
    [...all].flatMap(([name, tensor]) => {
      const inner = innerName(name)
      return inner === undefined ? [] : [[inner, { ...tensor, name: inner }]]
    }),
  )
}

/** config.json of the language model alone. */
async function textConfig(source: ByteSource, { family }: ModelConfig): Promise<ByteSource> {
  const json = parseJson(await readText(source)) as Json
  return new MemorySource(source.name, new TextEncoder().encode(stringifyJson(ownConfig(json, textPart(json), family))))
}

async function tensorsOf(
  folder: Folder,
  where: string,
  config: ModelConfig,
  json: Json,
): Promise<Pick<ModelFile, 'sizeBytes' | 'quantised' | 'leftOut'> & { tensors: Map<string, TensorEntry>; tied: boolean }> {
  const all = await storedTensors(await weightFiles(folder))
  const stored = outerClass(json) === undefined ? all : languageModel(all)
  if (!config.vision) checkHeadTensors(where, stored.keys())
  const others = all.size - stored.size
  const sizeBytes = [...stored.values()].reduce((sum, tensor) => sum + tensor.sizeBytes, 0)
  const tensors = new Map<string, TensorEntry>()
  const { entries, words: quantised } = await takePrequantised(where, json, stored)
  for (const entry of entries) {
    const name = wholeName(config.family, entry.name)
    tensors.set(name, { ...entry, name })
  }
  const { buffers } = filesOf(config.family)
  for (const name of stored.keys()) if (buffers.test(name)) stored.delete(name)
  refuseUnreadable(stored.values())
  for (const tensor of stored.values()) {
    const name = wholeName(config.family, tensor.name)
    const entry = entryOf({ ...tensor, name }, formats[tensor.dtype]!, config)
    for (const one of singleExperts(config, isTransposed(config.family, name) ? turned(entry) : entry)) tensors.set(one.name, one)
  }
  return { tensors, sizeBytes, quantised, leftOut: others ? leftOut(others) : undefined, tied: await shareTied(tensors, config) }
}

export const templatesFolder = 'additional_chat_templates/'

/** Chat templates with names of their own. */
async function moreTemplates(folder: Folder): Promise<Readonly<Record<string, string>> | undefined> {
  const found = [...folder].filter(([name]) => name.startsWith(templatesFolder) && name.endsWith('.jinja'))
  if (!found.length) return undefined
  const named = found.map(async ([name, source]) => [name.slice(templatesFolder.length, -'.jinja'.length), await readText(source)] as const)
  return Object.fromEntries(await Promise.all(named))
}

async function tokenizerOf(folder: Folder): Promise<TokenizerSource | undefined> {
  const tokenizerJson = await readJson(folder, 'tokenizer.json')
  if (!tokenizerJson) return undefined
  const special = (await readJson(folder, 'special_tokens_map.json')) ?? {}
  checkSpecialTokens(special)
  const settings = (await readJson(folder, 'tokenizer_config.json')) ?? {}
  // A token that tokenizer_config.json leaves open (null) is the one of the other file (transformers 5).
  const open = Object.fromEntries(Object.entries(special).filter(([key]) => (settings[key] ?? undefined) === undefined))
  const tokenizerConfig = { ...settings, ...open }
  const template = folder.get('chat_template.jinja')
  const more = await moreTemplates(folder)
  return {
    kind: 'hf',
    tokenizerJson,
    tokenizerConfig,
    ...(template && { chatTemplate: await readText(template) }),
    ...(more && { moreTemplates: more }),
  }
}

/** `license:` in the front matter of a model card. */
async function licenceOf(folder: Folder): Promise<string | undefined> {
  const card = folder.get('README.md')
  if (!card || card.sizeBytes > 1 << 20) return undefined
  const frontMatter = /^---\r?\n([\s\S]*?)\r?\n---/.exec(await readText(card))?.[1]
  return frontMatter && /^license:\s*['"]?([\w.+-]+)/m.exec(frontMatter)?.[1]
}

function checkVocabulary(where: string, config: ModelConfig, tensors: ReadonlyMap<string, TensorEntry>): void {
  const rows = tensors.get(embeddingName(config.family))?.shape[0]
  if (rows !== undefined && rows !== config.vocab) {
    throw new FormatError(
      say`${where}: expected a vocab_size of ${rows}, the number of rows of the embedding, got ${config.vocab}. Use the config.json that belongs to these weights.`,
    )
  }
}

const isCompanion = (name: string) =>
  /^(config|generation_config|preprocessor_config|tokenizer|tokenizer_config|special_tokens_map|added_tokens|vocab|chat_template)\.json$|^(merges\.txt|tokenizer\.model|chat_template\.jinja)$/.test(
    name,
  )

/** The files beside the weights. Of a larger model, config.json is that of the language model in it. */
async function companionsOf(folder: Folder, json: Json, config: ModelConfig): Promise<ByteSource[]> {
  const isBeside = (name: string) => isCompanion(name) || name.startsWith(templatesFolder)
  const found = [...folder].flatMap(([name, source]) => (isBeside(name) && source.sizeBytes <= maxJsonBytes ? [source] : []))
  if (outerClass(json) === undefined) return found
  return Promise.all(found.map((source) => (source === folder.get('config.json') ? textConfig(source, config) : source)))
}

/** Checks a folder's config.json. @throws FormatError, UnsupportedError for a model that TabTune does not run, whatever its weights */
export async function checkFolder(folder: Folder): Promise<{ where: string; json: Json; config: ModelConfig }> {
  const where = folder.get('config.json')!.name
  const json = (await readJson(folder, 'config.json'))!
  return { where, json, config: hfConfig(where, json) }
}

/** Opens a folder that has a config.json. @throws FormatError, UnsupportedError */
export async function openHuggingFace(folder: Folder, name: string): Promise<ModelFile> {
  const { where, json, config: said } = await checkFolder(folder)
  const { tensors, sizeBytes, quantised, leftOut: others, tied } = await tensorsOf(folder, where, said, json)
  const config = { ...said, tied }
  if (!config.vision) checkVocabulary(where, config, tensors)
  return {
    container: 'safetensors',
    name: name || (typeof json._name_or_path === 'string' && json._name_or_path.split('/').pop()) || sizedName(config, tensors),
    licence: await licenceOf(folder),
    config,
    tensors,
    tokenizer: await tokenizerOf(folder),
    asking: parseAsking(ownName, (await readJson(folder, ownName))?.asking),
    special: specialOf(json, (await readJson(folder, 'generation_config.json')) ?? {}),
    companions: await companionsOf(folder, json, config),
    quantised,
    leftOut: others,
    sizeBytes,
  }
}
