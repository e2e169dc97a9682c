// Adapters from elsewhere: which modules they mean, what their patterns say, and tables that lie beside them.
import { describe, expect, test } from 'vitest'
import { TabTuneError } from '../config/errors'
import { type Settings, typedSettings } from '../config/field'
import { MemorySource } from '../formats/memory-source'
import { planBase } from '../models/base-model'
import { randomModel } from '../models/random-model'
import { loraSites, rankFields } from '../peft/lora-sites'
import { type LoraParts, loraFolder } from '../testing/lora-file'
import { normals } from '../testing/random'
import { loraFileOf, readAdapter, writeAdapter } from './adapter'
import { combinedFiles } from './combined'
import { methodBase } from '../peft/base'

const shape = { family: 'llama', layers: 3, hidden: 32, intermediate: 48, heads: 2, vocab: 40, context: 64 }
const baseOf = (tied: boolean) => {
  const file = randomModel('random', { ...shape, tied })
  return methodBase(planBase(file, 'f32', 2 ** 27), undefined)
}
const base = baseOf(false)
const layer = (n: number, module: string) => `model.layers.${n}.${module}`
const [q, v, down] = ['self_attn.q_proj', 'self_attn.v_proj', 'mlp.down_proj']
const everywhere = (...modules: string[]) =>
  Object.fromEntries([0, 1, 2].flatMap((n) => modules.map((module) => [layer(n, module), 2] as const)))
const qv = everywhere(q, v)
const sitesOf = (settings: Settings) => loraSites(base, typedSettings('lora', rankFields, settings))

const read = (parts: LoraParts, on = base) => readAdapter(loraFolder(on, parts), on)
const problemOf = (parts: LoraParts, on = base) =>
  read(parts, on).then(
    () => 'it loads',
    (error: unknown) => (error instanceof TabTuneError ? `${error.kind}: ${error.message}` : String(error)),
  )

async function scales(parts: LoraParts): Promise<Record<string, number>> {
  const { settings } = await read(parts)
  return Object.fromEntries(sitesOf(settings).map((s) => [s.site, s.scale]))
}

describe('which modules', () => {
  const narrow = { [layer(1, q)]: 2, [layer(2, q)]: 2 }
  test.each<[string, LoraParts, string]>([
    ['a list', { config: {}, modules: qv }, 'q_proj, v_proj'],
    [
      'names that this model does not have',
      { config: { target_modules: ['v_proj', 'q_proj', 'c_attn', 'wi'] }, modules: qv },
      'q_proj, v_proj',
    ],
    ['a regular expression', { config: { target_modules: String.raw`.*\.self_attn\.(?:q|v)_proj` }, modules: qv }, 'q_proj, v_proj'],
    [
      'a regular expression of some layers',
      { config: { target_modules: String.raw`^(?!.*\.0\.).*q_proj$` }, modules: narrow },
      `${layer(1, q)}, ${layer(2, q)}`,
    ],
    [
      'all-linear',
      { config: { target_modules: 'all-linear' }, modules: Object.fromEntries([...base.sites.keys()].map((s) => [s, 2])) },
      'all-linear',
    ],
    ['layers', { config: { target_modules: ['q_proj'], layers_to_transform: [1, 2] }, modules: narrow }, `${layer(1, q)}, ${layer(2, q)}`],
    [
      'one layer by its pattern',
      { config: { target_modules: ['q_proj'], layers_to_transform: 1, layers_pattern: ['h', 'layers'] }, modules: { [layer(1, q)]: 2 } },
      layer(1, q),
    ],
    ['excluded names', { config: { target_modules: ['q_proj', 'v_proj'], exclude_modules: ['v_proj'] }, modules: everywhere(q) }, 'q_proj'],
    [
      'an excluding expression',
      { config: { target_modules: ['q_proj'], exclude_modules: String.raw`model\.layers\.0\..*` }, modules: narrow },
      `${layer(1, q)}, ${layer(2, q)}`,
    ],
    ['no list at all', { config: { target_modules: null }, modules: everywhere(down) }, 'down_proj'],
    ['the head', { config: { target_modules: ['q_proj', 'lm_head'] }, modules: { ...everywhere(q), lm_head: 2 } }, 'lm_head, q_proj'],
  ])('%s', async (_what, parts, want) => {
    const adapter = await read(parts)
    expect(adapter.settings.targetModules).toBe(want)
    expect(sitesOf(adapter.settings).map((s) => s.site)).toEqual(Object.keys(parts.modules).sort((a, b) => order(a) - order(b)))
    // What is written means the same again, to us and by name to PEFT.
    const again = await readAdapter(
      (await writeAdapter(adapter, base)).filter((f) => f.path !== 'tabtune.json').map((f) => new MemorySource(f.path, f.bytes)),
      base,
    )
    expect(sitesOf(again.settings)).toEqual(sitesOf(adapter.settings))
  })
  const order = (site: string) => [...base.sites.keys(), 'lm_head'].indexOf(site)

  test.each<[string, LoraParts, RegExp]>([
    [
      'none that the model has',
      { config: { target_modules: ['c_attn'] }, modules: qv },
      /^FormatError: .*target_modules.*got c_attn, which it does not have/,
    ],
    ['modules without tensors', { config: {}, modules: everywhere(q) }, /^FormatError: .*got none for model\.layers\.0\.self_attn\.v_proj/],
    [
      'tensors that no key means',
      { config: { target_modules: ['q_proj'] }, modules: qv },
      /^FormatError: .*got others for model\.layers\.0\.self_attn\.v_proj/,
    ],
    ['tensors that are excluded', { config: { exclude_modules: ['v_proj'] }, modules: qv }, /^FormatError: .*got others for/],
    [
      'an expression that is none',
      { config: { target_modules: '*_proj' }, modules: qv },
      /^FormatError: adapter_config\.json, target_modules: expected a regular/,
    ],
    [
      'layers beside an expression',
      { config: { target_modules: '.*q_proj', layers_to_transform: [0] }, modules: qv },
      /^FormatError: .*layers_to_transform/,
    ],
  ])('%s: refused', async (_what, parts, want) => expect(await problemOf(parts)).toMatch(want))
})

describe('rank_pattern and alpha_pattern', () => {
  test('are regular expressions, and the first that matches counts', async () => {
    const alphas = { 'layers.2.self_attn.v_proj': 1, [String.raw`.*layers\.[12]\..*(q_proj|v_proj)`]: 64, '^q_proj': 3, v_proj: 8 }
    expect(await scales({ config: { alpha_pattern: alphas }, modules: qv })).toEqual({
      [layer(0, q)]: 2,
      [layer(0, v)]: 4,
      [layer(1, q)]: 32,
      [layer(1, v)]: 32,
      [layer(2, q)]: 32,
      [layer(2, v)]: 0.5,
    })
  })

  test('ranks change too, with rank-stabilised scales', async () => {
    const modules = { ...everywhere(q), [layer(0, q)]: 9, [layer(2, q)]: 4 }
    const config = {
      target_modules: ['q_proj'],
      use_rslora: true,
      rank_pattern: { [String.raw`model\.layers\.0\.\w+\.q_proj`]: 9, '.*2.*': 4 },
    }
    const found = await scales({ config, modules })
    expect(found[layer(0, q)]).toBeCloseTo(4 / 3, 12)
    expect(found[layer(1, q)]).toBeCloseTo(4 / Math.SQRT2, 12)
    expect(found[layer(2, q)]).toBeCloseTo(2, 12)
    expect(await problemOf({ config: { ...config, rank_pattern: {} }, modules })).toMatch(
      /^FormatError: .*should be \[2, 32\] and is \[9, 32\]/,
    )
  })

  test('are written as names, which are also regular expressions', async () => {
    const adapter = await read({ config: { alpha_pattern: { 'q{1,2}_proj': 5, 'layers.1.self_attn.v_proj': 6 } }, modules: qv })
    const files = await writeAdapter(adapter, base)
    const config = JSON.parse(new TextDecoder().decode(files.find((f) => f.path === 'adapter_config.json')!.bytes)) as {
      alpha_pattern: object
    }
    expect(config.alpha_pattern).toEqual({ [layer(0, q)]: 5, [layer(1, q)]: 5, [layer(2, q)]: 5, [layer(1, v)]: 6 })
  })

  test('an invalid or unsupported expression is refused', async () => {
    expect(await problemOf({ config: { alpha_pattern: { 'q_proj(': 5 } }, modules: qv })).toMatch(
      /^FormatError: adapter_config\.json, alpha_pattern: expected a regular expression that Python can read, got q_proj\(, which has/,
    )
    expect(await problemOf({ config: { rank_pattern: { '(?>q)_proj': 5 } }, modules: qv })).toMatch(
      /^UnsupportedError: adapter_config\.json, rank_pattern/,
    )
  })
})

describe('tables of the base beside an adapter', () => {
  const rows = (from: typeof base, name: string) =>
    from.rows(
      name,
      Array.from({ length: shape.vocab }, (_, i) => i),
    )
  const [embed, head] = ['base_model.model.model.embed_tokens.weight', 'base_model.model.lm_head.weight']
  const table = (name: string, data: Float32Array, rows = shape.vocab) => ({ name, shape: [rows, shape.hidden], data })
  const other = normals(77, shape.vocab * shape.hidden)

  test('copies of the base’s tables are dropped', async () => {
    const more = [table(embed, await rows(base, 'model.embed_tokens.weight')), table(head, await rows(base, 'lm_head.weight'))]
    const adapter = await read({ config: {}, modules: qv, more })
    expect(adapter.settings.modulesToSave).toBe('')
    expect([...adapter.tensors.keys()].filter((key) => !key.includes('lora_'))).toEqual([])
  })

  test('other tables replace those of the base', async () => {
    const more = [table(embed, await rows(base, 'model.embed_tokens.weight')), table(head, other)]
    const adapter = await read({ config: {}, modules: qv, more })
    expect(adapter.settings.modulesToSave).toBe('lm_head')
    expect(adapter.tensors.get(head)!.values).toEqual(other)
    expect(adapter.tensors.has(embed)).toBe(false)
  })

  test('if embedding and head are one tensor, one table serves both, and two different ones are refused', async () => {
    const tied = baseOf(true)
    const same = await rows(tied, 'model.embed_tokens.weight')
    expect((await read({ config: {}, modules: qv, more: [table(embed, same), table(head, same)] }, tied)).settings.modulesToSave).toBe('')
    const adapter = await read({ config: {}, modules: qv, more: [table(embed, other)] }, tied)
    expect(adapter.settings.modulesToSave).toBe('embed_tokens, lm_head')
    expect(adapter.tensors.get(head)!.values).toEqual(other)
    const apart = {
      config: {},
      modules: qv,
      more: [
        table(embed, other),
        table(
          head,
          other.map((x) => x + 1),
        ),
      ],
    }
    expect(await problemOf(apart, tied)).toMatch(/^UnsupportedError: .*different ones in .*lm_head\.weight \[40, 32\] and .*embed_tokens/)
  })

  test('a table of a grown vocabulary is refused with the sizes', async () => {
    const grown = normals(5, 43 * shape.hidden)
    const parts = { config: {}, modules: qv, more: [table(embed, grown, 43)] }
    expect(await problemOf(parts)).toMatch(
      /^FormatError: .*embed_tokens\.weight: expected the shape \[40, 32\].*got \[43, 32\].*3 tokens were added/,
    )
    expect(await problemOf({ ...parts, config: { modules_to_save: ['embed_tokens'] } })).toMatch(/3 tokens were added/)
    expect(await problemOf({ ...parts, more: [table(head, other.subarray(shape.hidden), 39)] })).toMatch(
      /got \[39, 32\]\. Use the adapter with/,
    )
  })

  test('beside an update of the table itself, they must equal those of the base', async () => {
    const name = 'base_model.model.lm_head.base_layer.weight'
    const parts = { config: { target_modules: ['q_proj', 'lm_head'] }, modules: { ...everywhere(q), lm_head: 2 } }
    expect(await problemOf({ ...parts, more: [table(name, await rows(base, 'lm_head.weight'))] })).toBe('it loads')
    expect(await problemOf({ ...parts, more: [table(name, other)] })).toMatch(
      /^UnsupportedError: .*got other values in .*lm_head\.base_layer\.weight/,
    )
  })

  test('the same with DoRA', async () => {
    const lengths = Object.keys(qv).map((m) => ({
      name: `base_model.model.${m}.lora_magnitude_vector`,
      shape: [base.sites.get(m)![0]],
      data: new Float32Array(base.sites.get(m)![0]).fill(1),
    }))
    const config = { use_dora: true }
    const copy = table(head, await rows(base, 'lm_head.weight'))
    expect(await problemOf({ config, modules: qv, more: [...lengths, copy] })).toBe('it loads')
    expect(await problemOf({ config, modules: qv, more: [...lengths, table(head, other)] })).toMatch(/^UnsupportedError: .*lm_head\.weight/)
  })
})

test('tabtune.json names the base by its fingerprint, also when the adapter is read and written on another base', async () => {
  const identity = { fingerprint: '1'.repeat(64), lineage: 'a'.repeat(64) }
  const trained = { name: 'random', ...identity }
  const ownOf = (files: Awaited<ReturnType<typeof writeAdapter>>): Record<string, unknown> =>
    JSON.parse(new TextDecoder().decode(files.find((f) => f.path === 'tabtune.json')!.bytes))
  const adapter = await read({ config: {}, modules: qv })
  expect(ownOf(await writeAdapter(adapter, base)).base).toBeUndefined()
  const files = await writeAdapter(adapter, { ...base, identity })
  expect(ownOf(files).base).toEqual(trained)
  const elsewhere = { ...base, name: 'other', identity: { ...identity, fingerprint: '2'.repeat(64) } }
  const sources = files.map((f) => new MemorySource(f.path, f.bytes))
  const again = await readAdapter(sources, elsewhere)
  expect(again.trainedOn).toEqual(trained)
  expect(ownOf(await writeAdapter(again, elsewhere)).base).toEqual(trained)
  const [part] = [loraFileOf('a', again, elsewhere)]
  expect(ownOf(await combinedFiles([part, part], [0.5, 0.5], 'linear', undefined)).base).toEqual(trained)
  const unknown = { ...part, trainedOn: undefined }
  expect(ownOf(await combinedFiles([part, unknown], [0.5, 0.5], 'linear', undefined)).base).toBeUndefined()
  // On a model that it does not fit, the two models are named rather than its tensors, unless it is a copy of its own.
  const small = methodBase(planBase(randomModel('small', { ...shape, layers: 1 }), 'f32', 2 ** 27), undefined)
  const onSmall = (lineage: string) => readAdapter(sources, { ...small, identity: { fingerprint: '3'.repeat(64), lineage } })
  await expect(onSmall('b'.repeat(64))).rejects.toThrow(
    /^adapter: expected the model random \(fingerprint 1{16}\).* got small \(fingerprint 3{16}\)/,
  )
  await expect(onSmall(identity.lineage)).rejects.toThrow(/layers\.[12]\./)
})

describe('names with other parts', () => {
  const named = (nameOf: (key: string) => string): LoraParts => ({
    config: { target_modules: ['q_proj'] },
    modules: {},
    more: [0, 1, 2].flatMap((n) =>
      [[2, 32] as const, [32, 2] as const].map((size, half) => ({
        name: nameOf(`base_model.model.${layer(n, q)}.lora_${'AB'[half]}.weight`),
        shape: size,
        data: new Float32Array(64).fill(0.1),
      })),
    ),
  })
  test.each([
    ['base_model.model.model.', 'base_model.model._orig_mod.model.'],
    ['.self_attn', '._fsdp_wrapped_module._checkpoint_wrapped_module.self_attn'],
  ])('%s is also %s, which wraps it', async (plain, wrapped) => {
    const { tensors } = await read(named((key) => key.replace(plain, wrapped)))
    expect([...tensors.keys()][0]).toBe(`base_model.model.${layer(0, q)}.lora_A.weight`)
  })
  test('names of another model are told, not that tensors are missing', async () => {
    const other = await problemOf(named((key) => key.replace('model.layers', 'model.language_model.layers')))
    expect(other).toMatch(
      /expected tensor names as in PEFT, .* got base_model\.model\.model\.language_model\.layers\.0\.self_attn\.q_proj\.lora_A/,
    )
    const doubled = await problemOf(named((key) => `base_model.model.${key}`))
    expect(doubled).toMatch(/got base_model\.model\.base_model\.model\.model\.layers/)
  })
})
