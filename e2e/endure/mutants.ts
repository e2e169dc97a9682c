// Changes model files, tokenizers, adapter settings and zips, and opens them as the page does: up to the plan of the model, the tokenizer's
// tokens, all weights, the adapter on its base. It reads all rows of CSV and Parquet files. What comes out must be what the file says or one
// of TabTune's errors, soon and in little memory.
import { readFileSync, writeFileSync } from 'node:fs'
import { TabTuneError } from '../../src/config/errors'
import { packedPieces } from '../../src/formats/load-weights'
import { MemorySource } from '../../src/formats/memory-source'
import { openModel } from '../../src/formats/open-model'
import { readAdapter } from '../../src/export/adapter'
import { planModel } from '../../src/peft/loaded-model'
import { unzipBlob } from '../../src/storage/unzip'
import { madeZip } from '../../src/testing/made-zip'
import { createTokenizer } from '../../src/tokenizer/create-tokenizer'
import type { Tokenizer } from '../../src/tokenizer/tokenizer'
import { ggufFields, mutatedBytes, zipFields } from './mutants/bytes'
import { mutatedJson } from './mutants/json'
import {
  adapterBase,
  adapterConfigs,
  adapterFolder,
  configJson,
  ggufFile,
  modelFolder,
  sideJsons,
  tokenizerJsons,
  vocab,
  weightsFile,
} from './mutants/model-files'
import { type Dice, dice } from './mutants/random'
import { csv, csvFiles, parquet, parquetFiles, readRowsOf } from './mutants/row-files'
import type { EndureOptions, EndurePart, EndureResult } from './part'

/** Bounds on a file of up to 100 KB: processor time in the best of three tries, and memory above that before it. */
const [mostMs, mostBytes, mostFileBytes, tries] = [100, 64 * 2 ** 20, 100_000, 3]

type Bytes = Uint8Array<ArrayBuffer>

function tokenise(tokenizer: Tokenizer, rows: number): void {
  for (const text of ['The cat </s> sat on it, é 12.\n\n', ' <s>and the  👍 <0x41>\ud800 \u0301']) {
    const ids = tokenizer.encode(text, { addSpecial: true, parseSpecial: true })
    const wrong = ids.find((id) => !Number.isInteger(id) || id < 0 || id >= rows)
    if (wrong !== undefined) throw new RangeError(`a token with the id ${wrong} of ${rows}`)
    if (typeof tokenizer.decode(ids) !== 'string') throw new TypeError('no text')
    for (const id of ids) tokenizer.token(id)
  }
}

/** Opens a model's files, plans it at two base precisions and reads all of it. */
async function openWhole(files: readonly MemorySource[]): Promise<void> {
  const file = await openModel(files)
  for (const base of ['native', 'nf4'] as const) {
    const { plan, tokenizer } = planModel(file, base, 2 ** 27)
    if (tokenizer && base === 'native') tokenise(tokenizer, Math.max(file.config.vocab, vocab))
    for (const { name, shape, format, parts } of plan.matrices.values())
      for (const { firstRow, rows } of parts)
        for await (const _ of packedPieces(file.tensors.get(name)!, { rowStart: firstRow, rows, cols: shape[1] }, format));
  }
}

/** A changed file, and what opens it. */
interface Mutant {
  bytes: Bytes
  open(): Promise<unknown>
}

interface Kind {
  name: string
  mutant(dice: Dice): Mutant | Promise<Mutant>
}

const ggufs = (['llama', 'gpt2'] as const).map((model) => {
  const bytes = ggufFile(model)
  return { bytes, fields: ggufFields(bytes) }
})

function gguf(dice: Dice) {
  const { bytes: whole, fields } = dice.one(ggufs)
  const bytes = mutatedBytes(whole, fields, dice)
  return { bytes, open: () => openWhole([new MemorySource('model.gguf', bytes)]) }
}

const weights = weightsFile()
const headerBytes = Number(new DataView(weights.buffer).getBigUint64(0, true))
const header: unknown = JSON.parse(new TextDecoder().decode(weights.subarray(8, 8 + headerBytes)))

function safetensors(dice: Dice) {
  let bytes: Bytes
  if (dice.below(2)) bytes = mutatedBytes(weights, [{ at: 0, sizeBytes: 8 }], dice)
  else {
    const json = mutatedJson(header, dice)
    bytes = new Uint8Array(8 + json.length + weights.length - 8 - headerBytes)
    new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true)
    bytes.set(json, 8)
    bytes.set(weights.subarray(8 + headerBytes), 8 + json.length)
  }
  return { bytes, open: () => openWhole(modelFolder({ 'model.safetensors': bytes })) }
}

function config(dice: Dice) {
  // config.json itself as often as all the others.
  const name = dice.below(2) ? 'config.json' : dice.one(Object.keys(sideJsons))
  const bytes = mutatedJson(name === 'config.json' ? configJson : sideJsons[name], dice)
  return { bytes, open: () => openWhole(modelFolder({ [name]: bytes })) }
}

function tokenizer(dice: Dice) {
  const bytes = mutatedJson(dice.one(tokenizerJsons), dice)
  const open = async (): Promise<void> => {
    if (dice.below(4) === 0) return openWhole(modelFolder({ 'tokenizer.json': bytes }))
    // What openModel refuses before the tokenizer is made.
    const json: unknown = readJson(bytes)
    if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined
    const source = { kind: 'hf', tokenizerJson: json as Record<string, unknown>, tokenizerConfig: {} } as const
    return tokenise(createTokenizer(source, vocab), vocab)
  }
  return { bytes, open }
}

function readJson(bytes: Bytes): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}

const base = adapterBase()
const adapters = adapterConfigs.map((settings) => adapterFolder(base, settings))
const own = { method: 'lora', settings: { r: 2, alpha: 4, targetModules: 'q_proj, v_proj' }, asking: { form: 'line', ends: [2] } }

async function adapterConfig(dice: Dice) {
  const [settings, tensors] = dice.one(adapters) as [MemorySource, MemorySource]
  const ours = dice.below(4) === 0
  const bytes = mutatedJson(ours ? own : readJson(await settings.read(0, settings.sizeBytes)), dice)
  const changed = new MemorySource(ours ? 'tabtune.json' : 'adapter_config.json', bytes)
  return { bytes, open: () => readAdapter(ours ? [settings, tensors, changed] : [changed, tensors], base) }
}

async function zippedAdapter(deflated: boolean): Promise<Bytes> {
  const files = adapters[0]!.map(async (source) => ({ path: `mine/${source.name}`, bytes: await source.read(0, source.sizeBytes) }))
  return madeZip((await Promise.all(files)).map((entry) => ({ ...entry, deflated, flags: deflated ? 8 : 0 })))
}

const zips = Promise.all([true, false].map(zippedAdapter))

async function unzipped(bytes: Bytes): Promise<MemorySource[]> {
  const files = await unzipBlob('mine.zip', new Blob([bytes]))
  return Promise.all(files.map(async ({ path, content }) => new MemorySource(path, new Uint8Array(await content.arrayBuffer()))))
}

async function zip(dice: Dice) {
  const whole = dice.one(await zips)
  const bytes = mutatedBytes(whole, zipFields(whole), dice)
  return { bytes, open: async () => readAdapter(await unzipped(bytes), base) }
}

const kinds: readonly Kind[] = [
  { name: 'GGUF', mutant: gguf },
  { name: 'safetensors', mutant: safetensors },
  { name: 'config.json', mutant: config },
  { name: 'tokenizer.json', mutant: tokenizer },
  { name: 'adapter_config.json', mutant: adapterConfig },
  { name: 'zip', mutant: zip },
  { name: 'CSV', mutant: csv },
  { name: 'Parquet', mutant: parquet },
]

/** The largest memory that the process had since `forgetPeak`, where the system tells. */
function peakBytes(): number {
  const found = /VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))
  return Number(found?.[1] ?? 0) * 1024
}

const canMeasure = process.platform === 'linux'

/** Makes the memory that the process has now the largest. */
function forgetPeak(): number {
  if (!canMeasure) return 0
  writeFileSync('/proc/self/clear_refs', '5')
  return peakBytes()
}

interface Cost {
  ms: number
  bytes: number
  /** What was thrown, unless it is one of TabTune's errors. */
  problem?: string
  refused: boolean
}

async function costOf(open: () => Promise<unknown>): Promise<Cost> {
  const before = forgetPeak()
  const started = process.cpuUsage()
  let [problem, refused]: [string | undefined, boolean] = [undefined, false]
  try {
    await open()
  } catch (error) {
    refused = error instanceof TabTuneError && error.kind !== 'Error'
    if (!refused) problem = `untyped ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
  }
  const { user, system } = process.cpuUsage(started)
  return { ms: (user + system) / 1000, bytes: canMeasure ? peakBytes() - before : 0, problem, refused }
}

/** The least cost of three tries; later ones are made only where the first was too much. */
async function leastCost(open: () => Promise<unknown>): Promise<Cost> {
  let least = await costOf(open)
  for (let i = 1; i < tries && !least.problem && (least.ms > mostMs || least.bytes > mostBytes); i++) {
    const { ms, bytes } = await costOf(open)
    least = { ...least, ms: Math.min(least.ms, ms), bytes: Math.min(least.bytes, bytes) }
  }
  return least
}

function problemOf({ problem, ms, bytes }: Cost): string | undefined {
  if (problem) return problem
  if (ms > mostMs) return `took ${ms.toFixed(0)} ms of processor time`
  if (bytes > mostBytes) return `took ${(bytes / 2 ** 20).toFixed(0)} MiB of memory`
  return undefined
}

/** The files as they are, which must open. A mutant of a file that is refused anyway would show nothing. */
async function checkOriginals(): Promise<void> {
  for (const { bytes } of ggufs) await openWhole([new MemorySource('model.gguf', bytes)])
  for (const json of tokenizerJsons) await openWhole(modelFolder({ 'tokenizer.json': new TextEncoder().encode(JSON.stringify(json)) }))
  const index = sideJsons['model.safetensors.index.json']
  await openWhole(modelFolder({ 'model.safetensors.index.json': new TextEncoder().encode(JSON.stringify(index)) }))
  for (const files of adapters) await readAdapter(files, base)
  for (const bytes of csvFiles) await readRowsOf('rows.csv', bytes)
  for (const { bytes } of parquetFiles) await readRowsOf('rows.parquet', bytes)
  for (const whole of await zips) await readAdapter(await unzipped(whole), base)
}

async function run({ count, seed, report }: EndureOptions): Promise<EndureResult> {
  const failures: { case: number; problem: string }[] = []
  const most = { ms: 0, bytes: 0, refused: 0, large: 0 }
  await checkOriginals()
  // The first opening of each kind compiles what the others use.
  for (let i = 0; i < 20 * kinds.length; i++) await costOf((await kinds[i % kinds.length]!.mutant(dice(i))).open)
  for (let i = 0; i < count; i++) {
    const kind = kinds[(seed + i) % kinds.length]!
    const { bytes, open } = await kind.mutant(dice(seed + i))
    if (bytes.length > mostFileBytes) most.large++
    else {
      const cost = await leastCost(open)
      const problem = problemOf(cost)
      if (problem) failures.push({ case: i, problem: `${kind.name}: ${problem}` })
      most.ms = Math.max(most.ms, cost.ms)
      most.bytes = Math.max(most.bytes, cost.bytes)
      if (cost.refused) most.refused++
    }
    if (i % 100 === 99) report(i + 1)
  }
  const figures = [
    `${((100 * most.refused) / count).toFixed(0)} % refused`,
    `at most ${most.ms.toFixed(0)} ms of processor time and ${canMeasure ? `${(most.bytes / 2 ** 20).toFixed(0)} MiB` : 'memory that is not measured here'}`,
  ]
  return { figures: most.large ? [...figures, `${most.large} above 100 KB left out`] : figures, failures }
}

export const part: EndurePart = {
  name: 'mutants',
  shows:
    'changed GGUF, safetensors, config.json, tokenizer.json, adapter_config.json, zip, CSV and Parquet files open or are refused in a sentence, in 100 ms and 64 MiB',
  unit: 'mutants',
  counts: { sample: 2000, usual: 160_000, long: 8_000_000 },
  run,
}
