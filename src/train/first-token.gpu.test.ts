// The first token of a row is a target only if virtual tokens come before it in the row, as in PEFT 0.21.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { defaultTraining } from '../config/run-config'
import { dataOptions, memorySource } from '../data/testing/rows'
import { tokenizeDataset } from '../data/tokenize-dataset'
import type { Gpu } from '../gpu/gpu'
import { methods } from '../peft/registry'
import { defaults } from '../config/field'
import { release } from '../tensor/program'
import { openTestGpu } from '../testing/device'
import { loadModel, oracle, present, shared, sourcesOf } from '../testing/golden'
import { noTokenizer } from '../tokenizer/no-tokenizer'
import { readAdapter } from '../export/adapter'
import { evaluateRows } from './evaluate'
import type { LoadedModel } from '../peft/loaded-model'
import { setUpMethod } from './run'

const folder = join(shared, 'cases/first-token-behind-a-prompt')
const files = present(oracle) && present(folder)

/** A row whose first label is not its first token and whose second label is masked, and a longer row whose first token is masked. */
const ours = [
  { input_ids: [5, 10, 17, 27], labels: [33, 10, -100, 27] },
  { input_ids: [64, 68, 81, 121, 7, 100], labels: [-100, 68, 81, 121, 7, 100] },
]

describe.skipIf(!files)('the first token of a row', () => {
  let gpu: Gpu
  let model: LoadedModel
  beforeAll(async () => {
    gpu = await openTestGpu()
    model = await loadModel(gpu, join(oracle, 'llama'), 'f32')
  })
  afterAll(() => {
    release(gpu, model.plan.slots)
    gpu.destroy()
  })

  // Losses by PEFT: from the case's expected.json for 12 or 11 tokens; for our own rows computed in the same way (logits in float32, loss in float64).
  test.each([
    ['prompt_tuning_random', 4.955297, 12, 6.005613, 8],
    ['ptuning_mlp', 5.412788, 12, 5.700891, 8],
    ['ptuning_lstm', 5.112358, 12, 5.317339, 8],
    ['prefix_tuning', 5.018608, 11, 5.222231, 7],
    [undefined, 5.08197, 11, 5.93766, 7],
  ])('%s', async (name, loss, tokens, oursLoss, oursTokens) => {
    const adapter = name === undefined ? undefined : await readAdapter(sourcesOf(join(oracle, 'methods', name, 'init')), model.base)
    const evaluated = async (rows: string | readonly unknown[]) => {
      const dataset = await tokenizeDataset(memorySource(rows), noTokenizer(128), undefined, dataOptions())
      const all = Int32Array.from({ length: dataset.rows }, (_, i) => i)
      const training = defaultTraining({ batchSize: 3, maxLength: 32 })
      return evaluateRows(gpu, model, adapter, { dataset, train: all, evalDataset: dataset, eval: all }, training)
    }
    const found = await evaluated(readFileSync(join(folder, 'rows.jsonl'), 'utf8'))
    expect(found.evaluation.evalLoss).toBeCloseTo(loss, 5)
    expect(found.tokens).toBe(tokens)
    const own = await evaluated(ours)
    expect(own.evaluation.evalLoss).toBeCloseTo(oursLoss, 5)
    expect(own.tokens).toBe(oursTokens)
  })

  test('is trained by every method that puts tokens in front of the row', async () => {
    for (const method of methods) {
      if (method.unavailable?.(model.base)) continue
      const { hooks } = await setUpMethod(gpu.profile, model, method, { ...defaults(method.fields), initText: '', init: 'random' }, {})
      expect(method.leadsRows === true, method.name).toBe(hooks.virtualTokens !== undefined)
    }
  })
})
