// BF16: the upper half of a float32.
import { floatFormat } from './float-format'

export const bf16 = floatFormat('bf16', 'BF16', 2, (bytes, out) => {
  const bits = new Uint32Array(out.buffer)
  for (let i = 0; i < bits.length; i++) bits[i] = (bytes[2 * i]! << 16) | (bytes[2 * i + 1]! << 24)
})
