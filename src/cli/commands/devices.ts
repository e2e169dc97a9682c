// tabtune devices: prints the device that WebGPU offers, with its features and limits; or the rows of result files for docs/devices.md.
import { deviceTable, readDeviceFile } from '../device-rows'
import { openGpu } from '../open'
import type { Options } from '../options'

async function printDevice(): Promise<void> {
  const gpu = await openGpu()
  const { limits, features } = gpu.device
  const { matmul, busyGroups, matrices, attention, attentionRows } = gpu.profile
  const report = {
    name: gpu.name,
    software: gpu.software,
    features: [...features].sort(),
    maxBufferBytes: limits.maxBufferSize,
    maxBindingBytes: limits.maxStorageBufferBindingSize,
    kernels: { matmul, busyGroups, matrices, attention, attentionRows, measuredHere: gpu.tuned },
  }
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
  gpu.destroy()
}

export async function devices(options: Options): Promise<void> {
  if (options.inputs.length === 0) return printDevice()
  process.stdout.write(`${deviceTable(await Promise.all(options.inputs.map(readDeviceFile)))}\n`)
}
