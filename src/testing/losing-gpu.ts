// WebGPU whose devices can be lost, refused and silenced by a test. Everything else is done by the real one.

type Lost = Pick<GPUDeviceLostInfo, 'reason' | 'message'>

/** One device: the real one, and how a test takes it away. */
interface Losable {
  device: GPUDevice
  /** Calls that wait for it fail at once; the loss is reported `reportMs` later. */
  crash(reportMs?: number): void
}

interface LosingGpu {
  gpu: GPU
  /** The devices that were opened, the newest last. */
  readonly devices: readonly Losable[]
  /** From now on, this many requests for an adapter find none. */
  refuse(requests: number): void
}

const bound = (target: object, key: PropertyKey): unknown => {
  const value: unknown = Reflect.get(target, key)
  return typeof value === 'function' ? value.bind(target) : value
}

/** The device with a promise `lost` of our own. */
function losable(device: GPUDevice): { view: GPUDevice; losable: Losable } {
  let report: (lost: Lost) => void = () => undefined
  const lost = new Promise<Lost>((resolve) => {
    report = resolve
  })
  void device.lost.then((info) => {
    // The tests crash it by destroying it, which is reported below.
    if (info.reason !== 'destroyed') report(info)
  })
  const view = new Proxy(device, {
    get: (target, key) => (key === 'lost' ? lost : bound(target, key)),
  })
  return {
    view,
    losable: {
      device,
      crash(reportMs = 0) {
        device.destroy()
        setTimeout(() => report({ reason: 'unknown', message: 'crashed by a test' }), reportMs)
      },
    },
  }
}

export function losingGpu(real: GPU): LosingGpu {
  const devices: Losable[] = []
  let refused = 0
  const adapterOf = (adapter: GPUAdapter): GPUAdapter =>
    new Proxy(adapter, {
      get(target, key) {
        if (key !== 'requestDevice') return bound(target, key)
        return async (descriptor?: GPUDeviceDescriptor) => {
          const made = losable(await target.requestDevice(descriptor))
          devices.push(made.losable)
          return made.view
        }
      },
    })
  const gpu = new Proxy(real, {
    get(target, key) {
      if (key !== 'requestAdapter') return bound(target, key)
      return async (options?: GPURequestAdapterOptions) => {
        if (refused > 0) {
          refused--
          return null
        }
        const adapter = await target.requestAdapter(options)
        return adapter && adapterOf(adapter)
      }
    },
  })
  return {
    gpu,
    devices,
    refuse(requests) {
      refused = requests
    },
  }
}
