// Measures how long a run has taken and estimates the time left.

/** Counts milliseconds from its creation, in addition to `beforeMs`, without the time spent in `outside`. */
export class Clock {
  private outsideMs = 0
  private readonly start = performance.now()

  constructor(private readonly beforeMs = 0) {}

  get elapsedMs(): number {
    return this.beforeMs + performance.now() - this.start - this.outsideMs
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

/** A step is a forward and a backward pass, and a backward pass takes about as long as two forward passes; an evaluation is one forward pass. */
export const forwardsInStep = 3

/** Number of evaluations after step `step`, including the closing one. */
export function evaluationsAfter(step: number, { steps, evalEvery }: Pick<TimePlan, 'steps' | 'evalEvery'>): number {
  if (step >= steps) return 0
  return 1 + (evalEvery ? Math.floor((steps - 1) / evalEvery) - Math.floor(step / evalEvery) : 0)
}

interface TimePlan {
  steps: number
  /** Micro-batches per step. */
  accumulate: number
  evalEvery: number
  /** Micro-batches per evaluation; 0 = no evaluations. */
  evalBatches: number
}

/** Estimates the time to the end of a run, including its evaluations, from the time that steps and evaluations have taken so far. */
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

  /**
   * Milliseconds to the end of the run after `step` steps. `evalBatches` = micro-batches left in the current evaluation. Undefined until
   * a step or an evaluation has been timed.
   */
  after(step: number, evalBatches = 0): number | undefined {
    const { steps, accumulate } = this.plan
    const batchMs = this.msPerEvalBatch ?? (this.msPerStep === undefined ? undefined : this.msPerStep / accumulate / forwardsInStep)
    if (batchMs === undefined) return undefined
    const stepMs = this.msPerStep ?? batchMs * accumulate * forwardsInStep
    return (steps - step) * stepMs + (evalBatches + evaluationsAfter(step, this.plan) * this.plan.evalBatches) * batchMs
  }
}
