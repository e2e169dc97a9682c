// BF16: the upper half of a float32.
import { floatFormat } from './float-format'
import { halfWords } from './half'

export const bf16 = floatFormat('bf16', 'BF16', 2, (bytes, out) => {
  const words = halfWords(bytes)
  const bits = new Int32Array(out.buffer)
  for (let i = 0; i < bits.length; i++) bits[i] = words[i]! << 16
})
