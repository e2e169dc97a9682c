// LLaMA-Factory's and axolotl's configurations, as their own parsers took them: e2e/interop/parse_trainers.py reads the files of this test.
// A key that is new, gone or of another value shows here first.
import { join } from 'node:path'
import { expect, it, test } from 'vitest'
import { defaults } from '../../config/field'
import { sentence } from '../../config/phrase'
import { type BaseFormat, type TrainingSettings, defaultTraining } from '../../config/run-config'
import { randomModel } from '../../models/random-model'
import { planModel } from '../../peft/loaded-model'
import { methodNamed, methods } from '../../peft/registry'
import { axolotl } from './axolotl'
import type { Engine } from './engine'
import { llamaFactory } from './llama-factory'
import type { PreparedRun } from './prepared-run'

const goldens = join(import.meta.dirname, '../../../e2e/interop/goldens/trainers')
const shape = { family: 'llama', layers: 2, hidden: 64, intermediate: 96, heads: 2, vocab: 64, context: 64 }
const { base } = planModel(randomModel('random', shape), 'f32', 2 ** 27)
const row = { ids: [1, 2, 3], labels: [-100, 2, 3] }

interface Given {
  method?: string
  settings?: PreparedRun['settings']
  training?: Partial<TrainingSettings>
  format?: BaseFormat
  order?: number[][]
  held?: number
  trained?: PreparedRun['trained']
  start?: PreparedRun['start']
}

function prepared(given: Given = {}): PreparedRun {
  const method = methodNamed(given.method ?? 'lora')
  const training = defaultTraining({ ...method.training, steps: 6, evalEvery: 2, batchSize: 2, maxLength: 64, ...given.training })
  const trainsBase = method.baseTensors !== undefined
  const settings = { ...defaults(method.fields), ...given.settings }
  const model = { name: 'random', family: 'llama', base: given.format ?? ('native' as const) }
  return {
    method,
    settings,
    training,
    steps: 6,
    base,
    model,
    basePath: '../base',
    dataName: 'rows.jsonl',
    evaluationName: 'rows.jsonl',
    train: { count: 4, row: () => row },
    evaluation: { count: given.held ?? 1, all: 1, row: () => row },
    order: given.order ?? Array.from({ length: 6 }, () => [0, 1]),
    trained: given.trained ?? [{ name: 'model.layers.1.mlp.up_proj.weight', shape: [2, 2], decay: true, rate: 1 }],
    start: given.start ?? [{ path: 'tabtune.json', bytes: new Uint8Array(2) }],
    trainsBase,
    summary: {
      runId: '',
      status: 'finished',
      config: { method: method.name, methodSettings: settings, training },
      model,
      data: { name: 'rows.jsonl', rows: 4 },
      memory: { totalBytes: 1, parts: [], trainableParameters: 1, totalParameters: 2, adapterFileBytes: 1, steps: 6 },
      peakGpuBytes: 0,
      elapsedMs: 0,
      adapterBytes: 1,
    },
    sizes: [],
  }
}

const textOf = (engine: Engine, run: PreparedRun, path: string): string =>
  new TextDecoder().decode(engine.files(run).find((file) => file.path === path)!.bytes)
const reason = (engine: Engine, given: Given): string | undefined => {
  const found = engine.lacks(prepared(given))
  return found && sentence(found)
}

const cases: Record<string, Given> = {
  lora: {},
  'lora-targets': {
    settings: { targetModules: 'q_proj, v_proj', rsLora: true, dropout: 0.1, plusRatio: 16 },
    training: { weightDecay: 0, schedule: 'cosine', clip: 0, accumulate: 3, checkpointing: true },
  },
  dora: { method: 'dora', training: { schedule: 'constant', optimizer: 'adamw-8bit' } },
  pissa: { settings: { start: 'pissa' }, held: 0 },
  qlora: { method: 'qlora', format: 'nf4-dq', training: { patience: 2 } },
  'qlora-fp4': { method: 'qlora', format: 'fp4' },
  'top-layers': { method: 'top-layers' },
  full: { method: 'full', training: { evalEvery: 0 } },
  bitfit: { method: 'bitfit' },
}

test.each(Object.entries(cases))('the configurations of %s are those that the packages parsed', async (name, given) => {
  for (const engine of [llamaFactory, axolotl]) {
    const run = prepared(given)
    if (engine.lacks(run)) continue
    await expect(textOf(engine, run, 'run.yaml')).toMatchFileSnapshot(join(goldens, `${name}.${engine.name}.yaml`))
  }
})

it('fills steps of several lengths up to the longest, in micro-batches of the run', () => {
  const run = prepared({ order: [[0, 1, 2], [3]], training: { batchSize: 2, accumulate: 2 } })
  expect(textOf(llamaFactory, run, 'run.yaml')).toMatch(/per_device_train_batch_size: 2\ngradient_accumulation_steps: 2\n/)
  expect(textOf(axolotl, prepared({ order: [[0], [1]] }), 'run.yaml')).toMatch(/micro_batch_size: 1\ngradient_accumulation_steps: 1\n/)
})

it('puts the identity of the run where the adapter will be, and nothing where the result is a model', () => {
  const paths = (given: Given) => llamaFactory.files(prepared(given)).map(({ path }) => path)
  expect(paths({})).toEqual(['run.yaml', 'prepare.py', 'requirements.txt', 'result/tabtune.json', 'result/run.json'])
  expect(paths({ method: 'full' })).toEqual(['run.yaml', 'prepare.py', 'requirements.txt'])
})

it('names what an engine lacks, and writes no other run in its place', () => {
  const able = (engine: Engine) => methods.filter(({ name }) => !engine.lacks(prepared({ method: name }))).map(({ name }) => name)
  expect(able(llamaFactory)).toEqual(['lora', 'qlora', 'dora', 'top-layers', 'full'])
  expect(able(axolotl)).toEqual(['lora', 'qlora', 'dora', 'bitfit', 'top-layers', 'full'])
  const start = [{ path: 'model.safetensors', bytes: new Uint8Array(1) }]
  const norm = [{ name: 'model.norm.weight', shape: [2], decay: false, rate: 1 }]
  const both: [Given, RegExp][] = [
    [{ method: 'prompt-tuning' }, /has no Prompt tuning\. It has LoRA/],
    [{ settings: { newTokens: '<a>' } }, /rows of single tokens/],
    [{ method: 'full', start }, /continues from weights that were trained before/],
    [{ method: 'full', trained: norm, training: { decayAll: true } }, /decays norms and biases too/],
    [{ method: 'dora', settings: { plusRatio: 4 }, training: { weightDecay: 0 } }, /DoRA’s lengths of rows the learning rate of B/],
    [{ settings: { start: 'pissa' }, format: 'nf4' }, /PiSSA\) on a base in 4 bits/],
  ]
  for (const [given, words] of both) for (const engine of [llamaFactory, axolotl]) expect(reason(engine, given), engine.name).toMatch(words)
  expect(reason(llamaFactory, { method: 'top-layers', settings: { head: true } })).toMatch(/final norm and head by parts of names/)
  expect(reason(llamaFactory, { settings: { start: 'pissa', rankPattern: 'q_proj=4' } })).toMatch(/one rank and one alpha for all layers/)
  expect(reason(axolotl, { settings: { plusRatio: 4 } })).toMatch(/LoRA\+ without weight decay/)
})
