// The folder of a run for other engines: its rows, its order, its settings, and what is refused by name.
import { expect, test } from 'vitest'
import { sentence } from '../../config/phrase'
import { defaults } from '../../config/field'
import { defaultTraining } from '../../config/run-config'
import type { RunSummary } from '../../config/run-reports'
import { randomModel } from '../../models/random-model'
import { methods } from '../../peft/registry'
import { planModel } from '../../peft/loaded-model'
import { lora } from '../../peft/lora'
import { elsewhereFiles, fitting } from './folder'
import { peftLacks } from './peft-lacks'
import type { PreparedRow, PreparedRun } from './prepared-run'
import { scriptNamed } from './python'

const shape = { family: 'llama', layers: 2, hidden: 64, intermediate: 96, heads: 2, vocab: 64, context: 64 }
const { base } = planModel(randomModel('random', shape), 'f32', 2 ** 27)
const rows: PreparedRow[] = [
  {
    ids: [1, 2, 3],
    labels: [-100, 2, 3],
    segments: [
      { label: false, text: 'a' },
      { label: true, text: 'bc' },
    ],
  },
  { ids: [4, 5], labels: [-100, 5] },
]
const summary: RunSummary = {
  runId: '',
  status: 'finished',
  config: { method: 'lora', methodSettings: {}, training: defaultTraining() },
  model: { name: 'random', family: 'llama', base: 'native' },
  data: { name: 'rows.jsonl', rows: 2 },
  memory: { totalBytes: 1, parts: [], trainableParameters: 1, totalParameters: 2, adapterFileBytes: 1, steps: 2 },
  peakGpuBytes: 0,
  elapsedMs: 0,
  adapterBytes: 1,
}
const run: PreparedRun = {
  method: lora,
  settings: defaults(lora.fields),
  training: defaultTraining({ steps: 2 }),
  steps: 2,
  base,
  model: { name: 'random', family: 'llama', base: 'native', fingerprint: 'f', lineage: 'l' },
  basePath: 'models/random',
  dataName: 'rows.jsonl',
  evaluationName: 'held.jsonl',
  train: { count: 2, row: (place) => rows[place] },
  evaluation: { count: 1, all: 5, row: () => rows[1] },
  order: [[1, 0], [0]],
  trained: [{ name: 'x.lora_A.weight', shape: [8, 64], decay: true, rate: 1 }],
  start: [{ path: 'tabtune.json', bytes: new Uint8Array([1]) }],
  trainsBase: false,
  summary,
  firstLoss: 2.5,
  sizes: [
    {
      name: '8B',
      parameters: 8e9,
      trainable: 2e7,
      weightsBytes: 16 * 2 ** 30,
      trainedBytes: 2 ** 30,
      activationBytes: 2 ** 30,
      flopsPerStep: 1.5e16,
    },
  ],
}

async function textOf(given: PreparedRun, path: string): Promise<string> {
  const file = elsewhereFiles(given).find((f) => f.path === path)!
  if ('bytes' in file) return new TextDecoder().decode(file.bytes)
  let text = ''
  for await (const chunk of file.chunks()) text += new TextDecoder().decode(chunk)
  return text
}
const linesOf = async (path: string) =>
  (await textOf(run, path))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as unknown)

test('rows in their own order, and the rows of each step', async () => {
  expect(await linesOf('data/train.jsonl')).toEqual([
    { input_ids: [1, 2, 3], attention_mask: [1, 1, 1], labels: [-100, 2, 3], segments: rows[0].segments },
    { input_ids: [4, 5], attention_mask: [1, 1], labels: [-100, 5] },
  ])
  expect(await linesOf('data/eval.jsonl')).toEqual([{ input_ids: [4, 5], attention_mask: [1, 1], labels: [-100, 5] }])
  expect(await linesOf('data/order.jsonl')).toEqual([[1, 0], [0]])
})

test('settings for the scripts, and the table of sizes', async () => {
  const settings = JSON.parse(await textOf(run, 'settings.json')) as Record<string, unknown>
  expect(settings).toMatchObject({ base: 'models/random', steps: 2, firstLoss: 2.5, weightsFile: 'adapter_model.safetensors' })
  expect(settings.trained).toEqual([{ name: 'x.lora_A.weight', decay: true, rate: 1 }])
  expect(settings.figures).toContainEqual({ key: 'bestLoss', metric: 'loss', take: 'best', better: 'lower' })
  const readme = await textOf(run, 'README.md')
  // 17 GiB shared by 4 and 1 GiB of activations; 2 steps of 1.5e16 operations at 4 times 150e12 a second.
  expect(readme).toContain('| 8B | 4 | 18.00 GiB | 5.25 GiB | 50 s |')
  expect(readme).toContain('| 8B | 1 | 18.00 GiB | 18.00 GiB | 3 min |')
})

test('every figure in the settings is of a metric that the script writes for each step', async () => {
  const { figures } = JSON.parse(await textOf(run, 'settings.json')) as { figures: { metric: string }[] }
  const step = /self\.note\(\s*\{\s*"step": self\.step,\s*"steps"[^}]*\}/.exec(scriptNamed('train.py'))![0]
  const written = [...step.matchAll(/"(\w+)":/g)].map(([, key]) => key)
  expect(figures.map(({ metric }) => metric).filter((metric) => !written.includes(metric))).toEqual([])
})

test('weight decay of all tensors is in the list of trained ones', async () => {
  const settings = { ...run, training: defaultTraining({ decayAll: true }), trained: [{ ...run.trained[0], decay: false }] }
  expect(JSON.parse(await textOf(settings, 'settings.json')).trained).toEqual([{ name: 'x.lora_A.weight', decay: true, rate: 1 }])
})

test('what PEFT lacks is named', () => {
  const words = (change: Partial<PreparedRun>) => {
    const lacks = peftLacks({ ...run, ...change })
    return lacks && sentence(lacks)
  }
  expect(words({})).toBeUndefined()
  const refused = methods.filter((method) => words({ method, settings: defaults(method.fields) }) !== undefined).map(({ name }) => name)
  expect(refused).toEqual(['bottleneck-adapter', 'lora-moe'])
  expect(words({ settings: { ...run.settings, start: 'pissa' } })).toContain('PiSSA')
  expect(words({ settings: { ...run.settings, newTokens: '<a>' } })).toContain('rows of single tokens')
  expect(words({ training: defaultTraining({ optimizer: 'adamw-8bit' }) })).toContain('8 bits')
  const method = methods.find(({ name }) => name === 'lora-moe')!
  expect(() => fitting({ ...run, method })).toThrow('got one that none of them can. PEFT has no LoRA-MoE.')
})

test('names with line breaks and backticks stay names: no heading, no block of commands, no end of their code', async () => {
  const given = { ...run, model: { ...run.model, name: 'a\n# b' }, dataName: 'c\n```sh\u2028rm', basePath: 'x``y\n`z' }
  const readme = await textOf(given, 'README.md')
  expect(readme).toContain('# LoRA on a # b, elsewhere')
  expect(readme).toContain('rows of c ```sh rm. ')
  expect(readme).toContain('take it from ``` x``y `z ```; ')
})
