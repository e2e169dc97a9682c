// F32: little-endian, like every machine with WebGPU.
import { floatFormat } from './float-format'

export const f32 = floatFormat('f32', 'F32', 4, (bytes, out) => {
  new Uint8Array(out.buffer).set(bytes)
})
