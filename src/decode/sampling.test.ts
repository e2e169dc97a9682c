import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Sampling } from '../config/sampling-fields'
import { sampler } from './sampling'
import { penalised, tokenWeights } from './token-weights'

const plain: Sampling = { temperature: 1, topK: 0, topP: 1, minP: 0, repetitionPenalty: 1 }

/** The probabilities after each step of transformers' processors, written as plainly as its definitions. */
function reference(logits: readonly number[], seen: readonly number[], s: Sampling): number[] {
  let z = logits.map((v, i) => (seen.includes(i) ? (v < 0 ? v * s.repetitionPenalty : v / s.repetitionPenalty) : v))
  z = z.map((v) => v / s.temperature)
  const softmax = (all: readonly number[]) => {
    const most = Math.max(...all)
    const e = all.map((v) => Math.exp(v - most))
    const sum = e.reduce((a, b) => a + b, 0)
    return e.map((v) => v / sum)
  }
  if (s.topK > 0) {
    const kth = [...z].sort((a, b) => b - a)[Math.min(s.topK, z.length) - 1]
    z = z.map((v) => (v < kth ? -Infinity : v))
  }
  if (s.topP < 1) {
    const p = softmax(z)
    const order = p.map((_, i) => i).sort((a, b) => p[b] - p[a] || a - b)
    let before = 0
    order.forEach((i, rank) => {
      if (rank > 0 && before >= s.topP) z[i] = -Infinity
      before += p[i]
    })
  }
  if (s.minP > 0) {
    const p = softmax(z)
    const most = Math.max(...p)
    z = z.map((v, i) => (p[i] < s.minP * most ? -Infinity : v))
  }
  return softmax(z)
}

/** Multiples of an eighth, so that ties occur and limits are met exactly. */
const logit = fc.integer({ min: -40, max: 40 }).map((n) => n / 8)
const cases = fc.record({
  logits: fc.array(logit, { minLength: 1, maxLength: 40 }),
  temperature: fc.constantFrom(0.25, 0.7, 1, 2),
  topK: fc.integer({ min: 0, max: 12 }),
  topP: fc.constantFrom(0, 0.1, 0.37, 0.9, 0.993, 1),
  minP: fc.constantFrom(0, 0.021, 0.33, 1),
})

describe('weights of tokens', () => {
  it('are those of a plain reference, for any settings together', () => {
    fc.assert(
      fc.property(cases, ({ logits, ...some }) => {
        const settings = { ...plain, ...some }
        const weights = tokenWeights(Float32Array.from(logits), settings)
        const total = weights.reduce((a, b) => a + b, 0)
        const expected = reference(logits, [], settings)
        weights.forEach((weight, i) => expect(weight / total).toBeCloseTo(expected[i], 12))
      }),
      { numRuns: 500 },
    )
  })
  it.each([
    ['top-k 2', { topK: 2 }, [4, 2, 0, 0]],
    ['top-k 2 keeps ties', { topK: 2, logits: [1, 2, 2, 2] }, [0, 2, 2, 2]],
    ['top-p keeps the token that reaches it', { topP: 0.51 }, [4, 2, 0, 0]],
    ['top-p that the first token meets exactly', { topP: 0.5 }, [4, 0, 0, 0]],
    ['top-p 0 keeps the most likely one', { topP: 0 }, [4, 0, 0, 0]],
    ['min-p 0.25 of the highest', { minP: 0.25 }, [4, 2, 1, 1]],
    ['min-p 0.3 of the highest', { minP: 0.3 }, [4, 2, 0, 0]],
    ['temperature 0.5 squares', { temperature: 0.5 }, [16, 4, 1, 1]],
  ])('%s', (_, { logits = [4, 2, 1, 1], ...some }: Partial<Sampling> & { logits?: number[] }, expected) => {
    const weights = tokenWeights(Float64Array.from(logits, Math.log), { ...plain, ...some })
    const scale = Math.max(...expected)
    weights.forEach((weight, i) => expect(weight * scale).toBeCloseTo(expected[i], 12))
  })
})

/** transformers 5.18: its processors over float64 logits, then softmax. Tokens that are not named have probability 0. */
const golden = {
  logits: [
    -2.0, -3.31, -0.62, 1.05, 2.84, 0.27, -1.38, -1.96, 1.87, 4.09, 0.68, -3.08, -2.4, 4.0, 0.51, -4.33, -0.21, -2.91, -1.57, -1.22, -1.78,
    1.38, -0.16, -1.47,
  ],
  seen: [8, 16, 2, 20, 8],
}
const goldens: [Sampling, Record<number, number>][] = [
  [
    { temperature: 0.7, topK: 5, topP: 1, minP: 0, repetitionPenalty: 1 },
    { 4: 0.079475415076, 8: 0.0198803825459, 9: 0.473978525218, 13: 0.416793371354, 21: 0.00987230580603 },
  ],
  [
    { temperature: 1, topK: 0, topP: 0.6, minP: 0, repetitionPenalty: 1 },
    { 9: 0.522484824792, 13: 0.477515175208 },
  ],
  [
    { temperature: 1.5, topK: 0, topP: 1, minP: 0.15, repetitionPenalty: 1 },
    { 4: 0.156996623395, 8: 0.0822330781261, 9: 0.361245445383, 13: 0.34020814838, 21: 0.0593167047157 },
  ],
  [
    { temperature: 1, topK: 0, topP: 1, minP: 0, repetitionPenalty: 1.7 },
    {
      0: 0.000904101071961,
      1: 0.000243944602214,
      2: 0.0023284105803,
      3: 0.0190904055272,
      4: 0.114341076469,
      5: 0.00875115665194,
      6: 0.00168065883533,
      7: 0.000940998136656,
      8: 0.0200691915489,
      9: 0.399089571004,
      10: 0.0131863984835,
      11: 0.000307028678769,
      12: 0.000606037072178,
      13: 0.364740404657,
      14: 0.0111249004581,
      15: 8.79651892409e-5,
      16: 0.00467479765956,
      17: 0.000363922582439,
      18: 0.00138983617492,
      19: 0.00197227141369,
      20: 0.00032406404286,
      21: 0.0265541456478,
      22: 0.00569270699144,
      23: 0.00153600652141,
    },
  ],
  [
    { temperature: 0.8, topK: 12, topP: 0.85, minP: 0.08, repetitionPenalty: 1.3 },
    { 4: 0.0996626648305, 9: 0.47546398211, 13: 0.424873353059 },
  ],
  [
    { temperature: 1.3, topK: 20, topP: 0.9, minP: 0.02, repetitionPenalty: 0.8 },
    {
      3: 0.0329017081119,
      4: 0.130379268328,
      8: 0.0885802738551,
      9: 0.341035341672,
      10: 0.0247520716886,
      13: 0.318223938464,
      14: 0.0217179684989,
      21: 0.0424094293806,
    },
  ],
]

it.each(goldens)('the probabilities are those of transformers: %o', (settings, expected) => {
  const weights = tokenWeights(penalised(Float64Array.from(golden.logits), settings.repetitionPenalty, golden.seen), settings)
  const total = weights.reduce((a, b) => a + b, 0)
  weights.forEach((weight, i) => expect(weight / total).toBeCloseTo(expected[i] ?? 0, 11))
})

describe('a sampler', () => {
  it('takes the most likely token at temperature 0, whatever else is set', () => {
    const choose = sampler({ ...plain, temperature: 0, topP: 0.1, topK: 1 }, 3)
    expect(choose(Float32Array.of(0, 5, 5, 1), [])).toBe(1)
  })
  it('draws the same tokens from the same seed', () => {
    const logits = Float32Array.from({ length: 50 }, (_, i) => Math.sin(i))
    const draw = (seed: number) => {
      const choose = sampler(plain, seed)
      return Array.from({ length: 20 }, () => choose(logits, []))
    }
    expect(draw(7)).toEqual(draw(7))
    expect(draw(7)).not.toEqual(draw(8))
  })
  it('draws each token as often as its probability says, and never one that is left out', () => {
    const logits = Float32Array.from([4, 2, 1, 1], Math.log)
    const choose = sampler({ ...plain, topK: 2 }, 1)
    const counts = [0, 0, 0, 0]
    for (let i = 0; i < 6000; i++) counts[choose(logits, [])]++
    expect(counts.slice(2)).toEqual([0, 0])
    expect(counts[0] / 6000).toBeCloseTo(2 / 3, 1)
  })
  it('makes seen tokens less likely on both sides of 0, also at temperature 0, and ignores ids outside the vocabulary', () => {
    const greedy = sampler({ ...plain, temperature: 0, repetitionPenalty: 2 }, 0)
    expect(greedy(Float32Array.of(3, 2, 1), [0, 0, 9])).toBe(1)
    expect(greedy(Float32Array.of(-1, -1.5, -3), [0])).toBe(1)
    expect(greedy(Float32Array.of(5, 2, 1), [0])).toBe(0)
  })
})
