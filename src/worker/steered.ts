// What is in progress on the device, one thing at a time, and how it is steered.
import { Cancelled, DeviceError } from '../config/errors'
import { say } from '../config/phrase'
import { Control } from '../train/control'

/** A call that `cancel` ends. */
interface Call {
  controller: AbortController
  usesDevice: boolean
  /** Settles with the call, and never rejects. */
  ended: Promise<unknown>
}

export class Steered {
  /** Of the run or the measurement that uses the device alone. */
  protected control: Control | undefined
  /** In the order in which they began. */
  private readonly calls = new Set<Call>()

  /** @throws DeviceError while a run or a measurement is in progress */
  protected idle(): void {
    if (this.control) throw new DeviceError(say`A run is in progress. Stop it, or wait until it ends.`)
  }

  /** Does `work` while nothing else may use the device. `own`: of the call that asks for it. @throws DeviceError if a run does; what `work` throws */
  protected async alone<T>(work: (control: Control) => Promise<T>, own?: AbortSignal): Promise<T> {
    this.idle()
    const control = (this.control = new Control())
    try {
      await this.endOthers(own)
      return await work(control)
    } finally {
      this.control = undefined
    }
  }

  /** Cancels the calls that use the device, apart from the one with the signal `own`, and waits for their ends: what they use may then be freed. `undo` is called if `own` is aborted meanwhile. */
  protected async endOthers(own?: AbortSignal, undo?: () => void): Promise<void> {
    const others = own?.aborted ? [] : [...this.calls].filter(({ usesDevice, controller }) => usesDevice && controller.signal !== own)
    for (const { controller } of others) controller.abort(new Cancelled())
    await Promise.all(others.map(({ ended }) => ended))
    if (own?.aborted) undo?.()
    own?.throwIfAborted()
  }

  /** A call that uses the device is in progress. */
  protected get deviceInUse(): boolean {
    return [...this.calls].some(({ usesDevice }) => usesDevice)
  }

  /** A call that `cancel` ends. */
  protected async abortable<T>(call: (signal: AbortSignal) => Promise<T>, usesDevice: boolean): Promise<T> {
    const controller = new AbortController()
    const work = call(controller.signal)
    const mine: Call = { controller, usesDevice, ended: work.catch(() => undefined) }
    this.calls.add(mine)
    try {
      return await work
    } finally {
      this.calls.delete(mine)
    }
  }

  /** A call that `cancel` ends and that has the device alone. */
  protected abortableAlone<T>(call: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.abortable((signal) => this.alone(() => call(signal), signal), true)
  }

  async pause(): Promise<void> {
    this.control?.pause()
  }

  async resume(): Promise<void> {
    this.control?.resume()
  }

  async stop(): Promise<void> {
    this.control?.stop()
  }

  async leave(): Promise<void> {
    this.control?.leave()
  }

  async skipEvaluation(): Promise<void> {
    this.control?.pass()
  }

  /** Ends the newest call that is in progress. */
  async cancel(): Promise<void> {
    ;[...this.calls].at(-1)?.controller.abort(new Cancelled())
  }
}
