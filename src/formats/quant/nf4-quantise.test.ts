import { describe, expect, it } from 'vitest'
import { nf4Oracle } from '../testing/goldens'
import { hasShared, numbers } from '../testing/shared'
import { nf4Values, nearestThresholds } from './nf4-code'
import { nf4Code } from './nf4'
import { quantiser, weightFormat } from './registry'

function quantise(id: 'nf4' | 'nf4-dq', values: Float32Array, rows: number, cols: number, chunk = values.length) {
  const start = quantiser(id).start(rows, cols)
  for (let i = 0; i < values.length; i += chunk) start.add(values.subarray(i, i + chunk))
  return start.finish()
}

describe.skipIf(!hasShared)('quantised as bitsandbytes does it', async () => {
  for (const { name, rows, cols, weight, nf4, nf4Dq } of hasShared ? await nf4Oracle() : []) {
    it(`${name}, nf4`, () => expect(quantise('nf4', weight, rows, cols)).toEqual(nf4))
    it(`${name}, nf4-dq`, () => {
      const made = quantise('nf4-dq', weight, rows, cols)
      // The mean of absmax: PyTorch adds in float32, in an order of its processor's; all codes are the same.
      const bits = (bytes: Uint8Array<ArrayBuffer>) => new DataView(bytes.buffer).getUint32(0, true)
      expect(Math.abs(bits(made) - bits(nf4Dq))).toBeLessThanOrEqual(1)
      expect(made.slice(4)).toEqual(nf4Dq.slice(4))
    })
  }
})

describe('NF4', () => {
  const random = numbers(3)
  const values = Float32Array.from({ length: 70 * 36 }, () => (random(2_000_001) - 1_000_000) / 1e6)

  it('takes the nearest value in float32, the first of equals', () => {
    const packed = quantise('nf4', values, 70, 36)
    for (let block = 0; block < values.length / 64; block++) {
      const part = values.subarray(block * 64, block * 64 + 64)
      const inverse = Math.fround(1 / Math.max(...part.map(Math.abs)))
      part.forEach((value, i) => {
        const x = Math.fround(value * inverse)
        const distances = nf4Values.map((v) => Math.abs(Math.fround(x - v)))
        expect(nf4Code(packed, block * 64 + i)).toBe(distances.indexOf(Math.min(...distances)))
      })
    }
  })

  it('puts each threshold at the last float32 that still goes down', () => {
    for (const [i, threshold] of nearestThresholds(nf4Values).entries()) {
      const middle = (nf4Values[i]! + nf4Values[i + 1]!) / 2
      expect(Math.abs(threshold - middle)).toBeLessThan(1e-7)
    }
  })

  it('gives the same bytes for any cut into chunks', () => {
    const whole = quantise('nf4-dq', values, 70, 36)
    for (const chunk of [1, 36, 63, 64, 100]) expect(quantise('nf4-dq', values, 70, 36, chunk)).toEqual(whole)
  })

  it('keeps zeros, and what it quantised once', () => {
    expect(weightFormat('nf4').decode(quantise('nf4', new Float32Array(128), 2, 64), 128)).toEqual(new Float32Array(128))
    const once = weightFormat('nf4').decode(quantise('nf4', values, 70, 36), values.length)
    expect(weightFormat('nf4').decode(quantise('nf4', once, 70, 36), values.length)).toEqual(once)
  })

  it('counts its weights', () => {
    const start = quantiser('nf4').start(2, 64)
    start.add(values.subarray(0, 100))
    expect(() => start.finish()).toThrow('NF4: expected 128 weights, got 100')
    expect(() => start.add(values.subarray(0, 29))).toThrow('expected 128 weights, got more')
  })
})
