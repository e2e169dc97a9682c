// WebGPU in Node: Dawn through npm `webgpu`. The process must have been started in the environment of driver.mjs.
import { DeviceError } from '../../config/errors'
import { say } from '../../config/phrase'
import { waitPatiently } from './patient-waits.mjs'

// SwiftShader's own zeroing of workgroup memory costs half a second per pipeline; with it off Tint writes the loop.
const options = ['disable-dawn-features=use_vulkan_zero_initialize_workgroup_memory_extension']

let gpu: Promise<GPU> | undefined

async function load(): Promise<GPU> {
  const { create, globals } = await import('webgpu')
  Object.assign(globalThis, globals)
  const gpu = create(options)
  await waitPatiently(gpu)
  return gpu
}

/** Dawn's `navigator.gpu`, made once per process (its adapters die with it); its classes and constants become globals. @throws DeviceError */
export function nodeGpu(): Promise<GPU> {
  gpu ??= load().catch((cause: unknown) => {
    throw new DeviceError(say`WebGPU: expected the npm package webgpu to load, got ${String(cause)}. Run npm ci.`)
  })
  return gpu
}
