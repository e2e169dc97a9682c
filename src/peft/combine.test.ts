// Combined adapters are compared with the sum in float64, and with PEFT's add_weighted_adapter if PEFT is installed.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Combination, combinations } from '../config/run-reports'
import { oracle, present, readFloats } from '../testing/golden'
import { pythonWithPeft } from '../testing/python'
import { normals } from '../testing/random'
import { type LoraFile, combineLora } from './combine'
import type { NamedTensor } from './method'

const script = resolve(import.meta.dirname, '../../e2e/interop/peft_combine.py')
const site = 'base_model.model.model.layers.0.self_attn.q_proj'
const [out, width] = [12, 10]

function file(seed: number, rank: number, config: Record<string, unknown> = {}): LoraFile {
  const tensor = (n: number, shape: number[]): NamedTensor => ({ shape, values: normals(n, shape[0] * shape[1]) })
  return {
    name: `adapter ${seed}`,
    config: { peft_type: 'LORA', r: rank, lora_alpha: 6, target_modules: ['q_proj'], ...config },
    tensors: new Map([
      [`${site}.lora_A.weight`, tensor(seed, [rank, width])],
      [`${site}.lora_B.weight`, tensor(seed + 1, [out, rank])],
    ]),
  }
}

/** factor · B A, [out, width]. */
function product(a: NamedTensor, b: NamedTensor, factor: number): Float64Array {
  const [rank, cols] = a.shape
  return Float64Array.from({ length: b.shape[0] * cols }, (_, i) => {
    let sum = 0
    for (let r = 0; r < rank; r++) sum += b.values[Math.floor(i / cols) * rank + r] * a.values[r * cols + (i % cols)]
    return factor * sum
  })
}

/** What a plain adapter with scale alpha / r adds to the layer `name`. */
function update({ config, tensors }: LoraFile, name = site, factor = Number(config.lora_alpha) / Number(config.r)): Float64Array {
  return product(tensors.get(`${name}.lora_A.weight`)!, tensors.get(`${name}.lora_B.weight`)!, factor)
}

const distance = (a: Float64Array, b: Float64Array) => Math.sqrt(a.reduce((sum, v, i) => sum + (v - b[i]) ** 2, 0))
const length = (a: Float64Array) => Math.sqrt(a.reduce((sum, v) => sum + v * v, 0))

describe('combined adapters', () => {
  const [one, two] = [file(1, 3), file(5, 2, { use_rslora: true, alpha_pattern: { q_proj: 5 } })]
  const sum = (w1: number, w2: number) => {
    const [a, b] = [update(one), update(two, site, 5 / Math.SQRT2)]
    return a.map((v, i) => w1 * v + w2 * b[i])
  }

  test.each([
    [0.7, 0.3],
    [1.5, -0.5],
  ])('cat with weights %d and %d is the sum', (w1, w2) => {
    const made = combineLora([one, two], [w1, w2], 'cat')
    expect(made.config).toMatchObject({ r: 5, lora_alpha: 5, use_rslora: false, alpha_pattern: {} })
    const want = sum(w1, w2)
    expect(distance(update(made), want) / length(want)).toBeLessThan(1e-6)
  })

  test('patterns are regular expressions, and modules that only the patterns match are named', () => {
    const first = { ...one, config: { ...one.config, alpha_pattern: { '.*layers\\.1\\..*': 1, '.*layers\\.0\\..*(q|v)_proj': 60 } } }
    const made = combineLora([first, { ...two, config: { ...two.config, layers_to_transform: [0] } }], [1, 0], 'cat')
    const want = update(one, site, 60 / 3)
    expect(distance(update(made), want) / length(want)).toBeLessThan(1e-6)
    expect(made.config).toMatchObject({ alpha_pattern: {}, target_modules: ['model.layers.0.self_attn.q_proj', 'q_proj'] })
    expect(made.config).not.toHaveProperty('layers_to_transform')
  })

  test('svd is nearer the sum than other updates of its rank, and equals the sum if the rank suffices', () => {
    const want = sum(0.7, 0.3)
    const made = combineLora([one, two], [0.7, 0.3], 'svd')
    expect(made.tensors.get(`${site}.lora_A.weight`)!.shape).toEqual([3, width])
    const error = distance(update(made), want)
    expect(error).toBeLessThan(distance(sum(0.7, 0), want))
    // The rest is orthogonal to the best approximation (Eckart & Young 1936).
    expect(Math.hypot(error, length(update(made))) / length(want)).toBeCloseTo(1, 6)
    const whole = combineLora([one, file(9, 3), one], [0.7, 0, -0.2], 'svd')
    const twice = update(one).map((v) => 0.5 * v)
    expect(distance(update(whole), twice) / length(twice)).toBeLessThan(1e-6)
  })

  test('linear needs equal ranks; a single adapter is not changed', () => {
    expect(() => combineLora([one, two], [1, 1], 'linear')).toThrow('Choose type cat or svd')
    const alone = combineLora([one, file(7, 3)], [-2, 0], 'linear')
    const want = update(one).map((v) => -2 * v)
    expect(distance(update(alone), want) / length(want)).toBeLessThan(1e-6)
  })

  test('an update that is not low-rank is refused by name', () => {
    const odd = {
      ...one,
      tensors: new Map([...one.tensors, ['base_model.model.lm_head.weight', { shape: [1, 4], values: new Float32Array(4) }]]),
    }
    expect(() => combineLora([one, odd], [1, 1], 'cat')).toThrow(/a table of the base too \(base_model\.model\.lm_head\.weight\).*--model/)
    const half = { ...two, tensors: new Map([...two.tensors].filter(([key]) => !key.includes('lora_A'))) }
    expect(() => combineLora([one, half], [1, 1], 'cat')).toThrow(`got only ${site}.lora_B.weight`)
    expect(() => combineLora([one, { ...two, config: { ...two.config, r: 4 } }], [1, 1], 'cat')).toThrow('expected the rank 4')
    expect(() => combineLora([one, { ...two, config: { peft_type: 'IA3' } }], [1, 1], 'cat')).toThrow('IA3')
    expect(() => combineLora([one], [1], 'cat')).toThrow('two or more')
  })
})

async function read(folder: string): Promise<LoraFile> {
  const config = JSON.parse(readFileSync(join(folder, 'adapter_config.json'), 'utf8')) as Record<string, unknown>
  const tensors = (await readFloats(join(folder, 'adapter_model.safetensors'))) as LoraFile['tensors']
  // Copies of the base's tables are dropped when an adapter is read with its base.
  return { name: folder, config, tensors: new Map([...tensors].filter(([key]) => !key.endsWith('.base_layer.weight'))) }
}

const python = present(oracle) ? pythonWithPeft() : undefined

describe.skipIf(!python)('as PEFT combines them', () => {
  const cases: readonly [string, readonly string[], readonly number[], readonly Combination[]][] = [
    ['llama', ['lora_all_linear', 'lora_qv'], [0.7, 0.3], combinations],
    ['llama', ['lora_all_linear', 'lora_embedding_target'], [1.2, -0.4], combinations],
  ]
  test.each(cases)('%s: %s with %s', { timeout: 300_000 }, async (base, names, weights, types) => {
    const work = mkdtempSync(join(tmpdir(), 'tabtune-'))
    try {
      const folders = names.map((name) => join(oracle, 'methods', name, 'init'))
      execFileSync(python!, [script, join(oracle, base), work, weights.join(), ...folders], { stdio: 'pipe' })
      const files = await Promise.all(folders.map(read))
      for (const type of types) {
        expect(existsSync(join(work, type)), `PEFT combines by ${type}`).toBe(true)
        const theirs = await read(join(work, type))
        const ours = combineLora(files, weights, type)
        expect([...ours.tensors.keys()].sort()).toEqual([...theirs.tensors.keys()].sort())
        for (const key of ['r', 'lora_alpha', 'rank_pattern', 'alpha_pattern']) expect(ours.config[key], key).toEqual(theirs.config[key])
        expect(ours.config.target_modules).toEqual((theirs.config.target_modules as string[]).toSorted())
        for (const [key, a] of ours.tensors) {
          if (type !== 'svd') {
            const want = theirs.tensors.get(key)!
            expect(a.shape, key).toEqual(want.shape)
            const [got, expected] = [Float64Array.from(a.values), Float64Array.from(want.values)]
            expect(distance(got, expected), key).toBeLessThanOrEqual(1e-6 * length(expected))
          } else if (/lora_(A\.weight|embedding_A)$/.test(key)) {
            // Singular vectors may differ in their signs, so the products are compared.
            const bKey = key.replace(/A(\.weight)?$/, 'B$1')
            const want = product(theirs.tensors.get(key)!, theirs.tensors.get(bKey)!, 1)
            expect(distance(product(a, ours.tensors.get(bKey)!, 1), want) / length(want), key).toBeLessThan(1e-5)
          }
        }
      }
    } finally {
      rmSync(work, { recursive: true, force: true })
    }
  })
})
