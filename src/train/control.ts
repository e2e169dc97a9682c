// How a person steers a run under way: pause, stop, and skip the evaluation at its end.
import { Cancelled } from '../config/errors'

export class Control {
  /** All steps are done: only the closing evaluation is left. */
  closing = false
  private readonly stopping = new AbortController()
  private readonly skipping = new AbortController()
  private gate: Promise<void> | undefined
  private open: (() => void) | undefined

  pause(): void {
    this.gate ??= new Promise((resolve) => (this.open = resolve))
  }

  resume(): void {
    this.open?.()
    this.gate = this.open = undefined
  }

  stop(): void {
    this.stopping.abort(new Cancelled())
    this.resume()
  }

  /** Leaves the closing evaluation out, or ends it where it is; its figure is then unknown. */
  skip(): void {
    this.skipping.abort(new Cancelled())
    this.resume()
  }

  /** What Ctrl-C does: it stops the run; if there is nothing left to stop, it skips the closing evaluation. */
  interrupt(): 'stop' | 'skip' {
    const step = this.stopped || this.closing ? 'skip' : 'stop'
    this[step]()
    return step
  }

  /** No further step is taken. */
  get stopped(): boolean {
    return this.stopping.signal.aborted
  }

  get skipped(): boolean {
    return this.skipping.signal.aborted
  }

  /** For what is measured before the run. */
  get stopSignal(): AbortSignal {
    return this.stopping.signal
  }

  /** For what is measured after the run. */
  get skipSignal(): AbortSignal {
    return this.skipping.signal
  }

  get paused(): boolean {
    return this.gate !== undefined
  }

  async passed(): Promise<void> {
    await this.gate
  }
}
