// The loop: batches in, steps on the GPU, metrics out; pause, stop, evaluation. Draws nothing and knows no method.
import { TabTuneError } from '../config/errors'
import type { TrainingSettings } from '../config/run-config'
import type { EvalMetrics, StepMetrics } from '../config/run-reports'
import type { Gpu } from '../gpu/gpu'
import type { BatchSource } from './batches'
import { learningRate } from './schedule'
import type { Session, StepResult } from './session'

/** How the person steers a run under way. */
export class Control {
  stopped = false
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
    this.stopped = true
    this.resume()
  }

  get paused(): boolean {
    return this.gate !== undefined
  }

  async passed(): Promise<void> {
    await this.gate
  }
}

export interface TrainerEvents {
  onStep(metrics: StepMetrics): void
  onEval(metrics: EvalMetrics): void
  onPaused?(paused: boolean): void
  onEvalProgress?(fraction: number): void
}

export interface TrainerOptions {
  gpu: Gpu
  session: Session
  training: TrainingSettings
  /** Optimizer steps; the source holds steps × accumulate micro-batches. */
  steps: number
  train: BatchSource
  evaluation: BatchSource
  control: Control
  events: TrainerEvents
}

export interface Outcome {
  status: 'finished' | 'stopped' | 'failed'
  /** Optimizer steps that changed the weights. */
  steps: number
  finalLoss: number
  bestLoss: number
  evals: EvalMetrics[]
  tokensPerSecond: number
  elapsedMs: number
  /** Why it failed. */
  failure?: TabTuneError
}

class Clock {
  private pausedMs = 0
  private readonly start = performance.now()

  get elapsedMs(): number {
    return performance.now() - this.start - this.pausedMs
  }

  async outside<T>(fn: () => Promise<T>): Promise<T> {
    const from = performance.now()
    try {
      return await fn()
    } finally {
      this.pausedMs += performance.now() - from
    }
  }
}

/** Trains from the first step to the last, or until stopped. A loss that is not finite ends the run with the weights as they were. */
export async function train(options: TrainerOptions): Promise<Outcome> {
  const { gpu, session, training, steps, control, events } = options
  const clock = new Clock()
  const out: Outcome = {
    status: 'finished',
    steps: 0,
    finalLoss: Number.NaN,
    bestLoss: Number.POSITIVE_INFINITY,
    evals: [],
    tokensPerSecond: 0,
    elapsedMs: 0,
  }
  let totalTokens = 0

  const evaluate = (step: number) =>
    clock.outside(async () => {
      if (!options.evaluation.count) return
      const evalLoss = await session.evaluate(gpu, options.evaluation, events.onEvalProgress)
      const metrics = { step, evalLoss, evalPerplexity: Math.exp(evalLoss) }
      out.evals.push(metrics)
      events.onEval(metrics)
    })

  const settle = async (under: UnderWay | undefined) => {
    if (!under) return
    const result = await under.result
    if (!result.finite) {
      const what = Number.isFinite(result.loss) ? `a gradient norm of ${result.gradNorm}` : `${result.loss}`
      throw new TabTuneError(
        'Error',
        `training: expected a finite loss at step ${under.step}, got ${what}. The weights are as they were before this step; lower the learning rate, or clip the gradient.`,
      )
    }
    totalTokens += under.tokens
    const elapsedMs = clock.elapsedMs
    out.steps = under.step
    out.finalLoss = result.loss
    out.bestLoss = Math.min(out.bestLoss, result.loss)
    out.tokensPerSecond = (totalTokens / Math.max(1, elapsedMs)) * 1000
    events.onStep({
      step: under.step,
      steps,
      loss: result.loss,
      learningRate: under.rate,
      gradNorm: result.gradNorm,
      tokens: under.supervised,
      totalTokens,
      tokensPerSecond: out.tokensPerSecond,
      elapsedMs,
    })
  }

  let under: UnderWay | undefined
  try {
    await evaluate(0)
    for (let step = 1; step <= steps; step++) {
      if (control.paused) {
        await settle(under)
        under = undefined
        events.onPaused?.(true)
        await clock.outside(() => control.passed())
        if (!control.stopped) events.onPaused?.(false)
      }
      if (control.stopped) break
      const batches = Array.from({ length: training.accumulate }, (_, i) => options.train.get((step - 1) * training.accumulate + i))
      const rate = learningRate(training, step - 1, steps)
      const next: UnderWay = {
        step,
        rate,
        tokens: batches.reduce((sum, b) => sum + b.tokens, 0),
        supervised: batches.reduce((sum, b) => sum + b.supervised, 0),
        result: session.step(gpu, batches, rate, step),
      }
      // The step before is read while this one is under way: the GPU never waits for the host.
      next.result.catch(() => undefined)
      await settle(under)
      under = next
      if (training.evalEvery && step % training.evalEvery === 0 && step < steps) {
        await settle(under)
        under = undefined
        await evaluate(step)
      }
    }
    await settle(under)
    under = undefined
    if (control.stopped) out.status = 'stopped'
    await evaluate(out.steps)
  } catch (error) {
    await under?.result.catch(() => undefined)
    if (!(error instanceof TabTuneError) || error.kind !== 'Error') throw error
    out.status = 'failed'
    out.failure = error
  }
  out.elapsedMs = clock.elapsedMs
  return out
}

interface UnderWay {
  step: number
  rate: number
  tokens: number
  supervised: number
  result: Promise<StepResult>
}
