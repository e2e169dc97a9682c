// Notices a device that no longer answers. A driver can hang without ever reporting a loss: SwiftShader has no watchdog of its own, and
// Chrome's needs about ten seconds on real GPUs.
import type { DeviceLost } from '../config/errors'

/** How long a device may stay silent, in milliseconds. */
export interface Patience {
  /** Before it has answered for the first time. */
  firstMs: number
  /** Afterwards; at least `factor` times the longest silence so far. */
  laterMs: number
}

/** What is waited for. */
export interface Awaited {
  /** The answer says nothing about submitted work, which may still be under way. */
  aside?: boolean
  /** Never give up earlier. */
  leastMs?: number
}

interface Wait extends Required<Awaited> {
  /** All flops that had been submitted when the waiting began. */
  upTo: number
  fail(error: DeviceLost): void
}

const usual: Patience = { firstMs: 180_000, laterMs: 60_000 }
const factor = 20
/** 0.1 GFLOP/s. One core of a slow computer with a software adapter is ten times as fast. */
const slowestMsPerFlop = 1e-5
const tickMs = 1000
/** A tick counts as no longer than this. In a frozen tab or a sleeping computer, neither the clock nor the device was at work. */
const mostTickMs = 2 * tickMs

export class Watchdog {
  private readonly waits = new Set<Wait>()
  private readonly patience: Patience
  private silentMs = 0
  private countedAt = 0
  private longestMs = 0
  private answered = false
  /** Flops of all work so far, and of the work that is known to be done. */
  private flops = 0
  private doneFlops = 0
  private doneMs = 0
  private timer: ReturnType<typeof setInterval> | undefined
  private ended: DeviceLost | undefined

  /** `onSilent` is called when the device has been silent for too long. */
  constructor(
    private readonly onSilent: (silentMs: number) => void,
    patience: Partial<Patience> = {},
  ) {
    this.patience = { ...usual, ...patience }
  }

  /** Notes that work was submitted. */
  submitted(flops: number): void {
    this.flops += flops
  }

  /** Settles as `answer` does. @throws DeviceLost if `end` is called before */
  watch<T>(answer: Promise<T>, { aside = false, leastMs = 0 }: Awaited = {}): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.ended) {
        answer.catch(() => undefined)
        return reject(this.ended)
      }
      const wait: Wait = { aside, leastMs, upTo: this.flops, fail: reject }
      this.begin(wait)
      const settled = (): void => {
        if (this.waits.delete(wait)) this.heard(wait)
      }
      answer.then(
        (value) => {
          settled()
          resolve(value)
        },
        (error: unknown) => {
          settled()
          reject(error)
        },
      )
    })
  }

  /** Everything that is waited for now or later fails with `loss`; without one, waiting just is no longer watched. */
  end(loss?: DeviceLost): void {
    clearInterval(this.timer)
    this.timer = undefined
    this.ended ??= loss
    if (loss) for (const wait of this.waits) wait.fail(loss)
    this.waits.clear()
  }

  private begin(wait: Wait): void {
    if (!this.waits.size) {
      this.silentMs = 0
      this.countedAt = performance.now()
    }
    this.waits.add(wait)
    this.timer ??= setInterval(() => this.tick(), tickMs)
  }

  private count(): void {
    const now = performance.now()
    this.silentMs += Math.min(mostTickMs, now - this.countedAt)
    this.countedAt = now
  }

  private heard({ aside, upTo }: Wait): void {
    this.count()
    this.answered = true
    this.longestMs = Math.max(this.longestMs, this.silentMs)
    const flops = upTo - this.doneFlops
    if (!aside && flops > 0) {
      this.doneMs += this.silentMs
      this.doneFlops = upTo
    }
    this.silentMs = 0
  }

  private limitOf({ aside, upTo, leastMs }: Wait): number {
    const { firstMs, laterMs } = this.patience
    const flops = aside ? 0 : Math.max(0, upTo - this.doneFlops)
    const work = flops * (this.doneFlops === 0 ? slowestMsPerFlop : (factor * this.doneMs) / this.doneFlops)
    return Math.max(leastMs, work, this.answered ? Math.max(laterMs, factor * this.longestMs) : firstMs)
  }

  private tick(): void {
    if (!this.waits.size) {
      // Nothing is waited for. The clock stops, so that it keeps no process alive.
      clearInterval(this.timer)
      this.timer = undefined
      return
    }
    this.count()
    const limit = Math.max(...Array.from(this.waits, (wait) => this.limitOf(wait)))
    if (this.silentMs > limit) this.onSilent(this.silentMs)
  }
}
