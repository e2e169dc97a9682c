// A vocabulary whose table is larger than one binding: it lies in several buffers, and training gives what it gives with one.
// The limit is lowered, so that a small table has the parts that 150,000 tokens have with bindings of 128 MiB.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { defaults } from '../config/field'
import { defaultTraining } from '../config/run-config'
import type { Gpu } from '../gpu/gpu'
import { fullBatch } from '../measure/steps'
import { loadBase, planBase } from '../models/base-model'
import { randomModel } from '../models/random-model'
import { methodBase } from '../peft/base'
import { methodNamed } from '../peft/registry'
import { release } from '../tensor/program'
import { openTestGpu } from '../testing/device'
import { endRun, planRun, startRun } from './run'

let gpu: Gpu
beforeAll(async () => {
  gpu = await openTestGpu()
})
afterAll(() => gpu?.destroy())

const vocab = 1170
const file = randomModel(
  'table',
  { family: 'llama', layers: 1, hidden: 32, intermediate: 64, heads: 2, kvHeads: 1, vocab, context: 32 },
  { format: 'f16' },
)
const batch = fullBatch(2, 16, vocab)

async function trained(maxBindingBytes: number): Promise<{ parts: number; losses: number[] }> {
  const plan = planBase(file, 'native', maxBindingBytes)
  const parts = Math.max(...[...plan.matrices.values()].map((weight) => weight.parts.length))
  await loadBase(gpu, plan)
  const method = methodNamed('lora')
  const run = await planRun({
    profile: gpu.profile,
    model: { file, plan, base: methodBase(plan, undefined), tokenizer: undefined },
    method,
    settings: { ...defaults(method.fields), targetModules: 'all-linear' },
    training: defaultTraining({ batchSize: 2, maxLength: 16 }),
    trainLengths: [batch.length],
    evalLengths: [],
    steps: 3,
  })
  await startRun(gpu, run)
  const losses: number[] = []
  for (let step = 1; step <= 3; step++) losses.push((await run.session.step(gpu, [batch], 1e-2, step)).loss)
  await endRun(gpu, run)
  release(gpu, plan.slots)
  return { parts, losses }
}

test('a table in parts trains as one', async () => {
  const whole = await trained(2 ** 27)
  const cut = await trained(2 ** 15)
  expect([whole.parts, cut.parts]).toEqual([1, 5])
  expect(whole.losses[2]).toBeLessThan(whole.losses[0]!)
  for (const [i, loss] of cut.losses.entries()) expect(Math.abs(loss - whole.losses[i]!)).toBeLessThan(1e-5)
})
