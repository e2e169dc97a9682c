// The losses of a run as its tabs said them: a step that is computed again must have the same bits.
import type { HeardEvent } from './heard'

export class LossRecord {
  /** Problems so far, in the order in which they were found. */
  readonly problems: string[] = []
  /** Step of the newest snapshot that was acknowledged, and the newest step. */
  kept = 0
  last = 0
  /** Steps that the run had when it was resumed the last time. */
  resumedAt: number | undefined
  private readonly losses = new Map<number, number>()

  /** Takes in what a tab said. */
  hear({ event }: Pick<HeardEvent, 'event'>): void {
    if (event.type === 'kept') this.kept = event.step
    if (event.type === 'problem') this.problems.push(`a snapshot could not be kept or read: ${JSON.stringify(event.problem)}`)
    if (event.type === 'resumed') {
      this.last = this.resumedAt = event.steps.length
      for (const { step, loss } of event.steps) this.compare(step, loss)
    }
    if (event.type === 'step') {
      const { step, loss } = event.metrics
      if (step !== this.last + 1) this.problems.push(`step ${step} came after step ${this.last}: two tabs train, or a step is missing`)
      this.last = step
      this.compare(step, loss)
    }
  }

  /** Losses that differ from those of another run, of the steps that both have. */
  differences(other: LossRecord): number[] {
    return [...this.losses].flatMap(([step, loss]) => {
      const there = other.losses.get(step)
      return there === undefined || Object.is(there, loss) ? [] : [step]
    })
  }

  get steps(): number {
    return this.losses.size
  }

  private compare(step: number, loss: number): void {
    const before = this.losses.get(step)
    if (before !== undefined && !Object.is(before, loss)) this.problems.push(`step ${step} has the loss ${loss}, and had ${before}`)
    this.losses.set(step, loss)
  }
}
