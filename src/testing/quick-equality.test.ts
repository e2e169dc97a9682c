// Arrays of numbers are equal exactly if vitest's own comparison says so.
import { expect, it } from 'vitest'

const equal: [unknown, unknown][] = [
  [Float32Array.of(1, NaN, -0), Float32Array.of(1, NaN, -0)],
  [new Map([['a', Uint8Array.of(1, 2)]]), new Map([['a', Uint8Array.of(1, 2)]])],
]
const unequal: [unknown, unknown][] = [
  [Float32Array.of(1, 0), Float32Array.of(1, -0)],
  [Float32Array.of(1), Float32Array.of(1, 1)],
  [Float32Array.of(1), Float64Array.of(1)],
  [[{ a: Uint8Array.of(1, 2) }], [{ a: Uint8Array.of(1, 3) }]],
  [BigUint64Array.of(1n), BigUint64Array.of(2n)],
]

it('the same numbers are equal', () => {
  for (const [a, b] of equal) expect(a).toEqual(b)
})

it('other numbers, lengths and types are not', () => {
  for (const [a, b] of unequal) expect(a).not.toEqual(b)
})
