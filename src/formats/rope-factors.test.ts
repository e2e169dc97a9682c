import { describe, expect, it } from 'vitest'
import { ropeFor, ropeScaling, scaledRope } from './rope-factors'
import type { ModelConfig } from './model-file'

const config: ModelConfig = {
  family: 'llama',
  layers: 1,
  hidden: 16,
  intermediate: 16,
  heads: 2,
  kvHeads: 2,
  headDim: 8,
  vocab: 8,
  context: 64,
  normEpsilon: 1e-5,
  ropeTheta: 1e4,
  tied: true,
  hiddenAct: 'silu',
  raw: {},
}
const rotary = { theta: 1e4, dim: 8, context: 64 }

describe('YaRN', () => {
  // 16 positions originally: the first pair turns more often than the ramp's end, the last two less often than its start.
  const settings = { rope_type: 'yarn', factor: 4, original_max_position_embeddings: 16, beta_fast: 2, beta_slow: 0.5 }

  it('keeps fast frequencies, divides slow ones, and scales by 0.1 ln factor + 1', () => {
    const { ropeFactors, rope } = scaledRope('', settings, rotary)
    expect(ropeFactors).toEqual([1, 4, 4, 4])
    expect(rope!.scale).toBeCloseTo(1 + 0.1 * Math.log(4), 12)
  })

  it('takes a factor of its own for the scores, and the length beside the scaling', () => {
    expect(scaledRope('', { ...settings, attention_factor: 1.5 }, rotary).rope!.scale).toBe(1.5)
    expect(scaledRope('', { ...settings, mscale: 1, mscale_all_dim: 1 }, rotary).rope!.scale).toBe(1)
    expect(scaledRope('', settings, { ...rotary, original: 32 }).rope!.settings).toMatchObject({ original_max_position_embeddings: 32 })
  })

  it('is written as it was read', () => {
    const scaled = scaledRope('', settings, rotary)
    expect(scaledRope('', ropeScaling({ ...config, ...scaled }), rotary)).toEqual(scaled)
  })
})

it('LongRoPE has other factors for a run beyond the original context', () => {
  const settings = { type: 'longrope', short_factor: [1, 1, 1, 1], long_factor: [1, 2, 3, 4], original_max_position_embeddings: 16 }
  const scaled = { ...config, ...scaledRope('', settings, rotary) }
  expect(ropeFor(scaled, 16).factors).toEqual([1, 1, 1, 1])
  expect(ropeFor(scaled, 17).factors).toEqual([1, 2, 3, 4])
  expect(ropeFor(scaled, 17).scale).toBeCloseTo(Math.sqrt(1 + Math.log(4) / Math.log(16)), 12)
})

it('dynamic scaling grows the base beyond the context only; with alpha it is always larger', () => {
  const scaled = { ...config, ...scaledRope('', { type: 'dynamic', factor: 2 }, rotary) }
  expect(ropeFor(scaled, 64).theta).toBe(1e4)
  expect(ropeFor(scaled, 128).theta).toBeCloseTo(1e4 * 3 ** (8 / 6), 6)
  const { ropeFactors } = scaledRope('', { type: 'dynamic', alpha: 100, factor: 1 }, rotary)
  ropeFactors!.forEach((factor, j) => expect(factor).toBeCloseTo((100 ** (8 / 6)) ** ((2 * j) / 8), 9))
})
