import { describe, expect, it } from 'vitest'
import { nf4Oracle } from '../testing/goldens'
import { hasShared, numbers } from '../testing/shared'
import { dynamicMap } from './dynamic-map'
import { nf4Values, nearestThresholds } from './nf4-code'
import { nf4Code } from './nf4'
import { nf4DqLayout } from './nf4-dq'
import { doubleQuantise } from './nf4-quantise'
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

/** absmax and codes as the definition has them: the first of the nearest values by float32 distances; blocks without an inverse are zeros. */
function byDefinition(values: Float32Array): { absmax: Float32Array; codes: Uint8Array } {
  const absmax = new Float32Array(values.length / 64)
  const codes = new Uint8Array(values.length)
  for (let block = 0; block < absmax.length; block++) {
    const part = values.subarray(block * 64, block * 64 + 64)
    absmax[block] = Math.max(0, ...part.filter((value) => !Number.isNaN(value)).map(Math.abs))
    const inverse = Math.fround(1 / absmax[block]!)
    if (inverse === Infinity) absmax[block] = 0
    part.forEach((value, i) => {
      const x = inverse === Infinity ? 0 : Math.fround(value * inverse)
      const distances = nf4Values.map((v) => Math.abs(Math.fround(x - v)))
      // What is not a number has no nearest value: code 0.
      codes[block * 64 + i] = Math.max(0, distances.indexOf(Math.min(...distances)))
    })
  }
  return { absmax, codes }
}

describe('NF4 is its definition, bit for bit', () => {
  const random = numbers(17)
  const count = 64 * 240
  const float = (bits: number) => new Float32Array(Uint32Array.of(bits).buffer)[0]!
  const bitsOf = (value: number) => new Uint32Array(Float32Array.of(value).buffer)[0]!
  const word = () => (random(65536) << 16) | random(65536)
  const scales = [1, 2 ** -20, 0.7, 0.0013, 3e38, 2e-38]
  const thresholds = nearestThresholds(nf4Values)
  /** Each block has its scale as the first and largest weight. */
  const scaled = (at: (i: number, scale: number) => number) => (_: unknown, i: number) => {
    const scale = scales[(i >> 6) % scales.length]!
    return i % 64 ? at(i, scale) : scale
  }
  const cases: Record<string, (_: unknown, i: number) => number> = {
    'any bits at all': () => float(word()),
    'weights of all magnitudes': (_, i) => float((word() & 0x807fffff) | ((60 + ((i >> 6) % 130)) << 23)),
    denormals: (_, i) => float(word() & (0x80000000 | ((1 << (8 + ((i >> 6) % 18))) - 1))),
    'a few units about every threshold': scaled((i, scale) => float(bitsOf(Math.fround(thresholds[i % 15]! * scale)) + random(9) - 4)),
    'about the edges of cells': scaled((_, scale) => float(bitsOf(Math.fround(((random(16385) - 8192) / 8192) * scale)) + random(5) - 2)),
    'what is no number': (_, i) => [NaN, Infinity, -Infinity, -0, 1, 0.3, 0.3, 0.3][random((i >> 6) % 2 ? 8 : 300)] ?? random(100) / 99,
  }
  it.each(Object.keys(cases))('%s', (name) => {
    const values = Float32Array.from({ length: count }, cases[name]!)
    const { absmax, codes } = byDefinition(values)
    const packed = quantise('nf4', values, count / 64, 64)
    expect(Buffer.compare(packed.subarray(count / 2), new Uint8Array(absmax.buffer))).toBe(0)
    expect(codes.map((_, i) => nf4Code(packed, i))).toEqual(codes)
    const double = quantise('nf4-dq', values, count / 64, 64)
    expect(Buffer.compare(double.subarray(double.length - count / 2), packed.subarray(0, count / 2))).toBe(0)
  })

  it('an 8-bit absmax is the nearest value of the map', () => {
    for (const shift of [0, 40, 100]) {
      const absmax = Float32Array.from(
        { length: 1000 },
        (_, i) => (random(65536) + 1) * 2 ** -(16 + random(shift + 1)) * (i === 700 ? 0 : 1),
      )
      const offset = Math.fround(absmax.reduce((sum, value) => sum + value, 0) / 1000)
      const made = doubleQuantise(absmax, 64_000)
      const { absmax: at } = nf4DqLayout(64_000)
      for (let from = 0; from < 1000; from += 256) {
        const centred = absmax.subarray(from, from + 256).map((value) => value - offset)
        const inverse = Math.fround(1 / Math.max(...centred.map(Math.abs)))
        const nearest = centred.map((value) => {
          const distances = dynamicMap.map((v) => Math.abs(Math.fround(Math.fround(value * inverse) - v)))
          return distances.indexOf(Math.min(...distances))
        })
        expect([...made.subarray(at + from, at + from + centred.length)]).toEqual([...nearest])
      }
    }
  })
})

describe('NF4', () => {
  const random = numbers(3)
  const values = Float32Array.from({ length: 70 * 36 }, () => (random(2_000_001) - 1_000_000) / 1e6)

  it('takes the nearest value in float32, and the first of two that are equally near', () => {
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

  it('puts each threshold at the last float32 that is rounded down', () => {
    for (const [i, threshold] of nearestThresholds(nf4Values).entries()) {
      const middle = (nf4Values[i]! + nf4Values[i + 1]!) / 2
      expect(Math.abs(threshold - middle)).toBeLessThan(1e-7)
    }
  })

  it('gives the same bytes for any chunks', () => {
    const whole = quantise('nf4-dq', values, 70, 36)
    for (const chunk of [1, 36, 63, 64, 100]) expect(quantise('nf4-dq', values, 70, 36, chunk)).toEqual(whole)
  })

  it('keeps zeros, and does not change what is already quantised', () => {
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
