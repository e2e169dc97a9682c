// The time that a run has taken, and an estimate of the time left.

/** Milliseconds since it was made, without those spent `outside`. */
export class Clock {
  private outsideMs = 0
  private readonly start = performance.now()

  get elapsedMs(): number {
    return performance.now() - this.start - this.outsideMs
  }

  async outside<T>(fn: () => Promise<T>): Promise<T> {
    const from = performance.now()
    try {
      return await fn()
    } finally {
      this.outsideMs += performance.now() - from
    }
  }
}

/** A step computes forward and backward, and the backward pass is about two forward ones; an evaluation computes forward alone. */
const forwardsInStep = 3

interface TimePlan {
  steps: number
  /** Micro-batches of a step. */
  accumulate: number
  evalEvery: number
  /** Micro-batches of one evaluation; 0 = there are no evaluations. */
  evalBatches: number
}

/** Estimates the time to the end of a run, its evaluations included, from what steps and evaluations have taken so far. */
export class TimeLeft {
  private msPerStep: number | undefined
  private msPerEvalBatch: number | undefined

  constructor(private readonly plan: TimePlan) {}

  stepsTook(ms: number, steps: number): void {
    this.msPerStep = ms / steps
  }

  evaluationTook(ms: number, batches: number): void {
    this.msPerEvalBatch = ms / batches
  }

  /** Evaluations after step `step`, including the closing one. */
  private evaluationsAfter(step: number): number {
    const { steps, evalEvery } = this.plan
    if (step >= steps) return 0
    return 1 + (evalEvery ? Math.floor((steps - 1) / evalEvery) - Math.floor(step / evalEvery) : 0)
  }

  /** Milliseconds to the end after `step` steps, with `evalBatches` of the current evaluation left; undefined until something was timed. */
  after(step: number, evalBatches = 0): number | undefined {
    const { steps, accumulate } = this.plan
    const batchMs = this.msPerEvalBatch ?? (this.msPerStep === undefined ? undefined : this.msPerStep / accumulate / forwardsInStep)
    if (batchMs === undefined) return undefined
    const stepMs = this.msPerStep ?? batchMs * accumulate * forwardsInStep
    return (steps - step) * stepMs + (evalBatches + this.evaluationsAfter(step) * this.plan.evalBatches) * batchMs
  }
}
