// A prompt made of rows of the embedding acts like the tokens of these rows, in every family. Virtual tokens join the embedding layer's
// output (PEFT passes them as inputs_embeds), before anything that a family does to that output.
import { expect, test } from 'vitest'
import { defaults } from '../config/field'
import { loadBase, planBase } from '../models/base-model'
import { randomModel } from '../models/random-model'
import { families } from '../models/registry'
import { promptTuning } from '../peft/prompt-tuning'
import { promptKey } from '../peft/prompt'
import { release } from '../tensor/program'
import { openTestGpu } from '../testing/device'
import { largestDifference } from '../testing/golden'
import { methodBase } from '../peft/base'
import { logitsOf } from '../decode/logits'
import { setUpMethod } from './run'

test.each(families.map((f) => f.files.name))('%s', async (family) => {
  const gpu = await openTestGpu()
  const [vocab, hidden] = [29, 16]
  const raw = { sliding_window: 4, sliding_window_pattern: 2 }
  const file = randomModel(`soft ${family}`, { family, layers: 2, hidden, intermediate: 24, heads: 2, vocab, context: 24, raw })
  const plan = planBase(file, 'f32', gpu.profile.maxBindingBytes)
  await loadBase(gpu, plan)
  const model = { file, plan, base: methodBase(plan, undefined), tokenizer: undefined }
  const [front, ids] = [
    [5, 17, 3],
    [11, 2, 28, 7, 7, 1],
  ]
  const initial = new Map([[promptKey, { shape: [front.length, hidden], values: await model.base.embeddingRows(front) }]])
  const settings = { ...defaults(promptTuning.fields), virtualTokens: front.length }
  const { hooks, parameters } = await setUpMethod(gpu.profile, model, promptTuning, settings, { initial })
  const soft = await logitsOf(gpu, plan, hooks, parameters, ids)
  const hard = await logitsOf(gpu, plan, {}, undefined, [...front, ...ids])
  release(gpu, plan.slots)
  gpu.destroy()
  expect(soft.length).toBe(ids.length * vocab)
  expect(largestDifference(soft, hard.subarray(front.length * vocab))).toBeLessThan(1e-5)
})
