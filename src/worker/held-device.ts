// The engine's device. If it is lost, at whatever moment, it is opened again and gets back what was on it. Calls that were using it are
// repeated.
import { type DeviceLost, type ErrorReport, errorReport, phraseOf } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import { Gpu } from '../gpu/gpu'
import type { Profile } from '../gpu/profile'
import { reopen } from '../gpu/reopen'
import { DeviceRoom } from '../train/device-room'
import type { Planner } from '../train/fit-run'
import type { DeviceNews, DeviceReport } from './api'

interface Parts {
  gpu: GPU | undefined
  /** Puts what was on the lost device onto a new one. */
  restore(gpu: Gpu): Promise<void>
  /** Forgets what was on the lost device, because it cannot be restored. */
  drop(reason: Phrase): void
  tell(news: DeviceNews): void
}

/** Losses in a row while the model is put back; then something about the model or the device makes it impossible. */
const mostLosses = 3

const toldLimits = [
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupsPerDimension',
] as const satisfies readonly (keyof GPUSupportedLimits)[]

export function deviceReport({ name, software, device: { limits, features } }: Gpu): DeviceReport {
  return {
    name,
    software,
    maxBufferBytes: limits.maxBufferSize,
    maxBindingBytes: limits.maxStorageBufferBindingSize,
    limits: Object.fromEntries(toldLimits.map((key) => [key, limits[key]])),
    features: [...features].toSorted(),
  }
}

/** Why the engine no longer holds the model. */
function unreadable(error: unknown): ErrorReport {
  const { kind, phrase } = errorReport(error)
  return { kind, phrase: say`The graphics device was lost, and the model could not be put back on the new one. ${phrase}` }
}

/** Resolves as `result` does. @throws the signal's reason if it is aborted before */
function unless<T>(result: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return result
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    result.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

export class HeldDevice {
  private opened: Promise<Gpu> | undefined
  private current: Gpu | undefined
  /** Of the current device. */
  private room: DeviceRoom | undefined
  private lastProfile: Profile | undefined

  constructor(private readonly parts: Parts) {}

  /** The device; while it is being recovered, once it is there. @throws DeviceError if there is none; the signal's reason */
  async get(signal?: AbortSignal): Promise<Gpu> {
    const gpu = await unless((this.opened ??= this.remembered(this.open())), signal)
    if (!gpu.failure) return gpu
    this.recover(gpu)
    return this.get(signal)
  }

  /** The kernels of the device; while it is being recovered, of the one that was lost. @throws DeviceError if there is none */
  async profile(): Promise<Profile> {
    return this.current?.profile ?? this.lastProfile ?? (await this.get()).profile
  }

  /** What runs are planned with. `ask`: the device may be asked how much memory it gives, since no run is using it. */
  async planner(ask: boolean): Promise<Planner> {
    const gpu = await this.get()
    return { profile: gpu.profile, room: ask ? this.room : undefined }
  }

  /**
   * Does `work` on the device. If the device is lost meanwhile, the work is done once more, from its start, on the recovered device.
   * `onLost` is called before that. @throws what `work` throws; DeviceLost
   */
  async surviving<T>(work: (gpu: Gpu) => Promise<T>, { signal, onLost }: { signal?: AbortSignal; onLost?(): void } = {}): Promise<T> {
    const gpu = await this.get(signal)
    try {
      return await work(gpu)
    } catch (error) {
      if (!(await this.lossBehind(gpu, error))) throw error
    }
    signal?.throwIfAborted()
    onLost?.()
    const again = await this.get(signal)
    try {
      return await work(again)
    } catch (error) {
      throw (await this.lossBehind(again, error)) ?? error
    }
  }

  /** The loss of `gpu`, if it explains `error`. A device that failed in another way is replaced too, since its contents are in doubt. */
  async lossBehind(gpu: Gpu, error: unknown): Promise<DeviceLost | undefined> {
    const loss = await gpu.lossBehind(error)
    if (gpu.failure) this.recover(gpu)
    return loss
  }

  private remembered(opening: Promise<Gpu>): Promise<Gpu> {
    // A device that cannot be opened is asked for again by the next call.
    opening.catch(() => {
      if (this.opened === opening) this.opened = undefined
    })
    return opening
  }

  private async open(): Promise<Gpu> {
    return this.take(await Gpu.open(this.parts.gpu))
  }

  private take(gpu: Gpu): Gpu {
    this.current = gpu
    this.room = new DeviceRoom(gpu)
    this.lastProfile = gpu.profile
    void gpu.lost.then(() => this.recover(gpu))
    return gpu
  }

  /** Begins to replace `gpu`, unless that has begun. */
  private recover(gpu: Gpu): void {
    if (this.current !== gpu) return
    this.current = undefined
    this.opened = this.remembered(this.recovered(gpu))
  }

  private async recovered(lost: Gpu): Promise<Gpu> {
    const { tell, drop } = this.parts
    tell({ type: 'recovering' })
    lost.abandon()
    try {
      const { fresh, error } = await this.restored(lost)
      const report = deviceReport(fresh)
      if (error === undefined) tell({ type: 'recovered', report })
      else {
        const why = unreadable(error)
        drop(why.phrase)
        tell({ type: 'dropped', report, error: why })
      }
      return this.take(fresh)
    } catch (error) {
      drop(phraseOf(error))
      tell({ type: 'gone', error: errorReport(error) })
      throw error
    }
  }

  /** A new device with what was on the lost one, or with the error that kept it from being put back. @throws DeviceLost */
  private async restored(lost: Gpu): Promise<{ fresh: Gpu; error?: unknown }> {
    const { gpu, tell, restore } = this.parts
    for (let losses = 1; ; losses++) {
      const fresh = await reopen(
        () => Gpu.open(gpu),
        (leftMs) => tell({ type: 'recovering', leftMs }),
      )
      // The same kernels give the same bits.
      if (lost.tuned && lost.name === fresh.name) fresh.tune(lost.profile)
      try {
        await restore(fresh)
        fresh.check()
        return { fresh }
      } catch (error) {
        const again = await fresh.lossBehind(error)
        if (!again) return { fresh, error }
        if (losses === mostLosses) throw again
      }
    }
  }
}
