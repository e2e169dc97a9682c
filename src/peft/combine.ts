// Combines several LoRA adapters with weights into one, as PEFT's `add_weighted_adapter` does for its types linear, cat and svd
// (peft tuners/lora/model.py). It works on the tensors and configurations of the files, without the base.
import { type Asking, commonAsking } from '../config/asking'
import { FormatError, UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import { type TrainedOn, commonBase } from '../config/identity'
import type { Combination } from '../config/run-reports'
import { families } from '../formats/families/registry'
import { embeddingName } from '../formats/hf-names'
import { eigen, orthonormalise } from '../models/principal'
import type { NamedTensor } from './method'
import { byPattern, matches } from './module-match'

/** An adapter as its files hold it. */
export interface LoraFile {
  name: string
  /** adapter_config.json */
  config: Readonly<Record<string, unknown>>
  tensors: ReadonlyMap<string, NamedTensor>
  asking?: Asking
  trainedOn?: TrainedOn
}

/** One adapter's update of one layer: weight · scale · B A, A [rank, in], B [out, rank]. */
interface Update {
  a: NamedTensor
  b: NamedTensor
  factor: number
}

const keyOfA = /^(base_model\.model\.(.+)\.)lora_(A\.weight|embedding_A)$/

/** The scale of the update of a module. @throws FormatError if the configuration's rank differs from the rank in the file */
function scalesOf({ name, config }: LoraFile): (module: string, rank: number) => number {
  const lookup = (key: string) => byPattern(Object.entries((config[key] ?? {}) as Record<string, number>), `${name}, ${key}`)
  const [ranks, alphas] = [lookup('rank_pattern'), lookup('alpha_pattern')]
  return (module, rank) => {
    const told = ranks(module) ?? Number(config.r ?? 8)
    if (told !== rank)
      throw new FormatError(
        say`${name}, ${module}: expected the rank ${told} of its adapter_config.json, got ${rank}. The adapter is damaged.`,
      )
    const alpha = alphas(module) ?? Number(config.lora_alpha ?? 8)
    return alpha / (config.use_rslora ? Math.sqrt(rank) : rank)
  }
}

const tables = new Set(['lm_head', ...families.map(({ name }) => embeddingName(name).split('.').at(-2)!)])
const table = new RegExp(`\\.(${[...tables].join('|')})\\.(\\w+\\.)*weight$`)

/** @throws UnsupportedError if an adapter has more than low-rank updates */
function checkPlain(files: readonly LoraFile[]): void {
  for (const { name, config, tensors } of files) {
    const odd = [...tensors.keys()].find((key) => !/\.lora_((A|B)\.weight|embedding_(A|B))$/.test(key))
    if (odd !== undefined && table.test(odd) && !config.modules_to_save)
      throw new UnsupportedError(
        say`${name}: expected only low-rank updates, got a table of the base too (${odd}). Give the base with --model, so that the two tables can be compared.`,
      )
    if (config.peft_type !== 'LORA' || config.use_dora || odd)
      throw new UnsupportedError(
        say`${name}: expected an adapter with only low-rank updates (LoRA, QLoRA), got one with ${odd ?? String(config.peft_type)}. Combine other adapters.`,
      )
  }
}

/** The updates of all adapters by the key of A. @throws FormatError if the adapters belong to different models */
function updatesByLayer(files: readonly LoraFile[], weights: readonly number[]): Map<string, { b: string; updates: Update[] }> {
  const layers = new Map<string, { b: string; updates: Update[] }>()
  files.forEach((file, i) => {
    const scaleAt = scalesOf(file)
    const halves = new Set<string>()
    for (const [key, a] of file.tensors) {
      const found = keyOfA.exec(key)
      if (!found) continue
      const bKey = `${found[1]}lora_${found[3].replace('A', 'B')}`
      const b = file.tensors.get(bKey)
      halves.add(key).add(bKey)
      if (!b) throw new FormatError(say`${file.name}: expected ${bKey} beside ${key}, got none. The adapter is damaged.`)
      const layer = layers.get(key) ?? { b: bKey, updates: [] }
      const [first] = layer.updates
      if (first && (first.a.shape[1] !== a.shape[1] || first.b.shape[0] !== b.shape[0]))
        throw new FormatError(
          say`${file.name}, ${key}: expected ${first.a.shape[1]} columns and ${first.b.shape[0]} rows as in the other adapters, got ${a.shape[1]} and ${b.shape[0]}. Combine adapters of one model.`,
        )
      layer.updates.push({ a, b, factor: weights[i] * scaleAt(found[2], a.shape[0]) })
      layers.set(key, layer)
    }
    const lone = [...file.tensors.keys()].find((key) => !halves.has(key))
    if (lone !== undefined)
      throw new FormatError(say`${file.name}: expected both halves of each update, got only ${lone}. The adapter is damaged.`)
  })
  return layers
}

interface Pair {
  a: NamedTensor
  b: NamedTensor
}

/** Puts matrices [n, in] and [out, n] one after the other into a pair of the given rank, which is filled up with zeros. */
function stacked(updates: readonly { a: NamedTensor; b: NamedTensor; ofA: number }[], rank: number): Pair {
  const [width, out] = [updates[0].a.shape[1], updates[0].b.shape[0]]
  const [a, b] = [new Float32Array(rank * width), new Float32Array(out * rank)]
  let at = 0
  for (const update of updates) {
    const n = update.a.shape[0]
    update.a.values.forEach((v, i) => (a[at * width + i] = v * update.ofA))
    update.b.values.forEach((v, i) => (b[Math.floor(i / n) * rank + at + (i % n)] = v))
    at += n
  }
  return { a: { shape: [rank, width], values: a }, b: { shape: [out, rank], values: b } }
}

/** A = Σ ±√|f| Aᵢ, B = Σ √|f| Bᵢ, so each adapter's own term of the product is f · B A. @throws FormatError if the ranks differ */
function averaged(key: string, updates: readonly Update[], rank: number): Pair {
  const n = updates[0].a.shape[0]
  const other = updates.find((u) => u.a.shape[0] !== n)
  if (other)
    throw new FormatError(say`${key}: expected equal ranks for the type linear, got ${n} and ${other.a.shape[0]}. Choose type cat or svd.`)
  const sum = (tensor: (u: Update) => NamedTensor, factor: (f: number) => number) => {
    const out = new Float64Array(tensor(updates[0]).values.length)
    for (const u of updates) tensor(u).values.forEach((v, i) => (out[i] += factor(u.factor) * v))
    return { shape: tensor(updates[0]).shape, values: Float32Array.from(out) }
  }
  const a = sum(
    (u) => u.a,
    (f) => (f < 0 ? -1 : 1) * Math.sqrt(Math.abs(f)),
  )
  const b = sum(
    (u) => u.b,
    (f) => Math.sqrt(Math.abs(f)),
  )
  return stacked([{ a, b, ofA: 1 }], rank)
}

const dot = (x: Float64Array, y: Float64Array) => x.reduce((sum, v, i) => sum + v * y[i], 0)

/** The `rank` largest singular values of Σ f B A with their vectors: B = U Σ, A = Vᵀ. Computed in the small space that all A and B span. */
function truncated(updates: readonly Update[], rank: number): Pair {
  const total = updates.reduce((sum, u) => sum + u.a.shape[0], 0)
  const { a, b } = stacked(
    updates.map((u) => ({ ...u, ofA: u.factor })),
    total,
  )
  const [width, out] = [a.shape[1], b.shape[0]]
  const rows = Array.from({ length: total }, (_, j) => Float64Array.from(a.values.subarray(j * width, (j + 1) * width)))
  const columns = Array.from({ length: total }, (_, j) => Float64Array.from({ length: out }, (_, n) => b.values[n * total + j]))
  const [right, left] = [rows.map((row) => row.slice()), columns.map((column) => column.slice())]
  orthonormalise(right)
  orthonormalise(left)
  // The matrix in these two bases: (left · B) (A · rightᵀ).
  const inLeft = left.map((l) => columns.map((c) => dot(l, c)))
  const inRight = right.map((r) => rows.map((row) => dot(row, r)))
  const core = inLeft.map((l) => Float64Array.from(inRight, (r) => l.reduce((sum, v, j) => sum + v * r[j], 0)))
  const { values, vectors } = eigen(core.map((x) => Float64Array.from(core, (y) => dot(x, y))))
  const [newA, newB] = [new Float32Array(rank * width), new Float32Array(out * rank)]
  for (let k = 0; k < Math.min(rank, total); k++) {
    const size = Math.sqrt(Math.max(0, values[k]))
    if (size <= 1e-12 * Math.sqrt(Math.max(0, values[0]))) break
    const along = core[0].map((_, j) => core.reduce((sum, row, i) => sum + vectors[k][i] * row[j], 0) / size)
    for (let i = 0; i < width; i++) newA[k * width + i] = right.reduce((sum, r, j) => sum + along[j] * r[i], 0)
    for (let n = 0; n < out; n++) newB[n * rank + k] = size * left.reduce((sum, l, j) => sum + vectors[k][j] * l[n], 0)
  }
  return { a: { shape: [rank, width], values: newA }, b: { shape: [out, rank], values: newB } }
}

function rankOf(files: readonly LoraFile[], layers: ReadonlyMap<string, { updates: Update[] }>, type: Combination): number {
  const ranks = files.map(({ config }) => Number(config.r ?? 8))
  const ofLayers = [...layers.values()].map(({ updates }) => updates.map((u) => u.a.shape[0]))
  if (type === 'cat')
    return Math.max(
      ranks.reduce((a, b) => a + b, 0),
      ...ofLayers.map((all) => all.reduce((a, b) => a + b, 0)),
    )
  if (type === 'linear' && ranks.some((r) => r !== ranks[0]))
    throw new FormatError(say`ranks: expected equal ranks for the type linear, got ${ranks.join(', ')}. Choose type cat or svd.`)
  return Math.max(...ranks, ...ofLayers.map((all) => Math.max(...all)))
}

/** Target names for the modules of all files: the names in a file's list, or full names where such a list does not say all. */
function targetModules(files: readonly LoraFile[]): string[] {
  const names = files.flatMap(({ config, tensors }) => {
    const modules = [...tensors.keys()].flatMap((key) => keyOfA.exec(key)?.[2] ?? [])
    const list = config.target_modules
    if (!Array.isArray(list) || (config.layers_to_transform ?? config.exclude_modules ?? undefined) !== undefined) return modules
    return list.map(String).filter((name) => modules.some((module) => matches(module, name)))
  })
  return [...new Set(names)].sort()
}

/**
 * The weighted sum of the adapters as a plain LoRA of scale 1.
 * @throws FormatError for adapters of different models or, with `linear`, of different ranks; UnsupportedError for other methods
 */
export function combineLora(files: readonly LoraFile[], weights: readonly number[], type: Combination): LoraFile {
  if (files.length < 2 || weights.length !== files.length)
    throw new FormatError(
      say`combining: expected two or more adapters with a weight for each, got ${files.length} adapters and ${weights.length} weights. Give as many weights as adapters.`,
    )
  checkPlain(files)
  const layers = updatesByLayer(files, weights)
  const rank = rankOf(files, layers, type)
  const tensors = new Map<string, NamedTensor>()
  for (const [key, { b: bKey, updates }] of layers) {
    const made =
      type === 'cat'
        ? stacked(
            updates.map((u) => ({ ...u, ofA: u.factor })),
            rank,
          )
        : type === 'linear'
          ? averaged(key, updates, rank)
          : truncated(updates, rank)
    tensors.set(key, made.a)
    tensors.set(bKey, made.b)
  }
  // PEFT keeps use_rslora, which makes its result wrong by a factor of √rank. Here the scale is always 1.
  const changed = { r: rank, lora_alpha: rank, rank_pattern: {}, alpha_pattern: {}, use_rslora: false, init_lora_weights: true }
  const { exclude_modules: _excluded, layers_to_transform: _layers, layers_pattern: _pattern, ...first } = files[0].config
  return {
    name: files.map((f) => f.name).join(' + '),
    config: { ...first, ...changed, target_modules: targetModules(files) },
    tensors,
    asking: commonAsking(files.map((f) => f.asking)),
    trainedOn: commonBase(files.map((f) => f.trainedOn)),
  }
}
