// The training loop: takes batches, submits steps to the GPU, reports metrics; handles pauses, stops and evaluations. It draws nothing
// and knows no method.
import { Cancelled, TabTuneError } from '../config/errors'
import { say } from '../config/phrase'
import type { TrainingSettings } from '../config/run-config'
import { type StepFigures, withStep } from '../config/figures'
import type { EvalMetrics, RunProgress, StepMetrics } from '../config/run-reports'
import type { Gpu } from '../gpu/gpu'
import { type BatchSource, evaluationProgress } from './batches'
import { Clock, TimeLeft } from './clock'
import type { Control } from './control'
import { evaluationOf } from './evaluation'
import { learningRate } from './schedule'
import type { Session, StepResult } from './session'

interface TrainerEvents {
  onStep(metrics: StepMetrics): void
  onEval(metrics: EvalMetrics): void
  onPaused?(paused: boolean): void
  onProgress?(progress: RunProgress): void
}

export interface TrainerOptions {
  gpu: Gpu
  session: Pick<Session, 'step' | 'evaluate'>
  training: TrainingSettings
  /** Optimizer steps; `train` has steps × accumulate micro-batches. */
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
  /** Figures of the whole run; empty before the first step. */
  figures: StepFigures
  elapsedMs: number
  /** Why it failed. */
  failure?: TabTuneError
}

interface UnderWay {
  step: number
  rate: number
  tokens: number
  supervised: number
  result: Promise<StepResult>
}

/** The error for a step whose loss or gradient is not finite, with advice. */
function notFinite(step: number, { loss, gradNorm }: StepResult, { clip }: TrainingSettings): TabTuneError {
  const found = Number.isFinite(loss)
    ? say`Training stopped at step ${step}: the norm of the gradient is ${gradNorm}.`
    : say`Training stopped at step ${step}: the loss is ${loss}.`
  // Before the first step no weight has changed, so no setting of the optimizer is to blame.
  if (step === 1)
    return new TabTuneError(
      'Error',
      say`${found} No weight has been changed yet, so the cause is the base model, the adapter that the run starts from, or the rows of this step. Train on other rows, or choose another base precision or another adapter to start from.`,
    )
  const kept = say`${found} The weights are as they were before this step.`
  return new TabTuneError(
    'Error',
    clip > 0 ? say`${kept} Lower the learning rate.` : say`${kept} Lower the learning rate, or clip the gradient.`,
  )
}

/** One run, from the first step to the last. */
class Trainer {
  readonly out: Outcome = {
    status: 'finished',
    steps: 0,
    figures: {},
    elapsedMs: 0,
  }
  private readonly clock = new Clock()
  private readonly left: TimeLeft
  private totalTokens = 0
  /** The step after which the last evaluation was done. */
  private measuredAt = 0
  /** The step that the GPU is computing. */
  private under: UnderWay | undefined

  constructor(private readonly options: TrainerOptions) {
    const { steps, training, evaluation } = options
    this.left = new TimeLeft({ steps, accumulate: training.accumulate, evalEvery: training.evalEvery, evalBatches: evaluation.count })
  }

  /** Takes all steps, or the steps until a stop. */
  async run(): Promise<Outcome> {
    const { control } = this.options
    try {
      if (!control.stopped) await this.evaluate(0)
      await this.steps()
      await this.settle()
      if (control.stopped && this.out.steps < this.options.steps) this.out.status = 'stopped'
      // Without a step since the last evaluation there is nothing new to measure.
      if (this.out.steps > this.measuredAt) await this.evaluate(this.out.steps)
    } catch (error) {
      await this.under?.result.catch(() => undefined)
      if (!(error instanceof TabTuneError) || error.kind !== 'Error') throw error
      this.out.status = 'failed'
      this.out.failure = error
    }
    this.out.elapsedMs = this.clock.elapsedMs
    return this.out
  }

  private async steps(): Promise<void> {
    const { training, steps, control } = this.options
    for (let step = 1; step <= steps; step++) {
      if (control.paused) {
        await this.settle()
        await this.waitWhilePaused(this.clock)
      }
      if (control.stopped) return
      const next = this.submit(step)
      // The result of the step before is read while the GPU computes this one, so the GPU never waits for the host.
      next.result.catch(() => undefined)
      await this.settle(next)
      if (training.evalEvery && step % training.evalEvery === 0 && step < steps) {
        await this.settle()
        await this.evaluate(step)
      }
    }
  }

  private submit(step: number): UnderWay {
    const { gpu, session, training, train, steps } = this.options
    const batches = Array.from({ length: training.accumulate }, (_, i) => train.get((step - 1) * training.accumulate + i))
    const rate = learningRate(training, step - 1, steps)
    return {
      step,
      rate,
      tokens: batches.reduce((sum, b) => sum + b.tokens, 0),
      supervised: batches.reduce((sum, b) => sum + b.supervised, 0),
      result: session.step(gpu, batches, rate, step),
    }
  }

  /** Waits until the pause ends, without counting the wait on `clock`. */
  private async waitWhilePaused(clock: Clock): Promise<void> {
    const { control, events } = this.options
    events.onPaused?.(true)
    await clock.outside(() => control.passed())
    if (!control.stopped) events.onPaused?.(false)
  }

  /** Reads the result of the submitted step; `next` becomes the submitted step. */
  private async settle(next?: UnderWay): Promise<void> {
    const done = this.under
    if (done) this.note(done, await done.result)
    this.under = next
  }

  private note({ step, rate, tokens, supervised }: UnderWay, result: StepResult): void {
    const { out, options } = this
    const { steps, events } = options
    if (!result.finite) throw notFinite(step, result, options.training)
    this.totalTokens += tokens
    const elapsedMs = this.clock.elapsedMs
    // One line for each step metric in src/config/metrics.ts.
    const metrics: Required<StepMetrics> = {
      step,
      steps,
      loss: result.loss,
      learningRate: rate,
      gradNorm: result.gradNorm,
      clipFactor: result.clipFactor,
      tokens: supervised,
      totalTokens: this.totalTokens,
      tokensPerSecond: (this.totalTokens / Math.max(1, elapsedMs)) * 1000,
      elapsedMs,
    }
    out.steps = step
    out.figures = withStep(out.figures, metrics)
    this.left.stepsTook(elapsedMs, step)
    events.onStep(metrics)
    events.onProgress?.({ phase: 'training', leftMs: this.left.after(step) })
  }

  /** Evaluates after `step` steps. An evaluation that ends early has no result. */
  private async evaluate(step: number): Promise<void> {
    const { gpu, session, evaluation, events, control, steps } = this.options
    if (!evaluation.count) return
    control.closing = step === steps
    try {
      const loss = await this.clock.outside(() => session.evaluate(gpu, evaluation, this.watchEvaluation(step)))
      this.measuredAt = step
      events.onEval({ step, ...evaluationOf(loss) })
      events.onProgress?.({ phase: 'training', leftMs: this.left.after(step) })
    } catch (error) {
      if (!(error instanceof Cancelled)) throw error
    }
  }

  /** Gives the function to call before the first micro-batch of an evaluation and after each. @throws Cancelled to end the evaluation early */
  private watchEvaluation(step: number): (done: number) => Promise<void> {
    const { evaluation, training, events, control, steps } = this.options
    const clock = new Clock()
    return async (done) => {
      if (done) this.left.evaluationTook(clock.elapsedMs, done)
      if (done === evaluation.count) return
      if (control.paused) await this.waitWhilePaused(clock)
      // A stop during the first evaluation ends it, since nothing was trained. In later ones, the weights being measured are those that are kept.
      if (control.stopped && step === 0) throw new Cancelled()
      const closing = step === steps || control.stopped
      if (closing && control.skipped) throw new Cancelled()
      const rest = evaluation.count - done
      events.onProgress?.({
        phase: 'evaluating',
        ...evaluationProgress(evaluation, training.batchSize, done),
        closing,
        leftMs: closing ? this.left.after(steps, rest) : this.left.after(step, rest),
      })
    }
  }
}

/** Trains from the first step to the last, or until stopped. A loss that is not finite ends the run with the weights of the step before. */
export function train(options: TrainerOptions): Promise<Outcome> {
  return new Trainer(options).run()
}
