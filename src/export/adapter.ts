// Reads and writes adapters as files: PEFT's folder, or the files that a method writes instead.
import { parseAsking } from '../config/asking'
import { FormatError } from '../config/errors'
import { parseEvalRecord } from '../config/eval-record'
import { otherBase, parseTrainedOn } from '../config/identity'
import { say } from '../config/phrase'
import { type Settings, typedSettings, usableSettings } from '../config/field'
import { weightFormat } from '../formats/quant/registry'
import { readSafetensorsHeader } from '../formats/safetensors'
import { checkSettings } from '../formats/json-check'
import type { ByteSource } from '../formats/source'
import {
  adapterFolder,
  baseOf,
  configName,
  jsonFile,
  ownFile,
  ownName,
  tensorsFile,
  trainedName,
  turnedRound,
  weightsName,
} from '../peft/adapter-folder'
import { folderTemplates } from '../peft/adapter-template'
import type { LoraFile } from '../peft/combine'
import { parseConfig } from '../peft/config-keys'
import type { Adapter, Base, NamedTensor } from '../peft/method'
import { methodNamed, methodOfConfig } from '../peft/registry'
import { withoutTables } from '../peft/stored-tables'
import { targetField } from '../peft/lora-sites'
import { namedTokens, newTokens, tokenFields } from '../peft/token-rows'
import { Parameters } from '../tensor/parameters'
import type { FolderFile } from '../peft/model-folder'
import { stateSlot, stateTensor } from '../ops/step-state'

/** Modules that only wrap another one: torch.compile, and FSDP with its checkpoints. PEFT writes them into names if the wrapped model is saved. */
const wrappers: ReadonlySet<string> = new Set(['_orig_mod', '_fsdp_wrapped_module', '_checkpoint_wrapped_module'])

const unwrapped = (name: string): string =>
  name
    .split('.')
    .filter((part) => !wrappers.has(part))
    .join('.')

async function readTensors(source: ByteSource): Promise<Map<string, NamedTensor>> {
  const { tensors } = await readSafetensorsHeader(source)
  const out = new Map<string, NamedTensor>()
  for (const entry of tensors.values()) {
    const format = ({ F32: 'f32', F16: 'f16', BF16: 'bf16' } as const)[entry.dtype as 'F32' | 'F16' | 'BF16']
    if (!format)
      throw new FormatError(
        say`${source.name}, ${entry.name}: expected F32, F16 or BF16, got ${entry.dtype}. Convert the adapter to one of these formats.`,
      )
    const count = entry.shape.reduce((a, b) => a * b, 1)
    const values = weightFormat(format).decode(await source.read(entry.offset, entry.sizeBytes), count)
    for (const v of values)
      if (!Number.isFinite(v))
        throw new FormatError(say`${source.name}, ${entry.name}: expected finite numbers, got ${v}. The adapter is damaged.`)
    const name = unwrapped(entry.name)
    out.set(tensors.has(name) ? entry.name : name, { shape: entry.shape, values })
  }
  return out
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A JSON file of an adapter's folder. @throws FormatError */
export async function readJson(source: ByteSource): Promise<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder().decode(await source.read(0, source.sizeBytes)))
  } catch {
    throw new FormatError(say`${source.name}: expected JSON, got something else. The file is damaged.`)
  }
  if (!isObject(value))
    throw new FormatError(
      say`${source.name}: expected an object, got ${Array.isArray(value) ? say`a list` : JSON.stringify(value).slice(0, 60)}. The file is damaged.`,
    )
  checkSettings(source.name, value)
  return value
}

/** What tabtune.json says about the prompts, the base and the evaluation. @throws FormatError */
function ownWords(where: string, json: Record<string, unknown> | undefined): Pick<Adapter, 'asking' | 'trainedOn' | 'evaluation'> {
  return {
    asking: parseAsking(where, json?.asking),
    trainedOn: parseTrainedOn(where, json?.base),
    evaluation: parseEvalRecord(where, json?.evaluation),
  }
}

/** Reads a LoRA adapter's folder without its base. @throws FormatError; UnsupportedError for settings that TabTune does not implement */
export async function readLoraFile(name: string, files: readonly ByteSource[]): Promise<LoraFile> {
  const named = (file: string) => files.find((f) => f.name === file || f.name.endsWith(`/${file}`))
  const [config, weights] = [named(configName), named(weightsName({}))]
  if (!config || !weights)
    throw new FormatError(
      say`${name}: expected a folder with ${configName} and adapter_model.safetensors, got ${files.map((f) => f.name).join(', ') || say`no files`}. Choose an adapter's folder.`,
    )
  const json = await readJson(config)
  const own = named(ownName)
  return {
    name,
    config: parseConfig(json, methodOfConfig(json).configKeys, `${name}, ${configName}`),
    tensors: await readTensors(weights),
    ...(own && ownWords(own.name, await readJson(own))),
  }
}

/** An adapter on its base in the form of `readLoraFile`. Everything that depends on the base is resolved. */
export function loraFileOf(name: string, adapter: Adapter, base: Base): LoraFile {
  const { method, settings, tensors, asking } = adapter
  return { name, config: method.toConfig(settings, base), tensors, asking, trainedOn: baseOf(adapter, base) }
}

/** The folder of a plain LoRA. */
export function loraFiles({ config, tensors, asking, trainedOn }: LoraFile): FolderFile[] {
  return [jsonFile(configName, config), tensorsFile(weightsName({}), tensors), ownFile({ method: 'lora', asking, base: trainedOn })]
}

/** Tokens that the adapter's tokenizer has after the last token of the base. */
async function newTokensOf(tokenizer: ByteSource | undefined, base: Base): Promise<string[]> {
  const first = base.nextTokenId
  if (!tokenizer || first === undefined) return []
  const { added_tokens: added = [] } = (await readJson(tokenizer)) as { added_tokens?: { id: number; content: string }[] }
  return added
    .filter((t) => t.id >= first)
    .sort((a, b) => a.id - b.id)
    .map((t) => t.content)
}

/** Checks that the file has exactly the tensors that the method needs on this base. @throws FormatError naming those that do not fit */
async function checkFit({ method, settings, tensors }: Adapter, base: Base): Promise<void> {
  const unavailable = method.unavailable?.(base)
  if (unavailable) throw new FormatError(unavailable)
  const parameters = new Parameters(false, Number.MAX_SAFE_INTEGER)
  await method.setUp({ base, settings, parameters, seed: 0, stepState: stateTensor(stateSlot()), initial: tensors })
}

/** `settings` with the names of the new tokens, from tabtune.json or from the tokenizer in the folder. */
async function withNames(settings: Settings, own: unknown, tokenizer: ByteSource | undefined, base: Base): Promise<Settings> {
  if (base.nextTokenId === undefined) return settings
  const named = newTokens(usableSettings(tokenFields, own))
  const given = typedSettings(say`adapter`, [targetField, ...tokenFields], settings)
  return { ...settings, ...namedTokens(given, named.length ? named : await newTokensOf(tokenizer, base), base) }
}

/**
 * Reads an adapter's folder (ours or PEFT's) for a base. `asStart`: training will start from it, so the configuration alone may be enough
 * (for methods that train the base's own tensors). @throws FormatError, UnsupportedError
 */
export async function readAdapter(files: readonly ByteSource[], base: Base, asStart = false): Promise<Adapter> {
  const named = (name: string) => files.find((f) => f.name === name || f.name.endsWith(`/${name}`))
  const [config, own] = [named(configName), named(ownName)]
  const missing = (name: string) =>
    new FormatError(
      say`adapter: expected a folder with ${name}, got ${files.map((f) => f.name).join(', ') || say`no files`}. Choose an adapter's folder.`,
    )
  const ownJson = own && (await readJson(own))
  // A whole model has its own config.json, so tabtune.json holds the adapter's configuration.
  const json = config ? await readJson(config) : ownJson?.config
  if (!isObject(json)) throw missing(configName)
  const ownMethod = ownJson?.method
  const method = typeof ownMethod === 'string' ? methodNamed(ownMethod) : methodOfConfig(json)
  const weights = named(weightsName(method))
  if (!weights && !(asStart && method.baseTensors && !own)) throw missing(weightsName(method))
  const tensors = new Map<string, NamedTensor>()
  for (const source of [weights, named(trainedName)])
    if (source) for (const [name, tensor] of turnedRound(await readTensors(source), method, base)) tensors.set(name, tensor)
  const words = own && ownWords(own.name, ownJson)
  const fitted = async (): Promise<Adapter> => {
    const settings = method.fromConfig(parseConfig(json, method.configKeys), base, tensors)
    const found = {
      settings: method.newTokens ? await withNames(settings, ownJson?.settings, named('tokenizer.json'), base) : settings,
      tensors,
    }
    const replaces = method.fields.some((f) => f.key === 'modulesToSave')
    const adapter = { method, ...(method.baseTensors ? found : await withoutTables(found, base, replaces)) }
    await checkFit(adapter, base)
    return adapter
  }
  const adapter = await fitted().catch((error: unknown) => {
    // Which tensors do not fit says less than that the model is another one.
    throw otherBase(words?.trainedOn, { name: base.name, ...base.identity }) ?? error
  })
  const templates = await folderTemplates(named, readJson)
  return { ...adapter, ...words, ...(templates && { templates }) }
}

/** All files of an adapter's folder, or of the whole model that a method saves. */
export function writeAdapter(adapter: Adapter, base: Base): Promise<FolderFile[]> {
  const { method, settings } = adapter
  return method.files?.(adapter, settings, base) ?? adapterFolder(adapter, base)
}

/** Bytes of the weights file among an adapter's files. */
export function weightsBytes(adapter: Adapter, files: readonly FolderFile[]): number {
  return files.find((f) => f.path === weightsName(adapter.method))!.bytes.byteLength
}
