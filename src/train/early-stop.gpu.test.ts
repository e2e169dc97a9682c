// A planted overfit stops early, and ends with the weights of its best evaluation, bit for bit; also if it is resumed in between.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { defaultDataOptions } from '../config/data-options'
import { defaults } from '../config/field'
import { sentence } from '../config/phrase'
import { defaultTraining } from '../config/run-config'
import { fileSource } from '../data/data-source'
import { seededRandom } from '../data/random'
import { openData } from '../data/open-data'
import { rowsAt, usableRows } from '../data/run-rows'
import { Gpu } from '../gpu/gpu'
import { methodNamed } from '../peft/registry'
import type { LoadedModel } from '../peft/loaded-model'
import type { Snapshot } from '../storage/snapshot'
import { oneDeviceGpu } from '../testing/one-device'
import { randomBase, stored } from '../testing/resumed-run'
import { noTokenizer } from '../tokenizer/no-tokenizer'
import { conduct } from './conduct'
import { Control } from './control'
import { keptAdapter } from './kept-adapter'
import type { RunRequest } from './run-request'

let gpu: Gpu
let model: LoadedModel
beforeAll(async () => {
  gpu = await Gpu.open(await oneDeviceGpu())
  model = await randomBase(gpu)
})
afterAll(() => gpu.destroy())

/** Rows of random tokens: whatever is learned from some is wrong for the others. */
async function request(): Promise<RunRequest> {
  const random = seededRandom(5)
  const lines = Array.from({ length: 8 }, () => JSON.stringify({ input_ids: Array.from({ length: 16 }, () => Math.floor(random() * 64)) }))
  const data = fileSource(new File([lines.join('\n')], 'rows.jsonl'))
  const reader = { tokenizer: noTokenizer(64), keep: 128 }
  const rows = usableRows(rowsAt(await openData({ data }, reader, { ...defaultDataOptions, holdOut: 0.5 }), 32))
  const training = defaultTraining({ steps: 40, batchSize: 4, maxLength: 32, evalEvery: 2, warmup: 0, learningRate: 0.02, patience: 3 })
  const chosen = methodNamed('lora')
  return { model, method: chosen, settings: defaults(chosen.fields), training, rows }
}

async function run(wanted: RunRequest, resume?: Snapshot) {
  const [taken, best]: Snapshot[][] = [[], []]
  const ignore = () => undefined
  const events = { onProgress: ignore, onStep: ignore, onEval: ignore, onPaused: ignore }
  const save = {
    take: async (snapshot: Snapshot) => void taken.push(await stored(snapshot)),
    best: async (snapshot: Snapshot) => void best.push(await stored(snapshot)),
    onProblem: ignore,
  }
  return { taken, best, ...(await conduct(gpu, wanted, new Control(), events, { resume, save })) }
}

type Tensors = Awaited<ReturnType<typeof run>>['adapter']['tensors']
const bits = (tensors: Tensors) =>
  [...tensors].map(([name, { values }]) => [name, Buffer.from(new Uint8Array(values.slice().buffer)).toString('base64')])

test('the best weights are put back, and the run says why it ended', async () => {
  const wanted = await request()
  const first = await run(wanted)
  const { outcome, evals, signs, restoredStep, best, adapter } = first
  const trained = evals.filter(({ step }) => step > 0)
  const lowest = trained.reduce((a, b) => (a.evalLoss <= b.evalLoss ? a : b))
  expect([outcome.status, outcome.steps, restoredStep]).toEqual(['finished', lowest.step + 6, lowest.step])
  expect(outcome.steps).toBeLessThan(40)
  expect(signs?.map((sign) => sign.name)).toEqual(['overfitting', 'stopped-early'])
  expect(sentence(signs![1]!.words)).toContain(`the last 3 evaluations were no better than the one after step ${lowest.step}.`)
  expect(adapter.evaluation?.evalLoss).toBe(lowest.evalLoss)
  // The same weights were stored when they were the best ones.
  const kept = await keptAdapter(gpu.profile, model, best.at(-1)!)
  expect(kept.step).toBe(lowest.step)
  expect(bits(adapter.tensors)).toEqual(bits(kept.adapter.tensors))
  // From a snapshot behind the best evaluation, nothing else knows its weights.
  const again = await run(wanted, first.taken.at(-2))
  expect([again.outcome.steps, again.restoredStep, again.signs]).toEqual([outcome.steps, restoredStep, signs])
  expect(bits(again.adapter.tensors)).toEqual(bits(adapter.tensors))
  // The weights of its last step are others.
  const last = await keptAdapter(gpu.profile, model, first.taken.at(-1)!)
  expect(last.step).toBe(outcome.steps)
  expect(bits(last.adapter.tensors)).not.toEqual(bits(adapter.tensors))
})
