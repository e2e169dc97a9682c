// A run of the fake engine: synthetic losses, step by step, with evaluations in between. It is controlled like a real run.
import { asWritten } from '../config/phrase'
import { type StepFigures, withStep } from '../config/figures'
import { stepKeys } from '../config/metrics'
import { Control } from '../train/control'
import { evaluationOf } from '../train/evaluation'
import type { RunConfig } from '../config/run-config'
import type { EvalMetrics, RunProgress, StepMetrics } from '../config/run-reports'
import type { TrainEvent } from '../worker/api'

/** Noise that is the same for the same place. */
function noise(at: number, seed: number): number {
  const x = Math.sin(at * 12.9898 + seed * 78.233) * 43758.5453
  return (x - Math.floor(x)) * 2 - 1
}

function stepMetrics(step: number, steps: number, config: RunConfig, startedAt: number): StepMetrics {
  const seed = config.training.seed + config.method.length
  const tokens = config.training.batchSize * 60
  const warm = Math.min(1, step / Math.max(1, config.training.warmup))
  return {
    // A metric that this file does not know gets noise.
    ...Object.fromEntries(stepKeys.map((key, i) => [key, 0.5 + 0.4 * noise(step, seed + 3 + i)])),
    step,
    steps,
    loss: 0.4 + 4.2 * Math.exp(-step / (steps / 4)) + 0.25 * noise(step, seed) * Math.exp(-step / steps),
    learningRate: config.training.learningRate * warm * (config.training.schedule === 'constant' ? 1 : 1 - (step - 1) / steps),
    gradNorm: 0.6 + 1.5 * Math.exp(-step / 20) + 0.3 * Math.abs(noise(step, seed + 1)),
    tokens,
    totalTokens: tokens * step,
    tokensPerSecond: 5200 + 400 * noise(step, seed + 2),
    elapsedMs: Date.now() - startedAt,
    epoch: step / 40,
    gpuBytes: 48 * 2 ** 20,
    hostBytes: (90 + 4 * noise(step, seed + 9)) * 2 ** 20,
  }
}

function evalMetrics(step: number, steps: number): EvalMetrics {
  return { step, ...evaluationOf(0.55 + 4.1 * Math.exp(-step / (steps / 4))) }
}

interface FakePlan {
  config: RunConfig
  steps: number
  evalRows: number
  beat: () => Promise<void>
  send: (events: TrainEvent[]) => void
  /** Keeps a snapshot every so many steps. */
  keepEvery: number
  /** Whether there was room. */
  keep: (snapshot: FakeSnapshot) => boolean
  resume?: FakeSnapshot
}

/** The metrics of a run so far. */
export interface FakeSnapshot {
  done: readonly StepMetrics[]
  evals: readonly EvalMetrics[]
}

export class FakeRun {
  readonly control = new Control()
  readonly done: StepMetrics[] = []
  readonly evals: EvalMetrics[] = []
  private readonly startedAt = Date.now()

  constructor(private readonly plan: FakePlan) {
    this.done.push(...(plan.resume?.done ?? []))
    this.evals.push(...(plan.resume?.evals ?? []))
  }

  get figures(): StepFigures {
    return this.done.reduce(withStep, {})
  }

  get status(): 'finished' | 'stopped' {
    return this.control.stopped && this.done.length < this.plan.steps ? 'stopped' : 'finished'
  }

  async run(): Promise<void> {
    const { config, steps, send } = this.plan
    send([{ type: 'status', status: 'training' }])
    if (this.plan.resume) send([{ type: 'resumed', steps: [...this.done], evals: [...this.evals] }])
    else if (!this.control.stopped) await this.evaluate(0)
    for (let step = this.done.length + 1; step <= steps && !this.control.stopped; step++) {
      await this.plan.beat()
      await this.whilePaused()
      if (this.leaves()) return
      const metrics = stepMetrics(step, steps, config, this.startedAt)
      this.done.push(metrics)
      send([{ type: 'step', metrics }, this.progress({ phase: 'training', fraction: step / steps })])
      if (config.training.evalEvery && step % config.training.evalEvery === 0 && step < steps) await this.evaluate(step)
      if (step % this.plan.keepEvery === 0) this.keep()
    }
    if (this.leaves()) return
    if (this.done.length > (this.evals.at(-1)?.step ?? 0)) await this.evaluate(this.done.length)
  }

  /** Whether there was room for a snapshot. */
  private keep(): boolean {
    const kept = this.plan.keep({ done: [...this.done], evals: [...this.evals] })
    if (kept) this.plan.send([{ type: 'kept', step: this.done.length, sizeBytes: 1000 }])
    return kept
  }

  /** Whether the run ends here because another tab resumes it. */
  private leaves(): boolean {
    if (!this.control.left) return false
    if (this.keep()) return true
    this.control.stay()
    this.plan.send([{ type: 'stays', reason: asWritten('storage: full') }])
    return false
  }

  private progress(progress: RunProgress): TrainEvent {
    return { type: 'progress', progress: { ...progress, leftMs: 1000 * (this.plan.steps - this.done.length + 1) } }
  }

  private async whilePaused(): Promise<void> {
    if (!this.control.paused) return
    this.plan.send([{ type: 'status', status: 'paused' }])
    await this.control.passed()
    if (!this.control.stopped) this.plan.send([{ type: 'status', status: 'training' }])
  }

  private async evaluate(step: number): Promise<void> {
    const { steps, evalRows: all, send, beat } = this.plan
    const { control } = this
    if (!all) return
    control.closing = step === steps
    for (let done = 0; done < all; done += Math.ceil(all / 8)) {
      await this.whilePaused()
      if (this.leaves()) return
      const closing = control.closing || control.stopped
      if (control.stopped && step === 0) return
      if (closing && control.skipped) return
      send([this.progress({ phase: 'evaluating', fraction: done / all, rows: { done, all }, closing })])
      await beat()
    }
    const metrics = evalMetrics(step, steps)
    this.evals.push(metrics)
    const answer = step > 0 ? 'inform(name[Portal])' : 'I like Portal.'
    const rows = [{ prompt: 'Say it of Portal.', expected: 'inform(name[Portal])', answer }]
    send([
      { type: 'eval', metrics },
      { type: 'samples', samples: { step, rows, timeMs: 40, bytes: 4096 } },
      this.progress({ phase: 'training' }),
    ])
  }
}
