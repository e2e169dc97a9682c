import { describe, expect, test } from 'vitest'
import { dynamicMap, unsignedDynamicMap } from './dynamic-map'

/** Centres of `parts` equal parts of 0.1 … 1 in seven decades up to 1 (arXiv 2110.02861, section 2.2; bitsandbytes create_dynamic_map). */
function centres(partsOf: (decade: number) => number): number[] {
  return Array.from({ length: 7 }, (_, i) =>
    Array.from({ length: partsOf(i) }, (_, k) => 10 ** (i - 6) * (0.1 + (0.9 * (k + 0.5)) / partsOf(i))),
  ).flat()
}

describe('dynamic maps', () => {
  const positive = centres((i) => 2 ** i)
  test.each([
    ['signed', dynamicMap, [...positive.map((v) => -v), 0, ...positive, 1]],
    ['unsigned', unsignedDynamicMap, [0, ...centres((i) => 2 ** (i + 1)), 1]],
  ])('%s: ascending, as the formula says but for the last bits', (_name, map, formula) => {
    const expected = formula.toSorted((a, b) => a - b)
    expect(map).toHaveLength(256)
    expected.forEach((value, i) => {
      expect(Math.abs(map[i] - value)).toBeLessThanOrEqual(2e-7 * Math.abs(value))
      if (i) expect(map[i]).toBeGreaterThan(map[i - 1])
    })
  })
})
