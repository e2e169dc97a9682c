// What [CLS] attends to, against transformers (e2e/interop/cls_attention.py), and with prompts in front of it.
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root } from '../cli/node/cache.mjs'
import { loadModel } from '../testing/golden'
import { openTestGpu } from '../testing/device'
import { methodNamed } from '../peft/registry'
import { clsAttention } from './cls-attention'

const expected = [
  0.042135, 0.091187, 0.045259, 0.075991, 0.039893, 0.087616, 0.046091, 0.06905, 0.040406, 0.077867, 0.048147, 0.061102, 0.05003, 0.063473,
  0.054581, 0.05577,
]

it('is that of transformers, and prompts of a method take a part of it', async () => {
  const gpu = await openTestGpu()
  const model = await loadModel(gpu, join(root, 'public', 'demo', 'pictures'), 'f32')
  const pixels = Float32Array.from({ length: 3 * 32 * 32 }, (_, i) => Math.sin(0.37 * i))
  const plain = await clsAttention(gpu, model, undefined, pixels)
  expect([plain.across, plain.down]).toEqual([4, 4])
  expect(Array.from(plain.shares, (share, i) => Math.abs(share - expected[i]) < 1e-4)).toEqual(expected.map(() => true))

  const tensor = (shape: number[]) => ({ shape, values: new Float32Array(shape.reduce((a, b) => a * b)) })
  const tensors = new Map([
    ['prompt_embeddings', tensor([1, 3, 64])],
    ['classifier.weight', tensor([40, 64])],
    ['classifier.bias', tensor([40])],
  ])
  const settings = { virtualTokens: 3, deep: false }
  const prompted = await clsAttention(gpu, model, { method: methodNamed('vpt'), settings, tensors }, pixels)
  const sum = (shares: Float32Array) => shares.reduce((a, b) => a + b, 0)
  expect(prompted.shares).toHaveLength(16)
  expect(sum(prompted.shares)).toBeLessThan(sum(plain.shares))
})
