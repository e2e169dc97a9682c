// Adapters as files: PEFT's folder in and out, and the GGUF that llama.cpp reads.
import { type Asking, parseAsking } from '../config/asking'
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import { type Settings, typedSettings, usableSettings } from '../config/field'
import { writeLoraGguf } from '../formats/gguf-write'
import { permuteRows } from '../formats/gguf-names'
import { weightFormat } from '../formats/quant/registry'
import { isTransposed } from '../formats/hf-names'
import { floatBytes } from '../formats/load-weights'
import { readSafetensorsHeader, safetensorsTypes, writeSafetensors } from '../formats/safetensors'
import type { ByteSource } from '../formats/source'
import type { LoraFile } from '../peft/combine'
import { parseConfig } from '../peft/config-keys'
import { type LoraSite, embeddingSite, loraSites, rankFields, targetField, targetNames } from '../peft/lora-sites'
import { saveField } from '../peft/full'
import type { Base, Method, NamedTensor } from '../peft/method'
import { methodNamed, methodOfConfig } from '../peft/registry'
import { withoutTables } from '../peft/stored-tables'
import { namedTokens, newTokens, tokenFields } from '../peft/token-rows'
import { Parameters } from '../tensor/parameters'
import type { FolderFile } from '../peft/model-folder'
import { stateSlot, stateTensor } from '../ops/step-state'

/** An adapter in memory: what it is, and its values by the names in its file. */
export interface Adapter {
  method: Method
  settings: Settings
  tensors: ReadonlyMap<string, NamedTensor>
  /** How it was asked in training, and what its answers end with; absent where its files do not say. */
  asking?: Asking
}

const configName = 'adapter_config.json'
const weightsName = (method: Method) => method.weightsFile ?? 'adapter_model.safetensors'
/** The trained tensors, where the weights file holds only what they make. */
const trainedName = 'trainable.safetensors'
/** PEFT ignores what it does not know in a folder, so the method's own name and settings, and how to ask, travel in a file beside its config. */
const ownName = 'tabtune.json'

async function readTensors(source: ByteSource): Promise<Map<string, NamedTensor>> {
  const { tensors } = await readSafetensorsHeader(source)
  const out = new Map<string, NamedTensor>()
  for (const entry of tensors.values()) {
    const format = ({ F32: 'f32', F16: 'f16', BF16: 'bf16' } as const)[entry.dtype as 'F32' | 'F16' | 'BF16']
    if (!format)
      throw new FormatError(say`${source.name}, ${entry.name}: expected F32, F16 or BF16, got ${entry.dtype}. Convert the adapter.`)
    const count = entry.shape.reduce((a, b) => a * b, 1)
    const values = weightFormat(format).decode(await source.read(entry.offset, entry.sizeBytes), count)
    for (const v of values)
      if (!Number.isFinite(v))
        throw new FormatError(say`${source.name}, ${entry.name}: expected finite numbers, got ${v}. The adapter is damaged.`)
    out.set(entry.name, { shape: entry.shape, values })
  }
  return out
}

async function readJson(source: ByteSource): Promise<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder().decode(await source.read(0, source.sizeBytes)))
  } catch {
    throw new FormatError(say`${source.name}: expected JSON, got something else. The file is damaged.`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new FormatError(say`${source.name}: expected an object, got ${JSON.stringify(value).slice(0, 60)}. The file is damaged.`)
  return value as Record<string, unknown>
}

/** Conv1D's matrices, which the publisher's files hold as [in, out], turned round where a method's tensors are the base's own. */
function turnedRound(tensors: Adapter['tensors'], method: Method, base: Base): Adapter['tensors'] {
  if (!method.baseTensors || !base.family.files.transposed) return tensors
  return new Map([...tensors].map(([name, t]) => [name, isTransposed(base.config.family, name) ? transposed(t) : t]))
}

/** A matrix [N, K] as [K, N]. */
export function transposed({ shape: [rows, cols], values }: NamedTensor): NamedTensor {
  const out = new Float32Array(values.length)
  for (let row = 0; row < rows; row++) for (let col = 0; col < cols; col++) out[col * rows + row] = values[row * cols + col]
  return { shape: [cols, rows], values: out }
}

/** A LoRA adapter's folder without its base. @throws FormatError; UnsupportedError for what TabTune does not do */
export async function readLoraFile(name: string, files: readonly ByteSource[]): Promise<LoraFile> {
  const named = (file: string) => files.find((f) => f.name === file || f.name.endsWith(`/${file}`))
  const [config, weights] = [named(configName), named('adapter_model.safetensors')]
  if (!config || !weights)
    throw new FormatError(
      say`${name}: expected a folder with ${configName} and adapter_model.safetensors, got neither or one. Choose an adapter's folder.`,
    )
  const json = await readJson(config)
  const own = named(ownName)
  const asking = own && parseAsking(own.name, (await readJson(own)).asking)
  return {
    name,
    config: parseConfig(json, methodOfConfig(json).configKeys, `${name}, ${configName}`),
    tensors: await readTensors(weights),
    asking,
  }
}

/** An adapter on its base in the form of `readLoraFile`, with everything resolved that depends on the base. */
export function loraFileOf(name: string, { method, settings, tensors, asking }: Adapter, base: Base): LoraFile {
  return { name, config: method.toConfig(settings, base), tensors, asking }
}

const tensorsFile = (tensors: Adapter['tensors']) =>
  writeSafetensors([...tensors].map(([name, t]) => ({ name, shape: t.shape, data: t.values })))

/** A plain LoRA's folder. */
export function loraFiles({ config, tensors, asking }: LoraFile): FolderFile[] {
  return [
    { path: configName, bytes: encoded(config) },
    { path: 'adapter_model.safetensors', bytes: tensorsFile(tensors) },
    { path: ownName, bytes: encoded({ method: 'lora', asking }) },
  ]
}

/** Tokens that the adapter's tokenizer has behind the base's. */
async function newTokensOf(tokenizer: ByteSource | undefined, base: Base): Promise<string[]> {
  const first = base.nextTokenId
  if (!tokenizer || first === undefined) return []
  const { added_tokens: added = [] } = (await readJson(tokenizer)) as { added_tokens?: { id: number; content: string }[] }
  return added
    .filter((t) => t.id >= first)
    .sort((a, b) => a.id - b.id)
    .map((t) => t.content)
}

/** Checks that the file has exactly the tensors that the method needs on this base. @throws FormatError naming what does not fit */
async function checkFit({ method, settings, tensors }: Adapter, base: Base): Promise<void> {
  const unavailable = method.unavailable?.(base)
  if (unavailable) throw new FormatError(unavailable)
  const parameters = new Parameters(false, Number.MAX_SAFE_INTEGER)
  await method.setUp({ base, settings, parameters, seed: 0, stepState: stateTensor(stateSlot()), initial: tensors })
}

/** `settings` with the new tokens by their names, from our own file or else from the tokenizer that lies in the folder. */
async function withNames(settings: Settings, own: unknown, tokenizer: ByteSource | undefined, base: Base): Promise<Settings> {
  if (base.nextTokenId === undefined) return settings
  const named = newTokens(usableSettings(tokenFields, own))
  const given = typedSettings('adapter', tokenFields, settings)
  return { ...settings, ...namedTokens(given, named.length ? named : await newTokensOf(tokenizer, base), base) }
}

/**
 * An adapter folder (ours or PEFT's) for a base. `asStart`: to train from, where a configuration alone may say all (the base's own last
 * layers, say). @throws FormatError, UnsupportedError
 */
export async function readAdapter(files: readonly ByteSource[], base: Base, asStart = false): Promise<Adapter> {
  const named = (name: string) => files.find((f) => f.name === name || f.name.endsWith(`/${name}`))
  const [config, own] = [named(configName), named(ownName)]
  const missing = (name: string) =>
    new FormatError(
      say`adapter: expected a folder with ${name}, got ${files.map((f) => f.name).join(', ') || 'no files'}. Choose an adapter's folder.`,
    )
  const ownJson = own && (await readJson(own))
  const ownMethod = ownJson?.method
  const wholeModel = typeof ownMethod === 'string' && methodNamed(ownMethod).wholeModel
  if (!config && !wholeModel) throw missing(configName)
  const json = config ? await readJson(config) : ((ownJson?.config ?? {}) as Record<string, unknown>)
  const method = typeof ownMethod === 'string' ? methodNamed(ownMethod) : methodOfConfig(json)
  const weights = named(weightsName(method))
  if (!weights && !(asStart && method.configAlone && !own)) throw missing(weightsName(method))
  const trained = method.made && named(trainedName)
  const read = async (source: ByteSource) => turnedRound(await readTensors(source), method, base)
  const tensors = new Map([...(weights ? await read(weights) : []), ...(trained ? await read(trained) : [])])
  const settings = method.fromConfig(parseConfig(json, method.configKeys), base, tensors)
  const found = {
    settings: method.newTokens ? await withNames(settings, ownJson?.settings, named('tokenizer.json'), base) : settings,
    tensors,
  }
  const replaces = method.fields.some((f) => f.key === 'modulesToSave')
  const adapter = { method, ...(method.baseTensors ? found : await withoutTables(found, base, replaces)) }
  await checkFit(adapter, base)
  return { ...adapter, ...(own && { asking: parseAsking(own.name, ownJson?.asking) }) }
}

/** Where GGUF files permute the rows of a matrix, B's rows must be permuted too. */
function ggufB(values: Float32Array<ArrayBuffer>, site: LoraSite, base: Base): Float32Array<ArrayBuffer> {
  const permutedBy = base.family.files.permutedBy?.(site.site)
  return permutedBy ? permuteRows(values, site.rank, base.config[permutedBy]) : values
}

/**
 * LoRA for llama.cpp's --lora. Its scale is alpha / rank for all tensors with one alpha, so what differs
 * (rsLoRA, patterns) is folded into B.
 */
function ggufFile(adapter: Adapter, base: Base): Uint8Array<ArrayBuffer> {
  const settings = typedSettings('adapter', rankFields, adapter.settings)
  const { alpha } = settings
  const embedding = embeddingSite(base, settings)
  const pairs = [...loraSites(base, settings), ...(embedding ? [embedding] : [])].map((site) => {
    const a = adapter.tensors.get(site.a)!
    const lookup = site === embedding
    const fold = (site.scale * site.rank) / alpha
    const b = adapter.tensors.get(site.b)!.values
    return {
      site: site.site,
      rank: site.rank,
      in: site.in,
      out: site.out,
      a: lookup ? transposed(a).values : a.values,
      lookup,
      b: ggufB(fold === 1 ? b : b.map((v) => v * fold), site, base),
    }
  })
  return writeLoraGguf({ family: base.config.family, name: `${base.name} ${adapter.method.name}`, alpha, pairs })
}

const encoded = (value: unknown) => new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`)

/** A whole model's folder: what lies beside the weights, the weights, and our own settings. */
async function wholeModelFiles({ method, settings, tensors, asking }: Adapter, base: Base): Promise<FolderFile[]> {
  const dtype = typedSettings(method.name, [saveField], settings).saveAs
  const data = [...turnedRound(tensors, method, base)].map(([name, t]) => ({
    name,
    shape: t.shape,
    data: floatBytes(name, t.values, dtype),
    dtype: safetensorsTypes[dtype],
  }))
  const own = { method: method.name, settings, config: method.toConfig(settings, base), asking }
  return [
    ...(await base.folder(dtype, asking?.ends)),
    { path: weightsName(method), bytes: writeSafetensors(data) },
    { path: ownName, bytes: encoded(own) },
  ]
}

/** All files of an adapter's folder, or of the whole model that a method makes. */
export async function writeAdapter(adapter: Adapter, base: Base): Promise<FolderFile[]> {
  const { method, settings, asking } = adapter
  if (method.wholeModel) return wholeModelFiles(adapter, base)
  const [made, trained] = [true, false].map((wanted) => new Map([...adapter.tensors].filter(([name]) => isMade(method, name) === wanted)))
  const files = [
    { path: configName, bytes: encoded(method.toConfig(settings, base)) },
    { path: weightsName(method), bytes: tensorsFile(made.size ? made : turnedRound(trained, method, base)) },
    { path: ownName, bytes: encoded({ method: method.name, settings, asking }) },
  ]
  if (made.size && trained.size) files.push({ path: trainedName, bytes: tensorsFile(trained) })
  const added = method.newTokens?.(settings) ?? []
  if (added.length) files.push(...(await base.tokenizerFiles(added)))
  // llama.cpp knows low-rank updates alone, and takes one of a tied table for both its places.
  const { embedding, head } = method.gguf ? targetNames(base, typedSettings('adapter', [targetField], settings)) : {}
  const tied = base.config.tied && (embedding || head)
  if (method.gguf && !tied && [...adapter.tensors.keys()].every((name) => /\.lora_([AB]\.weight|embedding_[AB])$/.test(name)))
    files.push({ path: 'adapter.gguf', bytes: ggufFile(adapter, base) })
  return files
}

const isMade = ({ made = [] }: Method, name: string) => made.includes(name)

/** Bytes of the weights file among an adapter's files. */
export function weightsBytes(adapter: Adapter, files: readonly FolderFile[]): number {
  return files.find((f) => f.path === weightsName(adapter.method))!.bytes.byteLength
}
