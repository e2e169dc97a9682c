// tabtune devices: what WebGPU offers here.
import { openGpu } from '../open'

export async function devices(): Promise<void> {
  const gpu = await openGpu()
  const { limits, features } = gpu.device
  process.stdout.write(
    `${JSON.stringify({ name: gpu.name, software: gpu.software, features: [...features].sort(), maxBufferBytes: limits.maxBufferSize, maxBindingBytes: limits.maxStorageBufferBindingSize }, null, 2)}\n`,
  )
  gpu.destroy()
}
