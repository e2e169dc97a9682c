// tabtune devices: prints the device that WebGPU offers, with its features and limits.
import { openGpu } from '../open'

export async function devices(): Promise<void> {
  const gpu = await openGpu()
  const { limits, features } = gpu.device
  const { matmul, busyGroups, attention, attentionRows } = gpu.profile
  const report = {
    name: gpu.name,
    software: gpu.software,
    features: [...features].sort(),
    maxBufferBytes: limits.maxBufferSize,
    maxBindingBytes: limits.maxStorageBufferBindingSize,
    kernels: { matmul, busyGroups, attention, attentionRows, measuredHere: gpu.tuned },
  }
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
  gpu.destroy()
}
