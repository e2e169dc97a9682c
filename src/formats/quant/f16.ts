// F16: IEEE 754 binary16.
import { floatFormat } from './float-format'
import { halfTable, halfWords } from './half'

export const f16 = floatFormat('f16', 'F16', 2, (bytes, out) => {
  const words = halfWords(bytes)
  const table = halfTable()
  for (let i = 0; i < out.length; i++) out[i] = table[words[i]!]!
})
