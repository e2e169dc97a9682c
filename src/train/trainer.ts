// The training loop: takes batches, submits steps to the GPU, reports metrics; handles pauses, stops and evaluations. It draws nothing
// and knows no method.
import { Cancelled, FormatError, TabTuneError, UnsupportedError } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import { type ExpertKey, expertShares } from '../config/expert-shares'
import type { TrainingSettings } from '../config/run-config'
import { type StepFigures, withStep } from '../config/figures'
import { type Lines, measured } from '../config/metrics'
import type { EvalMetrics, RunProgress, StepMetrics } from '../config/run-reports'
import type { MicroBatch } from '../data/micro-batch'
import type { Gpu } from '../gpu/gpu'
import { type BatchSource, evaluationProgress } from './batches'
import { Clock, TimeLeft } from './clock'
import type { Control } from './control'
import { evaluationOf } from './evaluation'
import { hostBytes } from './host-memory'
import { learningRate } from './schedule'
import type { Odd } from './odd-tensor'
import type { Session, StepResult } from './session'
import type { TrainerState } from './snapshot-about'

interface TrainerEvents {
  onStep(metrics: StepMetrics): void
  onEval(metrics: EvalMetrics): void
  onPaused?(paused: boolean): void
  /** The run was to be left, but no other page would find where it is. */
  onStays?(reason: Phrase): void
  onProgress?(progress: RunProgress): void
}

/** How a run is kept while it trains. No step is under way during the calls. */
export interface TrainerKeeping {
  /** A snapshot is taken after so many steps, after so many milliseconds, and after each evaluation. */
  everySteps?: number
  everyMs?: number
  /** `byTime`: only because `everyMs` have passed. Resolves with the reason if it could not be stored. */
  snapshot(state: TrainerState, byTime: boolean): Promise<Phrase | undefined>
  /** False if the newest snapshot is in main memory only, where no other page finds it. */
  readonly stored: boolean
  /** Called after each evaluation except the closing one. */
  evaluated?(metrics: EvalMetrics, state: TrainerState): Promise<void>
}

export interface TrainerOptions {
  gpu: Gpu
  session: Pick<Session, 'step' | 'evaluate' | 'kind'>
  training: TrainingSettings
  /** Optimizer steps; `train` has steps × accumulate micro-batches. */
  steps: number
  train: BatchSource
  evaluation: BatchSource
  control: Control
  events: TrainerEvents
  /** Where a run is resumed. The session must hold the values and states of that step. */
  resume?: TrainerState
  keep?: TrainerKeeping
  /** Called after each evaluation; true = the run ends here. No step is under way during the call. */
  enough?(): Promise<boolean>
  /** Called after each evaluation of a run that was not stopped, while no step is under way. Its time does not count. */
  evaluated?(metrics: EvalMetrics, elapsedMs: number): Promise<void>
  /** Finds what was not finite, after a step has failed because of it. No step is under way during the call. */
  findOdd?(batches: readonly MicroBatch[], step: number): Promise<Odd>
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
  /** It failed because a loss or a gradient was not finite. */
  diverged?: true
}

interface UnderWay {
  step: number
  rate: number
  tokens: number
  supervised: number
  result: Promise<StepResult>
}

/** The error for a step whose loss or gradient is not finite, with advice. */
function notFinite(
  step: number,
  { loss, gradNorm }: StepResult,
  { clip, precision }: TrainingSettings,
  odd: Odd | undefined,
): TabTuneError {
  const stopped = Number.isFinite(loss)
    ? say`Training stopped at step ${step}: the norm of the gradient is ${gradNorm}.`
    : say`Training stopped at step ${step}: the loss is ${loss}.`
  const found = odd ? say`${stopped} ${odd.where}` : stopped
  if (odd?.advice) return new TabTuneError('Error', say`${found} ${odd.advice}`)
  if (precision === 'fast') {
    const advice = say`${found} The weights are as they were before this step. Fast products take weights up to ±255. Choose exact products, or lower the learning rate.`
    return new TabTuneError('Error', advice, ['precision', 'learningRate'])
  }
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

/** The error for a step with a row that cannot be read. The run keeps what it has learned before. */
const unreadable = (step: number, error: unknown): unknown =>
  error instanceof FormatError || error instanceof UnsupportedError
    ? new TabTuneError('Error', say`Training stopped before step ${step}: ${error.phrase} The weights are those of the step before.`)
    : error

/** One run, from its first step or from a snapshot to the last. */
class Trainer {
  readonly out: Outcome
  private readonly clock: Clock
  private readonly left: TimeLeft
  private totalTokens: number
  /** The step after which the last evaluation was done. */
  private measuredAt: number | undefined
  /** The run ends here, and its snapshot is stored. */
  private gone = false
  /** Early stopping has ended the run. */
  private enough = false
  /** The step of the last snapshot, and when it was taken. */
  private kept: { step: number; at: number }
  /** The step that the GPU is computing. */
  private under: UnderWay | undefined

  constructor(private readonly options: TrainerOptions) {
    const { steps, training, evaluation, resume } = options
    const { step = 0, totalTokens = 0, measuredAt, elapsedMs = 0, figures = {} } = resume ?? {}
    this.out = { status: 'finished', steps: step, figures, elapsedMs }
    this.clock = new Clock(elapsedMs)
    this.totalTokens = totalTokens
    this.measuredAt = measuredAt
    this.kept = { step, at: performance.now() }
    this.left = new TimeLeft({ steps, accumulate: training.accumulate, evalEvery: training.evalEvery, evalBatches: evaluation.count })
    if (step > 0) this.left.stepsTook(elapsedMs, step)
  }

  /** Takes all steps, or the steps until a stop. */
  async run(): Promise<Outcome> {
    const { control } = this.options
    try {
      await this.steps()
      await this.settle()
      if (control.stopped && this.out.steps < this.options.steps) this.out.status = 'stopped'
      await this.keep()
      // Without a step since the last evaluation there is nothing new to measure.
      if (this.out.steps > (this.measuredAt ?? 0)) await this.evaluate(this.out.steps)
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
    const { steps, control, resume } = this.options
    // The evaluation before the snapshot may be the one that ends the run.
    if (resume && this.measuredAt === this.out.steps) await this.askEnough()
    if (this.enough) return
    for (let submitted = this.out.steps; ; submitted++) {
      if (this.evaluationDue(submitted)) {
        await this.settle()
        await this.evaluate(submitted)
        if (!control.stopped) await this.keep(true)
        if (this.enough) return
      } else {
        const due = this.snapshotDue(submitted)
        if (due) {
          await this.settle()
          await this.keep(false, due === 'time')
        }
      }
      if (control.left || (submitted < steps && control.paused)) {
        await this.settle()
        await this.interruptions(this.clock)
      }
      if (submitted === steps) return
      if (control.stopped) return
      const next = await this.submit(submitted + 1)
      // The result of the step before is read while the GPU computes this one, so the GPU never waits for the host.
      next.result.catch(() => undefined)
      await this.settle(next)
    }
  }

  /** Whether the run is evaluated after `step` steps, before the next one. */
  private evaluationDue(step: number): boolean {
    const { steps, training, evaluation, control } = this.options
    if (!evaluation.count || step >= steps || step <= (this.measuredAt ?? -1)) return false
    return step === 0 ? !control.stopped : training.evalEvery > 0 && step % training.evalEvery === 0
  }

  private snapshotDue(step: number): 'steps' | 'time' | undefined {
    const { everySteps = 0, everyMs = Infinity } = this.options.keep ?? {}
    if (step <= this.kept.step) return undefined
    if (everySteps > 0 && step % everySteps === 0) return 'steps'
    return performance.now() - this.kept.at >= everyMs ? 'time' : undefined
  }

  /**
   * Takes a snapshot if there were steps since the last one that is stored, or if it is `wanted` in any case. No step may be under way.
   * Returns the reason if it could not be stored. `clock` does not count the time.
   */
  private async keep(wanted = false, byTime = false, clock = this.clock): Promise<Phrase | undefined> {
    const { keep } = this.options
    const { steps } = this.out
    if (!keep || (steps <= this.kept.step && keep.stored && !wanted)) return undefined
    const problem = await clock.outside(() => keep.snapshot(this.state, byTime))
    this.kept = { step: steps, at: performance.now() }
    return problem
  }

  /** Waits while the run is paused, and leaves it if another page wants it. No step may be under way. @throws Cancelled if the run ends here */
  private async interruptions(clock: Clock): Promise<void> {
    const { control } = this.options
    while (control.left || control.paused) {
      const problem = await this.keep(false, false, clock)
      if (control.left) this.leave(problem)
      else await this.waitWhilePaused(clock)
    }
  }

  /** Ends the run if another page finds its snapshot. @throws Cancelled */
  private leave(problem: Phrase | undefined): void {
    const { control, events, keep } = this.options
    if (this.out.steps === 0 || keep?.stored) {
      this.gone = true
      throw new Cancelled()
    }
    control.stay()
    events.onStays?.(problem ?? say`The run continues where it is, because no snapshot of it can be stored there.`)
  }

  private get state(): TrainerState {
    const { totalTokens, measuredAt, clock, out } = this
    return { step: out.steps, totalTokens, measuredAt, elapsedMs: clock.elapsedMs, figures: out.figures }
  }

  private async submit(step: number): Promise<UnderWay> {
    const { gpu, session, training, steps } = this.options
    const batches = await this.batchesOf(step).catch((error: unknown) => {
      throw unreadable(step, error)
    })
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
    if (done) {
      const result = await done.result
      if (!result.finite) {
        this.out.diverged = true
        throw await this.failureOf(done.step, result, next)
      }
      this.note(done, result)
    }
    this.under = next
  }

  private async batchesOf(step: number): Promise<MicroBatch[]> {
    const { training, train } = this.options
    const indices = Array.from({ length: training.accumulate }, (_, i) => (step - 1) * training.accumulate + i)
    return (await Promise.all(indices.map((index) => train.get(index)))).flat()
  }

  /** The error for a step that is not finite. The step after it, which changed nothing either, must end before anything is read. */
  private async failureOf(step: number, result: StepResult, next: UnderWay | undefined): Promise<TabTuneError> {
    await next?.result.catch(() => undefined)
    const odd = await this.options.findOdd?.(await this.batchesOf(step), step)
    return notFinite(step, result, this.options.training, odd)
  }

  private note({ step, rate, tokens, supervised }: UnderWay, result: StepResult): void {
    const { out, options } = this
    const { steps, events, gpu, train, training } = options
    this.totalTokens += tokens
    const elapsedMs = this.clock.elapsedMs
    const perSecond = (this.totalTokens / Math.max(1, elapsedMs)) * 1000
    const sees = options.session.kind === 'pictures'
    // One line for each step metric in src/config/metrics.ts.
    const epoch = train.epochs(Math.min(train.count, step * training.accumulate))
    const always = { step, steps, loss: result.loss, tokens: supervised, totalTokens: this.totalTokens, elapsedMs, epoch }
    const lines: Lines<Omit<StepMetrics, keyof typeof always | ExpertKey>> = {
      learningRate: rate,
      gradNorm: result.gradNorm,
      clipFactor: result.clipFactor,
      tokensPerSecond: sees ? undefined : perSecond,
      // Each picture has as many positions, and one of them is supervised.
      picturesPerSecond: sees ? perSecond * (supervised / tokens) : undefined,
      accuracy: result.accuracy,
      gpuBytes: gpu.bytes,
      hostBytes: hostBytes(),
    }
    const metrics: StepMetrics = { ...always, ...measured(lines), ...expertShares(result.routed) }
    out.steps = step
    out.figures = withStep(out.figures, metrics)
    this.left.stepsTook(elapsedMs, step)
    events.onStep(metrics)
    events.onProgress?.({ phase: 'training', leftMs: this.left.after(step) })
  }

  private async askEnough(): Promise<void> {
    this.enough = await this.clock.outside(async () => (await this.options.enough?.()) ?? false)
  }

  /** Evaluates after `step` steps. An evaluation that ends early has no result. */
  private async evaluate(step: number): Promise<void> {
    const { gpu, session, evaluation, events, control, steps } = this.options
    if (!evaluation.count) return
    control.closing = step === steps
    control.passes()
    try {
      const { loss, accuracy } = await this.clock.outside(() => session.evaluate(gpu, evaluation, this.watchEvaluation(step)))
      this.measuredAt = step
      const metrics = { step, ...evaluationOf(loss, accuracy) }
      events.onEval(metrics)
      if (!control.stopped) await this.clock.outside(async () => this.options.evaluated?.(metrics, this.clock.elapsedMs))
      await this.askEnough()
      if (step < steps && !control.stopped) await this.clock.outside(async () => this.options.keep?.evaluated?.(metrics, this.state))
      events.onProgress?.({ phase: 'training', leftMs: this.left.after(step) })
    } catch (error) {
      // A run that is left before it is measured is measured where it is resumed.
      if (!(error instanceof Cancelled) || this.gone) throw error
    }
  }

  /** Gives the function to call before the first micro-batch of an evaluation and after each. @throws Cancelled to end the evaluation early */
  private watchEvaluation(step: number): (done: number) => Promise<void> {
    const { evaluation, training, events, control, steps } = this.options
    const clock = new Clock()
    return async (done) => {
      if (done) this.left.evaluationTook(clock.elapsedMs, done)
      if (done === evaluation.count) return
      await this.interruptions(clock)
      // A stop during the first evaluation ends it, since nothing was trained. In later ones, the weights being measured are those that are kept.
      if (control.stopped && step === 0) throw new Cancelled()
      const closing = step === steps || control.stopped
      if (closing ? control.skipped : control.passes()) throw new Cancelled()
      const rest = evaluation.count - done
      events.onProgress?.({
        phase: 'evaluating',
        ...evaluationProgress(evaluation, training.batchSize, done, clock.elapsedMs),
        closing,
        leftMs: closing ? this.left.after(steps, rest) : this.left.after(step, rest),
      })
    }
  }
}

/** Trains from the first step, or from where a snapshot was taken, to the last step or until stopped. A loss that is not finite ends the run with the weights of the step before. */
export function train(options: TrainerOptions): Promise<Outcome> {
  return new Trainer(options).run()
}
