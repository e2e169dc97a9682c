// What is in progress on the device, one thing at a time, and how it is steered.
import { Cancelled, DeviceError } from '../config/errors'
import { say } from '../config/phrase'
import { Control } from '../train/control'

export class Steered {
  /** Of the run or the measurement that uses the device alone. */
  protected control: Control | undefined
  private aborting: AbortController | undefined

  /** @throws DeviceError while a run or a measurement is in progress */
  protected idle(): void {
    if (this.control) throw new DeviceError(say`A run is in progress. Stop it, or wait until it ends.`)
  }

  /** Does `work` while nothing else may use the device. @throws DeviceError if something does; what `work` throws */
  protected async alone<T>(work: (control: Control) => Promise<T>): Promise<T> {
    this.idle()
    const control = (this.control = new Control())
    try {
      return await work(control)
    } finally {
      this.control = undefined
    }
  }

  /** A call that `cancel` ends. */
  protected async abortable<T>(call: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController()
    this.aborting = controller
    try {
      return await call(controller.signal)
    } finally {
      if (this.aborting === controller) this.aborting = undefined
    }
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

  async cancel(): Promise<void> {
    this.aborting?.abort(new Cancelled())
  }
}
