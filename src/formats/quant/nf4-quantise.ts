// float32 to NF4, with and without double quantisation, bit for bit as bitsandbytes' reference does it: code = nearest of
// w·(1/absmax) in float32, the first of equals. A block of zeros gets code 7 (= 0), where bitsandbytes divides by 0.
import { ShapeError } from '../../config/errors'
import { dynamicMap } from './dynamic-map'
import { nf4Layout } from './nf4'
import { nearestThresholds, nf4Values } from './nf4-code'
import { nf4DqLayout } from './nf4-dq'
import type { Quantiser } from './weight-format'

// Codes by table: [-1, 1] in 64 equal parts, none with more than one threshold inside.
const parts = 64
const partCode = new Uint8Array(parts + 1)
const partThreshold = new Float32Array(parts + 1).fill(Infinity)
for (const threshold of nearestThresholds(nf4Values)) {
  const part = Math.trunc((threshold + 1) * (parts / 2))
  partThreshold[part] = threshold
  for (let later = part + 1; later <= parts; later++) partCode[later]!++
}

/** Packs one block of up to 64 weights; gives its absmax. */
function packBlock(values: Float32Array, from: number, to: number, codes: Uint8Array, at: number): number {
  let absmax = 0
  for (let i = from; i < to; i++) {
    const magnitude = Math.abs(values[i]!)
    if (magnitude > absmax) absmax = magnitude
  }
  const inverse = Math.fround(1 / absmax)
  if (absmax === 0 || inverse === Infinity) {
    codes.fill(0x77, at, at + 32)
    return 0
  }
  for (let i = 0; i < to - from; i++) {
    const x = Math.fround(values[from + i]! * inverse)
    const part = ((x + 1) * (parts / 2)) | 0
    const code = partCode[part]! + (x > partThreshold[part]! ? 1 : 0)
    const byte = at + ((i >> 3) << 2) + (i & 3)
    codes[byte] = i & 4 ? (codes[byte]! & 15) | (code << 4) : code | 0x70
  }
  return absmax
}

/** Collects values in any chunks and hands them on in blocks of 64; the last may be shorter. */
function blocks(count: number, codes: Uint8Array) {
  const absmax = new Float32Array(Math.ceil(count / 64))
  const pending = new Float32Array(64)
  let waiting = 0
  let done = 0
  const block = (values: Float32Array, from: number, to: number) => {
    absmax[done >> 6] = packBlock(values, from, to, codes, done >> 1)
    done += to - from
  }
  return {
    add(values: Float32Array) {
      if (done + waiting + values.length > count) throw new ShapeError(`NF4: expected ${count} weights, got more. Load the model again.`)
      let from = 0
      if (waiting) {
        from = Math.min(64 - waiting, values.length)
        pending.set(values.subarray(0, from), waiting)
        waiting += from
        if (waiting === 64) {
          block(pending, 0, 64)
          waiting = 0
        }
      }
      for (; from + 64 <= values.length; from += 64) block(values, from, from + 64)
      if (from < values.length) {
        pending.set(values.subarray(from))
        waiting = values.length - from
      }
    },
    finish(): Float32Array {
      if (done + waiting !== count) throw new ShapeError(`NF4: expected ${count} weights, got ${done + waiting}. Load the model again.`)
      if (waiting) block(pending, 0, waiting)
      return absmax
    },
  }
}

export const quantiseNf4: Quantiser = {
  id: 'nf4',
  start(rows, cols) {
    const layout = nf4Layout(rows * cols)
    const out = new Uint8Array(layout.sizeBytes)
    const { add, finish } = blocks(rows * cols, out.subarray(0, layout.absmax))
    return {
      add,
      finish() {
        out.set(new Uint8Array(finish().buffer), layout.absmax)
        return out
      },
    }
  },
}

const mapThresholds = nearestThresholds(dynamicMap)

function nearestInMap(x: number): number {
  let low = 0
  let high = mapThresholds.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (x > mapThresholds[middle]!) low = middle + 1
    else high = middle
  }
  return low
}

/** Rounded once; PyTorch adds in float32, in an order that depends on the processor, and may differ in the last bit. */
function mean(values: Float32Array): number {
  let sum = 0
  for (const value of values) sum += value
  return Math.fround(sum / values.length)
}

/** Everything of an nf4-dq buffer that lies before its codes, from the absmax of `count` weights' blocks. */
export function doubleQuantise(absmax: Float32Array, count: number): Uint8Array<ArrayBuffer> {
  const layout = nf4DqLayout(count)
  const out = new Uint8Array(layout.codes)
  const floats = new Float32Array(out.buffer, 0, layout.absmax / 4)
  const offset = mean(absmax)
  floats[0] = offset
  floats.set(dynamicMap, layout.map / 4)
  for (let from = 0; from < absmax.length; from += 256) {
    const centred = absmax.subarray(from, from + 256).map((value) => value - offset)
    const nested = centred.reduce((max, value) => Math.max(max, Math.abs(value)), 0)
    floats[layout.nested / 4 + from / 256] = nested
    const inverse = Math.fround(1 / nested)
    for (let i = 0; i < centred.length; i++) {
      out[layout.absmax + from + i] = nearestInMap(nested === 0 || inverse === Infinity ? 0 : Math.fround(centred[i]! * inverse))
    }
  }
  return out
}

export const quantiseNf4Dq: Quantiser = {
  id: 'nf4-dq',
  start(rows, cols) {
    const layout = nf4DqLayout(rows * cols)
    const out = new Uint8Array(layout.sizeBytes)
    const { add, finish } = blocks(rows * cols, out.subarray(layout.codes))
    return {
      add,
      finish() {
        out.set(doubleQuantise(finish(), rows * cols))
        return out
      },
    }
  },
}
