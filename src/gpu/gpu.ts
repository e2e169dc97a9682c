// The graphics device. Counts its bytes, buffers and pipelines, and reports its loss.
import { bytesText } from '../config/bytes'
import { DeviceError, DeviceLost, OutOfMemoryError, TabTuneError } from '../config/errors'
import { type Phrase, type PhraseValue, say } from '../config/phrase'
import { type Kernel, kernelKey, kernelText } from './kernel'
import { type MatrixForm, type MatrixSource, matrixForms } from './matrix-units'
import { type Profile, profileFor } from './profile'
import { type Awaited, type Patience, Watchdog } from './watchdog'

const wantedFeatures = ['timestamp-query', 'subgroups', 'shader-f16'] as const

/** A draft that the types do not know yet. Browsers offer it only with flags. */
const matrixFeature = 'chromium-experimental-subgroup-matrix' as GPUFeatureName
const sizeFeature = 'subgroup-size-control' as GPUFeatureName

export interface GpuOptions {
  /** Kernel shapes to use instead of the adapter's, for tests and tuning. */
  profile?: Partial<Profile>
  /** How long the device may be silent; for tests. */
  patience?: Partial<Patience>
}

/** The browser may end what waits for a device before it reports the loss. The report follows within milliseconds. */
const reportMs = 1000
/** Some drivers compile a large kernel for minutes. */
const compileMs = 600_000

function label(info: GPUAdapterInfo): string {
  return [info.vendor, info.architecture, info.description].filter(Boolean).join(' ') || 'unnamed adapter'
}

function isSoftware(info: GPUAdapterInfo): boolean {
  return info.isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|basic render/i.test(label(info))
}

/** The subgroup matrices of a device that has them. */
function formsOf({ features, limits }: GPUDevice, info: GPUAdapterInfo): MatrixForm[] {
  const { subgroupMatrixConfigs: configs } = info as { subgroupMatrixConfigs?: MatrixSource['configs'] }
  if (!features.has(matrixFeature) || !features.has('subgroups') || !configs) return []
  const { subgroupMinSize, subgroupMaxSize } = info
  const forms = matrixForms({ configs, subgroupMinSize, subgroupMaxSize, sizeControl: features.has(sizeFeature), limits })
  return forms.filter(({ factors }) => factors === 'f32' || features.has('shader-f16'))
}

export class Gpu {
  readonly name: string
  readonly software: boolean
  /** Lanes of the smallest subgroup; 1 = the device has none. */
  readonly subgroup: number
  /** Forms of products by subgroup matrices that the device can run. Tuning measures them. */
  readonly matrices: readonly MatrixForm[]
  private shapes: Profile
  /** Whether the kernel shapes were measured on this device. */
  tuned = false
  /** Bytes in the existing buffers, and the largest number since `resetPeak`. */
  bytes = 0
  peakBytes = 0
  /** How many buffers and pipelines were ever made. A step in steady state makes none. */
  buffersMade = 0
  pipelinesMade = 0
  /** The first unexpected error. Code that runs a program checks it. */
  failure: DeviceError | undefined
  /** Resolves when the device is lost, unless `destroy` was called. */
  readonly lost: Promise<DeviceLost>
  private readonly pipelines = new Map<string, Promise<GPUComputePipeline>>()
  private readonly watchdog: Watchdog
  private reportLoss: (loss: DeviceLost) => void = () => undefined
  private destroyed = false

  private constructor(
    readonly device: GPUDevice,
    adapter: GPUAdapter,
    options: GpuOptions,
  ) {
    this.name = label(adapter.info)
    this.software = isSoftware(adapter.info)
    const limits = device.limits
    this.subgroup = device.features.has('subgroups') ? adapter.info.subgroupMinSize : 1
    this.matrices = formsOf(device, adapter.info)
    this.shapes = {
      ...profileFor({
        software: this.software,
        f16: device.features.has('shader-f16'),
        subgroup: this.subgroup,
        scalarLoads: /swiftshader/i.test(this.name),
        maxBindingBytes: Math.min(limits.maxStorageBufferBindingSize, 2 ** 31),
        maxBufferBytes: Math.min(limits.maxBufferSize, 2 ** 32),
      }),
      ...options.profile,
    }
    this.lost = new Promise((resolve) => {
      this.reportLoss = resolve
    })
    this.watchdog = new Watchdog((silentMs) => this.giveUp(silentMs), options.patience)
    device.lost.then(({ message, reason }) => {
      this.lose(
        new DeviceLost(say`graphics device: lost (${message || reason}). Close other programs that use the graphics card, then try again.`),
      )
    })
    device.addEventListener('uncapturederror', (event) => {
      this.fail(say`graphics device: ${event.error.message}`)
    })
  }

  /** The shapes of kernels on this device. */
  get profile(): Profile {
    return this.shapes
  }

  /** The same device with other kernel shapes. It counts its own buffers. Kernels that both use are compiled once. */
  under(shapes: Partial<Profile>): Gpu {
    return Object.create(this, { profile: { value: { ...this.profile, ...shapes } } }) as Gpu
  }

  /** Uses kernel shapes that were measured on this device for everything that is recorded from now on. */
  tune(shapes: Partial<Profile>): void {
    this.shapes = { ...this.shapes, ...shapes }
    this.tuned = true
  }

  /** Opens the adapter's device with its highest limits. @throws DeviceError if there is no device */
  static async open(gpu: GPU | undefined, options: GpuOptions = {}): Promise<Gpu> {
    if (!gpu)
      throw new DeviceError(
        say`WebGPU: expected a browser that offers WebGPU on this page, got one that does not. Use a current Chrome, Edge, Firefox or Safari over https or localhost.`,
      )
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
    if (!adapter)
      throw new DeviceError(
        say`WebGPU: expected a graphics adapter, got none. Turn on hardware acceleration in the browser; on Linux start Chrome with --enable-unsafe-webgpu.`,
      )
    const matrices = adapter.features.has(matrixFeature)
    const { maxBufferSize, maxStorageBufferBindingSize, maxComputeWorkgroupStorageSize } = adapter.limits
    const device = await adapter.requestDevice({
      requiredFeatures: [...wantedFeatures, ...(matrices ? [matrixFeature, sizeFeature] : [])].filter((f) => adapter.features.has(f)),
      requiredLimits: { maxBufferSize, maxStorageBufferBindingSize, ...(matrices && { maxComputeWorkgroupStorageSize }) },
    })
    return new Gpu(device, adapter, options)
  }

  private fail(phrase: Phrase): void {
    this.failure ??= new DeviceError(phrase)
  }

  /** Other errors before it may be its consequences, so the loss takes their place. */
  private lose(loss: DeviceLost): void {
    if (this.destroyed || this.failure instanceof DeviceLost) return
    this.failure = loss
    this.watchdog.end(loss)
    this.reportLoss(loss)
  }

  /** The device no longer answers. */
  private giveUp(silentMs: number): void {
    const seconds = Math.round(silentMs / 1000)
    this.lose(
      new DeviceLost(say`graphics device: expected an answer, got none for ${seconds} seconds. Give it smaller pieces of work.`, true, [
        'batchSize',
        'maxLength',
      ]),
    )
    this.device.destroy()
  }

  /** Notes that work was submitted, of `flops` multiply-adds × 2. */
  submitted(flops: number): void {
    this.watchdog.submitted(flops)
  }

  /** Waits for an answer of the device. @throws DeviceLost if the device is lost, or silent for far too long; else what `answer` throws */
  async answered<T>(answer: Promise<T>, awaited?: Awaited): Promise<T> {
    try {
      return await this.watchdog.watch(answer, awaited)
    } catch (error) {
      throw (await this.lossBehind(error)) ?? error
    }
  }

  /** The loss of the device, if it explains `error`. What waits for the device may fail before the loss is reported, so this waits for the report. */
  async lossBehind(error: unknown): Promise<DeviceLost | undefined> {
    // Errors about files, shapes and requests have causes of their own.
    const other = error instanceof TabTuneError && !(error instanceof DeviceError) && error.kind !== 'Error'
    if (other) return undefined
    if (error instanceof DeviceLost) return error
    if (this.failure instanceof DeviceLost) return this.failure
    if (this.destroyed) return undefined
    const silence = new Promise<undefined>((resolve) => setTimeout(resolve, reportMs, undefined))
    return Promise.race([this.lost, silence])
  }

  /** @throws DeviceError if something went wrong on the device since the last check */
  check(): void {
    if (this.failure) throw this.failure
  }

  /** Makes a buffer and counts it. A lack of memory is reported by `allocate`, or by the next `check`. */
  buffer(name: string, sizeBytes: number, usage: GPUBufferUsageFlags): GPUBuffer {
    const size = Math.max(4, Math.ceil(sizeBytes / 4) * 4)
    if (size > this.device.limits.maxBufferSize)
      throw new DeviceError(
        say`graphics memory: expected a buffer of at most ${bytesText(this.device.limits.maxBufferSize)}, got ${bytesText(size)} for ${name}. Choose a smaller batch size or maximum length.`,
        ['batchSize', 'maxLength'],
      )
    const buffer = this.device.createBuffer({ label: name, size, usage })
    this.buffersMade++
    this.bytes += size
    this.peakBytes = Math.max(this.peakBytes, this.bytes)
    return buffer
  }

  /**
   * A buffer for one copy from the GPU to main memory; release it at once. The peak leaves it out, since it is small, exists only between
   * steps, and lies in main memory on most devices. So the peak of a run is what its plan says, however often the run is kept.
   */
  staging(sizeBytes: number): GPUBuffer {
    const { peakBytes } = this
    const buffer = this.buffer('readback', sizeBytes, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST)
    this.peakBytes = peakBytes
    return buffer
  }

  release(buffer: GPUBuffer): void {
    this.bytes -= buffer.size
    buffer.destroy()
  }

  resetPeak(): void {
    this.peakBytes = this.bytes
  }

  /** Runs `make` and waits whether memory was enough. @throws DeviceError with the bytes that were requested */
  async allocating<T>(what: PhraseValue, sizeBytes: number, make: () => T): Promise<T> {
    this.device.pushErrorScope('out-of-memory')
    this.device.pushErrorScope('validation')
    let made: T | undefined
    let thrown: unknown
    try {
      made = make()
    } catch (error) {
      thrown = error
    }
    const [invalid, full] = await this.answered(Promise.all([this.device.popErrorScope(), this.device.popErrorScope()]), { aside: true })
    const refused = full ?? invalid
    if (refused)
      throw new OutOfMemoryError(
        say`graphics memory: ${what} needs ${bytesText(sizeBytes)} in addition to ${bytesText(this.bytes - sizeBytes)} in use, which the device refused (${refused.message.split('\n')[0]}).`,
      )
    if (thrown) throw thrown
    return made as T
  }

  /** The compiled kernel, which is made once. Compilation errors are our mistakes and throw. A test checks for warnings. */
  pipeline(kernel: Kernel): Promise<GPUComputePipeline> {
    const key = kernelKey(kernel)
    let pipeline = this.pipelines.get(key)
    if (!pipeline) {
      this.pipelinesMade++
      const module = this.device.createShaderModule({ label: kernel.file, code: kernelText(kernel) })
      const compute = { module, entryPoint: 'main' }
      const compiled = this.device.createComputePipelineAsync({ label: kernel.file, layout: 'auto', compute })
      pipeline = this.answered(compiled, { aside: true, leastMs: compileMs }).catch(async (cause) => {
        if (cause instanceof DeviceLost) throw cause
        const info = await module.getCompilationInfo()
        const messages = info.messages.map((m) => `${m.lineNum}:${m.linePos} ${m.message}`).join('\n')
        throw new DeviceError(say`kernel ${key}: ${messages || String(cause)}`)
      })
      this.pipelines.set(key, pipeline)
    }
    return pipeline
  }

  /** Whether the device compiles the kernels. One that it refuses is no failure of the device. */
  async compiles(kernels: readonly Kernel[]): Promise<boolean> {
    this.device.pushErrorScope('validation')
    const pipelines = kernels.map((kernel) => this.pipeline(kernel))
    const refused = this.answered(this.device.popErrorScope(), { aside: true, leastMs: compileMs })
    const made = await Promise.allSettled(pipelines)
    for (const each of made) if (each.status === 'rejected' && each.reason instanceof DeviceLost) throw each.reason
    return !(await refused) && made.every(({ status }) => status === 'fulfilled')
  }

  /** Gives up a device whose contents are in doubt after a failure. What waits for it fails as after a loss. */
  abandon(): void {
    if (this.failure) this.lose(new DeviceLost(this.failure.phrase))
    this.device.destroy()
  }

  destroy(): void {
    this.destroyed = true
    this.watchdog.end()
    this.device.destroy()
  }
}
