// WebGPU in Node, by Dawn from the npm package `webgpu`. The process must have been started in the environment that driver.mjs finds.
import { DeviceError } from '../../config/errors'
import { say } from '../../config/phrase'
import { waitPatiently } from './patient-waits.mjs'

// If SwiftShader zeroes workgroup memory itself, each pipeline takes half a second longer. With this option Tint writes the loop instead.
const options = ['disable-dawn-features=use_vulkan_zero_initialize_workgroup_memory_extension']

/**
 * Dawn's experimental features, with TABTUNE_MATRIX_UNITS=1: subgroup matrices, and f16 on NVIDIA's Vulkan driver, whose older versions have
 * faults there. Tuning compares what uses them with the plainest kernels.
 */
const experimental = ['enable-dawn-features=allow_unsafe_apis,vulkan_enable_f16_on_nvidia']

let gpu: Promise<GPU> | undefined

async function load(): Promise<GPU> {
  const { create, globals } = await import('webgpu')
  Object.assign(globalThis, globals)
  const gpu = create(process.env.TABTUNE_MATRIX_UNITS === '1' ? [...options, ...experimental] : options)
  await waitPatiently(gpu)
  return gpu
}

/** Dawn's `navigator.gpu`, created once per process and kept, since its adapters need it. Its classes and constants become globals. @throws DeviceError */
export function nodeGpu(): Promise<GPU> {
  gpu ??= load().catch((cause: unknown) => {
    throw new DeviceError(say`WebGPU: expected the npm package webgpu to load, got ${String(cause)}. Run npm ci.`)
  })
  return gpu
}
