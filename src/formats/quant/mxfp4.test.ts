import { describe, expect, it } from 'vitest'
import { mxfp4 } from './mxfp4'

/** ggml's own table and scale (ggml-common.h kvalues_mxfp4; ggml-impl.h ggml_e8m0_to_fp32_half), in float64. */
const doubled = [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12]
const block = (exponent: number) => Uint8Array.from([exponent, ...Array.from({ length: 16 }, (_, i) => i | ((15 - i) << 4))])

describe('MXFP4', () => {
  it('has the values of ggml for every exponent that keeps them finite', () => {
    for (let e = 0; e <= 252; e++) {
      const bytes = block(e)
      const expected = [...doubled, ...doubled.toReversed()].map((k) => k * 2 ** (e - 128))
      expect(Array.from(mxfp4.decode(bytes, 32), (x) => x || 0)).toEqual(expected.map((x) => x || 0))
      expect(mxfp4.oddWeight(bytes, 32)).toBeUndefined()
    }
  })

  it('refuses the exponent of NaN, and weights beyond float32', () => {
    expect(mxfp4.oddWeight(Uint8Array.from([...block(127), ...block(255)]), 64)).toEqual({ at: 32, value: NaN })
    expect(mxfp4.oddWeight(block(253), 32)?.value).toBe(Infinity)
    // A large scale is fine for a block of small codes.
    expect(mxfp4.oddWeight(Uint8Array.of(254, ...Array<number>(16).fill(0x11)), 32)).toBeUndefined()
  })
})
