// WebGPU in Node whose devices are views of one real device. A kernel is compiled once for all of them: compiling takes most of the time of
// a small test. Tests that lose their device use src/testing/losing-gpu.ts instead.
import { nodeGpu } from '../cli/node/node-gpu'

const bound = (target: object, key: PropertyKey): unknown => {
  const value: unknown = Reflect.get(target, key)
  return typeof value === 'function' ? value.bind(target) : value
}

/** `real` with some members of our own. */
function overlaid<T extends object>(real: T, own: Partial<T>): T {
  return new Proxy(real, { get: (target, key) => (key in own ? Reflect.get(own, key) : bound(target, key)) })
}

/** The device, with pipelines by the text of their kernels. Nobody can destroy it. */
function shareable(device: GPUDevice): GPUDevice {
  const texts = new WeakMap<GPUShaderModule, string>()
  const pipelines = new Map<string, Promise<GPUComputePipeline>>()
  return overlaid(device, {
    createShaderModule(descriptor) {
      const made = device.createShaderModule(descriptor)
      texts.set(made, descriptor.code)
      return made
    },
    createComputePipelineAsync(descriptor) {
      const text = texts.get(descriptor.compute.module) ?? ''
      const known = pipelines.get(text)
      if (known) return known
      const compiled = device.createComputePipelineAsync(descriptor)
      pipelines.set(text, compiled)
      compiled.catch(() => pipelines.delete(text))
      return compiled
    },
    destroy: () => undefined,
  })
}

let opened: Promise<GPUDevice> | undefined

/** Opens the device. After a loss or an error that nobody expected, the next request opens another one. */
async function open(adapter: GPUAdapter, descriptor?: GPUDeviceDescriptor): Promise<GPUDevice> {
  const device = await adapter.requestDevice(descriptor)
  const leave = (): void => void (opened = undefined)
  void device.lost.then(leave)
  device.addEventListener('uncapturederror', leave)
  return shareable(device)
}

/** `navigator.gpu` of this process with one device. All callers must ask for the same features and limits, as `Gpu.open` does. */
export async function oneDeviceGpu(): Promise<GPU> {
  const gpu = await nodeGpu()
  return overlaid(gpu, {
    async requestAdapter(options) {
      const adapter = await gpu.requestAdapter(options)
      return adapter && overlaid(adapter, { requestDevice: (descriptor) => (opened ??= open(adapter, descriptor)) })
    },
  })
}
