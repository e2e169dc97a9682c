// Blocks that TabTune makes, against ggml's own (e2e/interop/ggml_quantise.py).
import { expect, it } from 'vitest'
import { floats, keptTensors } from '../testing/shared'
import { weightFormat } from './registry'

const { bytes } = await keptTensors('ggml_blocks.safetensors')
const weight = floats(bytes.get('weight')!)

it.each(['q4_0', 'q5_0', 'q5_1', 'q8_0', 'q4_k', 'q5_k', 'q6_k'] as const)('%s has the bytes that ggml writes', (id) => {
  expect(weightFormat(id).encode!(weight)).toEqual(bytes.get(id))
})
