// F16: IEEE 754 binary16.
import { floatFormat } from './float-format'
import { halfTable } from './half'

export const f16 = floatFormat('f16', 'F16', 2, (bytes, out) => {
  const table = halfTable()
  for (let i = 0; i < out.length; i++) out[i] = table[bytes[2 * i]! | (bytes[2 * i + 1]! << 8)]!
})
