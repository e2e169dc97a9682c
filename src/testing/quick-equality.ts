// Compares arrays of numbers quickly in `toEqual`. Vitest alone takes microseconds for each number, which is seconds for a weight. Vitest runs
// this before each test file.
import { expect } from 'vitest'

type Numbers = Uint8Array | Uint16Array | Uint32Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array

const isNumbers = (value: unknown): value is Numbers =>
  ArrayBuffer.isView(value) && !(value instanceof DataView) && !(value instanceof BigInt64Array) && !(value instanceof BigUint64Array)

/** Whether all numbers are the same, as `toEqual` has it: NaN equals NaN, and 0 is not −0. Undefined if this is not for it to say. */
function sameNumbers(a: unknown, b: unknown): boolean | undefined {
  if (!isNumbers(a) || !isNumbers(b) || a.constructor !== b.constructor) return undefined
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false
  return true
}

// The files of a process share `expect`, so one of them is enough.
const added = Symbol.for('tabtune.quick-equality')
if (!Reflect.has(globalThis, added)) expect.addEqualityTesters([sameNumbers])
Reflect.set(globalThis, added, true)
