// Lets a person control a run while it is running: pause it, stop it, or skip the closing evaluation.
import { Cancelled } from '../config/errors'

export class Control {
  /** True when all steps are done and only the closing evaluation is left. */
  closing = false
  /** The evaluation in progress is to end early, and training continues. */
  private passing = false
  private readonly stopping = new AbortController()
  private readonly skipping = new AbortController()
  private leaving: 'paused' | 'running' | undefined
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

  /** Ends the run at a snapshot, without its adapter and its closing evaluation, so that it can be resumed elsewhere. */
  leave(): void {
    this.leaving ??= this.paused ? 'paused' : 'running'
    this.resume()
  }

  /** The run cannot be left: it is as it was before `leave`. */
  stay(): void {
    const before = this.leaving
    this.leaving = undefined
    if (before === 'paused') this.pause()
  }

  /** Skips the closing evaluation, or ends it early; its result is then unknown. */
  skip(): void {
    this.skipping.abort(new Cancelled())
    this.resume()
  }

  /** Ends the evaluation in progress early, without a figure. At the end of a run this is `skip`. */
  pass(): void {
    if (this.stopped || this.closing) return this.skip()
    this.passing = true
    this.resume()
  }

  /** Whether `pass` was called since the last call. */
  passes(): boolean {
    const passing = this.passing
    this.passing = false
    return passing
  }

  /** Handles Ctrl-C: stops the run or, if it has already stopped, skips the closing evaluation. */
  interrupt(): 'stop' | 'skip' {
    const step = this.stopped || this.closing ? 'skip' : 'stop'
    this[step]()
    return step
  }

  /** True when no further step will be taken. */
  get stopped(): boolean {
    return this.stopping.signal.aborted
  }

  /** True when the run is to be resumed elsewhere. */
  get left(): boolean {
    return this.leaving !== undefined
  }

  get skipped(): boolean {
    return this.skipping.signal.aborted
  }

  /** Ends measurements before the run. */
  get stopSignal(): AbortSignal {
    return this.stopping.signal
  }

  /** Ends measurements after the run. */
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
