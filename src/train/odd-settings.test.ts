// Whatever a model's settings say: either the model is refused when it opens, in a typed error, or its passes can be recorded and a run
// on it can be planned. The settings that are changed are those that opening reads, found by watching it, and those of a usual file.
import { describe, expect, it } from 'vitest'
import { stringifyJson } from '../config/exact-json'
import { FormatError, UnsupportedError } from '../config/errors'
import { defaults } from '../config/field'
import { defaultTraining } from '../config/run-config'
import { families, filesOf } from '../formats/families/registry'
import type { GgufHeader } from '../formats/gguf'
import { ggufConfig } from '../formats/gguf-config'
import { ggufModelMetadata } from '../formats/gguf-metadata'
import { hfConfig } from '../formats/hf-config'
import { hfConfigJson } from '../formats/hf-config-write'
import { MemorySource } from '../formats/memory-source'
import type { ModelConfig, ModelFile, TensorEntry } from '../formats/model-file'
import { shown } from '../formats/shown'
import { randomModel } from '../models/random-model'
import { familyOf } from '../models/registry'
import { type LoadedModel, planModel } from '../peft/loaded-model'
import { methodNamed } from '../peft/registry'
import { planMemory } from './plan-memory'

type Json = Record<string, unknown>

const odd: readonly unknown[] = [0, -1, 2.5, 1e9, 1e-40, Infinity, 'x', true, false, null, [], ['x'], { x: 1 }]
/** GGUF has neither null nor objects. */
const oddInGguf: readonly unknown[] = [0, -1, 2.5, 1e9, NaN, 'x', true, [], [true, false], Float32Array.of(1, 2), 5n]

const isPlain = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

/** The same object, which notes the paths of everything that is asked of it. */
function watched(json: Json, seen: Set<string>, path = ''): Json {
  const note = (key: string | symbol) => typeof key === 'string' && key !== 'toJSON' && seen.add(path + key)
  return new Proxy(json, {
    has(target, key) {
      note(key)
      return key in target
    },
    get(target, key) {
      note(key)
      const value = target[key as string]
      return isPlain(value) ? watched(value, seen, `${path}${String(key)}.`) : value
    },
  })
}

/** `json` with another value at `path`, through objects that are made where they are absent. */
function changed(json: Json, path: string, value: unknown): Json {
  const [key = '', ...rest] = path.split('.')
  const inner = json[key]
  return { ...json, [key]: rest.length ? changed(isPlain(inner) ? inner : {}, rest.join('.'), value) : value }
}

/** A model with such a configuration, whose tensors have no values. */
function fileOf(config: ModelConfig, container: ModelFile['container']): ModelFile {
  const readRows = () => Promise.reject(new Error('no weight is read'))
  const entries = familyOf({ name: 'm', config })
    .tensors(config)
    .map(({ name, shape }): TensorEntry => ({ name, shape, format: 'f32', sizeBytes: shape.reduce((a, b) => a * b, 4), readRows }))
  const sizeBytes = entries.reduce((sum, entry) => sum + entry.sizeBytes, 0)
  return { container, name: 'm', config, tensors: new Map(entries.map((entry) => [entry.name, entry])), special: {}, sizeBytes }
}

/** Opens the model as `inspect` does, which records a forward pass. Returns the sentence if it is refused. */
async function opened(open: () => Promise<ModelFile> | ModelFile): Promise<LoadedModel | string> {
  try {
    return planModel(await open(), 'native', 2 ** 31)
  } catch (error) {
    if (error instanceof FormatError || error instanceof UnsupportedError) return error.message
    throw error
  }
}

const lora = methodNamed('lora')
const training = defaultTraining({ maxLength: 8, batchSize: 1 })
const settings = { ...defaults(lora.fields), r: 1 }

/** How often a run was planned for each setting. A few times are enough, in different families. */
const plans = new Map<string, number>()

/** Opens each model, and plans runs on some that are not refused. Returns the sentences of those that are. */
async function refusals(
  setting: string,
  cases: readonly { named: () => string; open: () => Promise<ModelFile> | ModelFile }[],
): Promise<string[]> {
  const said: string[] = []
  for (const { named, open } of cases) {
    try {
      const model = await opened(open)
      if (typeof model === 'string') said.push(model)
      else if ((plans.get(setting) ?? 0) < 3 && model.file.sizeBytes < 2 ** 24) {
        plans.set(setting, (plans.get(setting) ?? 0) + 1)
        await planMemory({ model, method: lora, settings, training })
      }
    } catch (error) {
      throw new Error(`${named()}: ${String(error)}`, { cause: error })
    }
  }
  return said
}

function modelOf(family: string): ModelFile {
  const { partialRotary = 1, activation, modelTypes, defaults: usual } = filesOf(family)
  const kvHeads = usual.kvHeadsOf?.({}) ?? 2
  const sizes = { layers: 1, hidden: 32, intermediate: 16, heads: 2, kvHeads, headDim: 16, vocab: 8, context: 64 }
  const raw = {
    model_type: modelTypes[0],
    query_pre_attn_scalar: 16,
    ...(family === 'exaone4' && { sliding_window: null }),
    ...(family === 'qwen3moe' && { norm_topk_prob: true }),
  }
  const shape = { family, ...sizes, tied: false, hiddenAct: activation, raw, ...(partialRotary < 1 && { ropeDim: 16 * partialRotary }) }
  return randomModel('m', shape, { bare: true })
}

const scalings: readonly Json[] = [
  { rope_type: 'yarn', factor: 4, original_max_position_embeddings: 16, mscale: 1 },
  { rope_type: 'dynamic', factor: 2, alpha: 0 },
  { rope_type: 'llama3', factor: 8, low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 16 },
  { rope_type: 'longrope', short_factor: new Array(8).fill(1), long_factor: new Array(8).fill(2), original_max_position_embeddings: 16 },
]

const names = families.map(({ name }) => name)

describe.each(names)('%s', (family) => {
  it('a config.json', { timeout: 60_000 }, async () => {
    const json = JSON.parse(stringifyJson(hfConfigJson(modelOf(family)))) as Json
    const open = (changes: Json, seen = new Set<string>()) => ({
      named: () => String(shown(changes, 2000)),
      open: () => fileOf(hfConfig('config.json', watched(changes, seen)), 'safetensors'),
    })
    const seen = new Set(Object.keys(json))
    expect(await refusals('', [open(json, seen)])).toEqual([])
    const refused: string[] = []
    for (const path of seen)
      refused.push(
        ...(await refusals(
          path,
          odd.map((value) => open(changed(json, path, value))),
        )),
      )
    expect(refused.length).toBeGreaterThan(100)
    for (const said of refused) expect(said).toMatch(/expected .* got .*\. [A-Z]/)
  })

  // Families that GGUF does not have are refused by name elsewhere.
  if (filesOf(family).noGguf) return
  it('GGUF metadata', { timeout: 60_000 }, async () => {
    const written = ggufModelMetadata(modelOf(family))
    const metadata: Json = Object.fromEntries(Object.entries(written).map(([key, entry]) => [key, entry.value]))
    const source = new MemorySource('m.gguf', new Uint8Array(8))
    const table = { dimensions: [32, 8], type: 0, source, offset: 0 }
    const open = (changes: Json, seen = new Set<string>()) => ({
      named: () => String(shown(changes, 2000)),
      async open() {
        const tensors = new Map(['token_embd.weight', 'output.weight'].map((name) => [name, { ...table, name }]))
        const metadata = watched(changes, seen) as GgufHeader['metadata']
        return fileOf(await ggufConfig(source, { version: 3, spans: new Map(), metadata, tensors }), 'gguf')
      },
    })
    const seen = new Set(Object.keys(metadata))
    expect(await refusals('', [open(metadata, seen)])).toEqual([])
    const refused: string[] = []
    for (const key of seen)
      refused.push(
        ...(await refusals(
          key,
          oddInGguf.map((value) => open({ ...metadata, [key]: value })),
        )),
      )
    expect(refused.length).toBeGreaterThan(50)
  })
})

// The scalings are computed in one place, so two families stand for all: whole heads are rotated, or a part of them.
it.each(['llama', 'phi3'])('scalings of %s', { timeout: 60_000 }, async (family) => {
  const json = JSON.parse(stringifyJson(hfConfigJson(modelOf(family)))) as Json
  const refused: string[] = []
  for (const scaling of scalings)
    for (const key of [...Object.keys(scaling), 'rope_theta', 'partial_rotary_factor', 'beta_fast', 'attention_factor', 'full_attention'])
      for (const value of [...odd, 1]) {
        const config = { ...json, rope_theta: key === 'factor' ? 1 : 10_000, rope_scaling: { ...scaling, [key]: value } }
        const open = () => fileOf(hfConfig('config.json', config), 'safetensors')
        refused.push(...(await refusals(key, [{ named: () => String(shown(config.rope_scaling, 2000)), open }])))
      }
  expect(refused.length).toBeGreaterThan(100)
})
