// The largest batch and the longest rows in one budget.
import { expect, test } from 'vitest'
import { defaults } from '../config/field'
import { defaultTraining } from '../config/run-config'
import { randomModel } from '../models/random-model'
import { planModel } from '../peft/loaded-model'
import { methodNamed } from '../peft/registry'
import { largestWithin } from './largest-within'
import { planLimits } from './plan-limits'
import { planMemory } from './plan-memory'

test.each([
  ['even', (n: number) => 100 + 7 * n],
  ['square', (n: number) => 100 + n * n],
  ['without an end', (n: number) => (n > 90 ? Infinity : 10 * n)],
  ['in stairs', (n: number) => 1000 * Math.ceil(n / 10)],
])('the largest number is the same as by trying all, bytes %s', async (_, bytesOf) => {
  for (const budget of [0, 107, 500, 5000, 1e9]) {
    const all = Array.from({ length: 200 }, (__, i) => i + 1).filter((n) => bytesOf(n) <= budget)
    expect(await largestWithin(async (n) => bytesOf(n), budget, 200), String(budget)).toBe(all.at(-1) ?? 0)
  }
})

const shape = { family: 'llama', layers: 1, hidden: 32, intermediate: 64, heads: 2, kvHeads: 1, vocab: 96, context: 256 }
const model = planModel(randomModel('limits', shape), 'f32', 2 ** 31)

test('one row more, or rows eight tokens longer, are over the budget', async () => {
  const method = methodNamed('lora')
  const training = defaultTraining({ batchSize: 2, maxLength: 64, memoryBudget: 1 })
  const wanted = { model, method, settings: defaults(method.fields), training }
  const limits = (await planLimits(wanted))!
  const least = async (change: object) => (await planMemory({ ...wanted, training: { ...training, ...change } })).totalBytes
  const budget = 2 ** 20
  expect(limits.rows).toBeGreaterThan(1)
  expect(await least({ batchSize: limits.rows })).toBeLessThanOrEqual(budget)
  expect(await least({ batchSize: limits.rows + 1 })).toBeGreaterThan(budget)
  expect(await least({ maxLength: limits.length })).toBeLessThanOrEqual(budget)
  expect(await least({ maxLength: limits.length! + 8 })).toBeGreaterThan(budget)
  expect(await planLimits({ ...wanted, training: { ...training, memoryBudget: 0 } })).toBeUndefined()
})
