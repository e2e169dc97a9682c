import { expect, it } from 'vitest'
import type { ModelConfig } from '../model-file'
import { gemmaScalar } from './gemma'
import { multipliers } from './granite'

const config = (raw: Record<string, unknown>) =>
  ({ family: 'x', raw: { model_type: 'x', ...raw }, layers: 2, headDim: 8 }) as Partial<ModelConfig> as ModelConfig

it.each([0, null, -2])('a setting that divides is refused where it is %s, because the result would be no number', (value) => {
  expect(() => gemmaScalar(config({ query_pre_attn_scalar: value }), 46)).toThrow('x, query_pre_attn_scalar: expected')
  expect(() => multipliers(config({ logits_scaling: value }))).toThrow('x, logits_scaling: expected')
})

it('without these settings, the usual values count', () => {
  expect(gemmaScalar(config({}), 46)).toBe(256)
  expect(multipliers(config({})).hidden).toBe(1)
})
