// How many tokens each expert of LoRA-MoE got, as a step reads it back: padding does not count, and layers that are computed again count once.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Settings, defaults } from '../config/field'
import { defaultTraining } from '../config/run-config'
import type { Gpu } from '../gpu/gpu'
import { randomModel } from '../models/random-model'
import { type LoadedModel, loadModel } from '../peft/loaded-model'
import { methodNamed } from '../peft/registry'
import { release } from '../tensor/program'
import { openTestGpu } from '../testing/device'
import { microBatch } from '../testing/golden'
import { type Run, endRun, planRun, readRunAdapter, startRun } from './run'

const shape = { family: 'qwen2', layers: 2, hidden: 64, intermediate: 128, heads: 2, kvHeads: 1, vocab: 64, context: 64, tied: true }
const ids = [1, 5, 7, 9, 11, 13, 15, 17]
// Two tokens of the second row are padding.
const batch = microBatch({
  input_ids: [ids, ids.toReversed()],
  attention_mask: [ids.map(() => 1), ids.map((_, i) => Number(i < 6))],
  labels: [ids, ids.toReversed().map((id, i) => (i < 6 ? id : -100))],
})
const tokens = 14

let gpu: Gpu
let model: LoadedModel
beforeAll(async () => {
  gpu = await openTestGpu()
  model = await loadModel(gpu, randomModel('random', shape), 'native')
})
afterAll(() => {
  release(gpu, model.plan.slots)
  gpu.destroy()
})

function planned(name: string, change: Settings, initial?: Run['plan']['initial'], checkpointing = false): Promise<Run> {
  const method = methodNamed(name)
  const training = defaultTraining({ ...method.training, batchSize: 2, maxLength: ids.length, checkpointing })
  const lengths = { trainLengths: [ids.length], evalLengths: [ids.length], steps: 2 }
  return planRun({
    profile: gpu.profile,
    model,
    method,
    settings: { ...defaults(method.fields), ...change },
    training,
    ...lengths,
    initial,
  })
}

/** The counts of the first step over two micro-batches, after an evaluation. */
async function routed(run: Run): Promise<number[] | undefined> {
  const before = gpu.bytes
  await startRun(gpu, run)
  expect(gpu.bytes - before).toBe(run.memory.totalBytes - model.plan.sizeBytes)
  await run.session.evaluate(gpu, { count: 1, get: () => [batch] })
  const first = await run.session.step(gpu, [batch, batch], 0.001, 1)
  const second = await run.session.step(gpu, [batch], 0.001, 2)
  expect(second.routed?.reduce((sum, count) => sum + count, 0)).toBe(
    first.routed && first.routed.reduce((sum, count) => sum + count, 0) / 2,
  )
  return first.routed
}

/** Starting values whose routers hold all experts for equal: the first ones are chosen. */
async function undecided(topK: number): Promise<Run['plan']['initial']> {
  const run = await planned('lora-moe', { topK })
  await startRun(gpu, run)
  const { tensors } = await readRunAdapter(gpu, run)
  await endRun(gpu, run)
  return new Map(
    [...tensors].map(([name, { values, ...rest }]) => [
      name,
      { ...rest, values: name.includes('lora_router') ? new Float32Array(values.length) : values },
    ]),
  )
}

test.each([
  [1, false],
  [2, false],
  [2, true],
])('%d of 4 experts, layers computed again: %s', { timeout: 120_000 }, async (topK, checkpointing) => {
  const run = await planned('lora-moe', { topK }, await undecided(topK), checkpointing)
  // Two layers with a router each, two micro-batches.
  const each = tokens * 2 * 2
  expect(await routed(run)).toEqual([each, topK > 1 ? each : 0, 0, 0])
  await endRun(gpu, run)
})

test('every token chooses as many experts as it has, also without load balancing', { timeout: 120_000 }, async () => {
  const run = await planned('lora-moe', { experts: 6, topK: 3, balance: 0, router: 'projection' })
  const counts = await routed(run)
  // Three layers of each feed-forward have a router of their own.
  expect(counts!.reduce((sum, count) => sum + count, 0)).toBe(tokens * 3 * 2 * 2 * 3)
  expect(counts!.filter((count) => count > 0).length).toBeGreaterThan(2)
  await endRun(gpu, run)
})

test('a method without experts reads nothing more', { timeout: 120_000 }, async () => {
  const run = await planned('lora', {})
  expect(await routed(run)).toBeUndefined()
  await endRun(gpu, run)
})
