import { expect, test } from 'vitest'
import type { Identity } from '../config/identity'
import { hashing, identityOf } from './fingerprint'
import { packedPieces } from './load-weights'
import { MemorySource } from './memory-source'
import type { ModelFile } from './model-file'
import { openModel } from './open-model'
import { weightFormat } from './quant/registry'
import { type TensorData, writeSafetensors } from './safetensors'
import { hasShared, numbers, sharedFolder, sharedSource } from './testing/shared'

/** Reads every weight as the loader does: matrices in parts of at most `partRows` rows, as `target`. */
async function identify(file: ModelFile, target: 'native' | 'f16' | 'nf4' = 'native', partRows = Infinity): Promise<Identity> {
  const read = hashing(file.tensors)
  const vectors = new Map<string, Float32Array<ArrayBuffer>>()
  for (const [name, entry] of read.tensors) {
    const [rows, cols] = entry.shape as [number, number | undefined]
    if (cols === undefined) vectors.set(name, weightFormat(entry.format).decode(await entry.readRows(0, 1), rows))
    else
      for (let rowStart = 0; rowStart < rows; rowStart += partRows) {
        const part = { rowStart, rows: Math.min(partRows, rows - rowStart), cols }
        for await (const piece of packedPieces(entry, part, target)) void piece
      }
  }
  return identityOf(file.config, read, vectors)
}

const config = {
  model_type: 'llama',
  num_hidden_layers: 1,
  hidden_size: 64,
  intermediate_size: 128,
  num_attention_heads: 2,
  vocab_size: 300,
}

function tensors(change: Record<string, Partial<TensorData>> = {}): TensorData[] {
  const random = numbers(9)
  return Object.entries({
    'model.embed_tokens.weight': [300, 64],
    'model.layers.0.self_attn.q_proj.weight': [64, 64],
    'model.layers.0.mlp.up_proj.weight': [128, 64],
    'model.layers.0.input_layernorm.weight': [64],
    'model.norm.weight': [64],
  }).map(([name, shape]) => {
    const data = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random(1000) / 1000)
    return { name, shape, data, ...change[name] }
  })
}

const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const sources = (own: TensorData[], changed = {}) => [
  new MemorySource('m/config.json', bytesOf({ ...config, ...changed })),
  new MemorySource('m/model.safetensors', writeSafetensors(own)),
]
const made = async (own = tensors(), changed = {}) => identify(await openModel(sources(own, changed)))

test('the fingerprint does not depend on pieces, base precision, file names or the order of tensors', async () => {
  const file = await openModel(sources(tensors()))
  const one = await identify(file)
  expect(one.fingerprint).toMatch(/^[0-9a-f]{64}$/)
  expect(await identify(file, 'native', 64)).toEqual(one)
  expect(await identify(file, 'f16', 128)).toEqual(one)
  expect(await identify(file, 'nf4', 64)).toEqual(one)
  const [first, ...rest] = tensors()
  const map = Object.fromEntries(tensors().map(({ name }) => [name, name === first.name ? 'b.safetensors' : 'a.safetensors']))
  const split = await openModel([
    new MemorySource('other/a.safetensors', writeSafetensors(rest)),
    new MemorySource('other/config.json', bytesOf({ ...config, _name_or_path: 'else' })),
    new MemorySource('other/model.safetensors.index.json', bytesOf({ weight_map: map })),
    new MemorySource('other/b.safetensors', writeSafetensors([first])),
  ])
  expect(await identify(split)).toEqual(one)
})

test('one changed byte, name, shape, format or number of the configuration makes another fingerprint', async () => {
  const all = new Set([(await made()).fingerprint])
  const name = 'model.layers.0.mlp.up_proj.weight'
  const values = tensors().find((t) => t.name === name)!.data as Float32Array<ArrayBuffer>
  const row = values.slice()
  // The last weight of the last group of rows.
  row[row.length - 1] += 2 ** -20
  const changes: [TensorData[], object?][] = [
    [tensors({ [name]: { data: row } })],
    [tensors({ [name]: { shape: [64, 128] } })],
    [tensors({ [name]: { name: 'model.layers.0.mlp.gate_proj.weight' } })],
    [tensors({ [name]: { dtype: 'F16', data: new Uint8Array(128 * 64 * 2) } })],
    [tensors({ [name]: { dtype: 'BF16', data: new Uint8Array(128 * 64 * 2) } })],
    [tensors().slice(1)],
    [tensors(), { rope_theta: 500_000 }],
    [tensors(), { rms_norm_eps: 1e-5 }],
  ]
  for (const [i, [own, changed]] of changes.entries()) {
    all.add((await made(own, changed)).fingerprint)
    expect(all.size, `change ${i}`).toBe(i + 2)
  }
})

test('the lineage follows norms and biases, whatever the matrices are', async () => {
  const one = await made()
  const up = 'model.layers.0.mlp.up_proj.weight'
  const half = await made(tensors({ [up]: { dtype: 'F16', data: new Uint8Array(128 * 64 * 2) } }))
  expect(half.lineage).toBe(one.lineage)
  const norm = 'model.norm.weight'
  const other = await made(tensors({ [norm]: { data: new Float32Array(64).fill(0.5) } }))
  expect(other.lineage).not.toBe(one.lineage)
})

test.runIf(hasShared)('a folder and its GGUF files have one lineage and a fingerprint each', async () => {
  const files = [sharedFolder('models/TinyStories-656K')]
  for (const type of ['f16', 'q8_0', 'q4_0', 'q4_k_m'])
    files.push([sharedSource(`models/TinyStories-656K-gguf/TinyStories-656K.${type}.gguf`)])
  const found = await Promise.all(files.map(async (sources) => identify(await openModel(sources))))
  expect(new Set(found.map((f) => f.lineage)).size).toBe(1)
  expect(new Set(found.map((f) => f.fingerprint)).size).toBe(files.length)
})
