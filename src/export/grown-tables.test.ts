// LoRA over tables that grow by new tokens: the adapter's files, what is refused, and merged models.
import { describe, expect, test } from 'vitest'
import { TabTuneError } from '../config/errors'
import { sentence } from '../config/phrase'
import { parseSettings } from '../config/field'
import { MemorySource } from '../formats/memory-source'
import { openModel } from '../formats/open-model'
import { readSafetensorsHeader } from '../formats/safetensors'
import { randomModel } from '../models/random-model'
import { stateSlot, stateTensor } from '../ops/step-state'
import { jsonFile, tensorsFile } from '../peft/adapter-folder'
import { planModel } from '../peft/loaded-model'
import { lora } from '../peft/lora'
import type { Adapter, Method } from '../peft/method'
import type { FolderFile } from '../peft/model-folder'
import { methodNamed } from '../peft/registry'
import { Parameters } from '../tensor/parameters'
import { normals } from '../testing/random'
import { readAdapter, writeAdapter } from './adapter'
import { mergedFolder } from './merge'
import { mergedGguf } from './merge-gguf'

const [vocab, hidden, rank, added] = [40, 32, 4, 3]
const shape = { family: 'llama', layers: 1, hidden, intermediate: 48, heads: 2, vocab, context: 64 }
const modelOf = (tied: boolean) => planModel(randomModel('random', { ...shape, tied }), 'f32', 2 ** 27)
const [tied, untied] = [modelOf(true), modelOf(false)]
const ids = '40, 41, 42'
const [table, head] = ['base_model.model.model.embed_tokens', 'base_model.model.lm_head']
const whole = [vocab + added, hidden]

async function parametersOf(method: Method, more: Record<string, string>, { base } = untied): Promise<[Adapter['settings'], Parameters]> {
  const settings = parseSettings(method.name, method.fields, { r: rank, ...more })
  const parameters = new Parameters(false, 2 ** 27)
  await method.setUp({ base, settings, parameters, seed: 0, stepState: stateTensor(stateSlot()) })
  return [settings, parameters]
}

async function adapterWith(more: Record<string, string>, model = untied): Promise<Adapter> {
  const [settings, parameters] = await parametersOf(lora, more, model)
  const tensors = parameters.names.map((key, i) => {
    const shape = parameters.shape(key)
    return [key, { shape, values: normals(40 + i, shape[0] * shape[1], 0.1) }] as const
  })
  return { method: lora, settings, tensors: new Map(tensors) }
}

const both = { targetModules: 'q_proj, embed_tokens, lm_head', tokenIds: ids, headTokenIds: ids }
const problem = (work: () => Promise<unknown>) =>
  work().then(
    () => 'it works',
    (error: unknown) => (error instanceof TabTuneError ? error.message : String(error)),
  )
const sourcesOf = (files: readonly FolderFile[]) => files.map((f) => new MemorySource(f.path, f.bytes))
const withoutOwn = (files: readonly FolderFile[]) => files.filter((f) => f.path !== 'tabtune.json')

async function shapesOf(files: readonly FolderFile[]): Promise<Record<string, readonly number[]>> {
  const file = files.find((f) => f.path === 'adapter_model.safetensors')!
  const { tensors } = await readSafetensorsHeader(new MemorySource(file.path, file.bytes))
  return Object.fromEntries([...tensors.values()].filter((t) => !t.name.includes('q_proj')).map((t) => [t.name, t.shape]))
}

describe('the files', () => {
  const embedding = { [`${table}.lora_embedding_A`]: [rank, 43], [`${table}.lora_embedding_B`]: [hidden, rank] }
  const headUpdate = { [`${head}.lora_A.weight`]: [rank, hidden], [`${head}.lora_B.weight`]: [43, rank] }
  const [tables, heads] = [{ [`${table}.base_layer.weight`]: whole }, { [`${head}.base_layer.weight`]: whole }]
  const delta = (module: string) => ({ [`${module}.token_adapter.trainable_tokens_delta`]: [added, hidden] })
  test.each([
    ['both tables', both, untied, { ...embedding, ...tables, ...headUpdate, ...heads }, undefined],
    [
      'the embedding, and trained rows of the head',
      { ...both, targetModules: 'embed_tokens' },
      untied,
      { ...embedding, ...tables, ...delta(head) },
      { lm_head: [40, 41, 42] },
    ],
    [
      'the head, and trained rows of the embedding',
      { ...both, targetModules: 'lm_head' },
      untied,
      { ...headUpdate, ...heads, ...delta(table) },
      [40, 41, 42],
    ],
    ['a tied table', { ...both, headTokenIds: '' }, tied, { ...embedding, ...tables, ...headUpdate }, undefined],
    ['a tied head', { targetModules: 'lm_head', tokenIds: ids }, tied, { ...headUpdate, ...heads }, undefined],
  ])('of %s are those of PEFT, and say the same when they are read', async (_name, settings, model, want, indices) => {
    const adapter = await adapterWith(settings, model)
    const files = await writeAdapter(adapter, model.base)
    const shapes = await shapesOf(files)
    expect(shapes).toEqual(want)
    const planned = [...adapter.tensors].map(([name, { shape }]) => ({ name, shape }))
    const told = lora.fileTensors!(planned, adapter.settings, model.base).filter((t) => !t.name.includes('q_proj'))
    expect(Object.fromEntries(told.map((t) => [t.name, t.shape])), 'the size before the run').toEqual(shapes)
    const config = JSON.parse(new TextDecoder().decode(files.find((f) => f.path === 'adapter_config.json')!.bytes)) as Adapter['settings']
    expect(config.trainable_token_indices).toEqual(indices)
    expect(files.some((f) => f.path === 'adapter.gguf')).toBe(false)
    for (const given of [files, withoutOwn(files)]) {
      const again = await readAdapter(sourcesOf(given), model.base)
      expect(again.tensors).toEqual(adapter.tensors)
      expect(again.settings.tokenIds).toBe(adapter.settings.tokenIds)
    }
  })

  test('the notice says how large the tables are, and that llama.cpp cannot add tokens', () => {
    const settings = parseSettings('lora', lora.fields, both)
    expect(sentence(lora.notice!(settings, undefined, untied.base)!)).toMatch(/^The update of embed_tokens, lm_head also .*\(1 MB\).*GGUF/)
  })
})

describe('refused by name', () => {
  test.each([
    ['dora', { ...both, targetModules: 'lm_head' }, /^new tokens: expected a head without an update for DoRA/],
    ['lora', { ...both, start: 'pissa' }, /^starting values: expected A random, B zero for a head/],
    ['lora', { ...both, tokenIds: `7, ${ids}` }, /^trained tokens: expected rows of a table that is otherwise frozen/],
    [
      'lora',
      { ...both, targetModules: 'q_proj', modulesToSave: 'embed_tokens' },
      /^trained tokens: expected rows of a table that is otherwise/,
    ],
    ['lora', { ...both, headTokenIds: '' }, /^trained tokens: expected a row in the head for each token from 40 to 42/],
  ])('%s with %j', async (name, settings, want) => {
    expect(await problem(() => parametersOf(methodNamed(name), settings))).toMatch(want)
  })

  test('files without the rows, with two kinds of rows, or with rows that are trained too', async () => {
    const config = (more = {}) => jsonFile('adapter_config.json', { ...lora.toConfig(settings, tied.base), ...more })
    const { settings, tensors } = await adapterWith({ ...both, headTokenIds: '' }, tied)
    const updates = new Map([...tensors].filter(([name]) => name.includes('lora_')))
    const stored = await tied.base.stored('model.embed_tokens.weight')
    const grown = (value: number) => ({ shape: whole, values: Float32Array.from([...stored, ...Array(added * hidden).fill(value)]) })
    const read = (more: Adapter['tensors'], keys = {}) =>
      problem(() =>
        readAdapter(sourcesOf([config(keys), tensorsFile('adapter_model.safetensors', new Map([...updates, ...more]))]), tied.base),
      )
    const one = [`${table}.base_layer.weight`, grown(1)] as const
    expect(await read(new Map())).toMatch(/^adapter: expected .*embed_tokens.base_layer.weight with the rows of 3 new tokens, got none/)
    expect(await read(new Map([one, [`${head}.base_layer.weight`, grown(2)]]))).toMatch(/^adapter: expected the same values for embedding/)
    expect(await read(new Map([one]), { trainable_token_indices: [40, 41, 42] })).toMatch(/^trained tokens: expected rows of a table/)
  })
})

test.each(['folder', 'gguf'])('merged into a %s: each row of both tables is the grown row with its update', async (form) => {
  const adapter = await adapterWith(both)
  const merged = form === 'gguf' ? [await mergedGguf(untied, adapter)] : await mergedFolder(untied, adapter, 'f32')
  const sources = await Promise.all(
    merged.map(async ({ path, chunks }) => {
      const parts: Uint8Array<ArrayBuffer>[] = []
      for await (const part of chunks()) parts.push(part)
      return new MemorySource(path, new Uint8Array(await new Blob(parts).arrayBuffer()))
    }),
  )
  const { base } = planModel(await openModel(sources), 'f32', 2 ** 27)
  expect(base.config.vocab).toBe(43)
  const of = (key: string) => adapter.tensors.get(key)!.values
  const scale = Number(adapter.settings.alpha) / rank
  const updates = {
    'model.embed_tokens': (v: number, c: number, r: number) =>
      of(`${table}.lora_embedding_A`)[r * 43 + v] * of(`${table}.lora_embedding_B`)[c * rank + r],
    lm_head: (v: number, c: number, r: number) => of(`${head}.lora_B.weight`)[v * rank + r] * of(`${head}.lora_A.weight`)[r * hidden + c],
  }
  for (const [module, update] of Object.entries(updates)) {
    const before = [...(await untied.base.stored(`${module}.weight`)), ...of(`base_model.model.${module}.base_layer.new_rows`)]
    const got = await base.stored(`${module}.weight`)
    expect(got.length).toBe(43 * hidden)
    before.forEach((value, i) => {
      const want = [0, 1, 2, 3].reduce((sum, r) => sum + scale * update(Math.floor(i / hidden), i % hidden, r), value)
      expect(Math.abs(got[i] - want)).toBeLessThan(form === 'gguf' ? 1e-3 : 1e-6)
    })
  }
})
