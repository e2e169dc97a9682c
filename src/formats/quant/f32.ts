// F32: little-endian, as on every machine that has WebGPU.
import { floatFormat } from './float-format'

export const f32 = floatFormat('f32', 'F32', 4, (bytes, out) => {
  new Uint8Array(out.buffer).set(bytes)
})
