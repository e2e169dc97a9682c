// The learning rate of each step, as transformers schedules it (get_*_schedule_with_warmup; cosine = half a period).
import { type Phrase, say } from '../config/phrase'
import type { TrainingSettings } from '../config/run-config'

/** Learning rate of step `index` (from 0) of `steps`. */
export function learningRate(t: Pick<TrainingSettings, 'learningRate' | 'schedule' | 'warmup'>, index: number, steps: number): number {
  if (index < t.warmup) return (t.learningRate * index) / t.warmup
  const rest = Math.max(1, steps - t.warmup)
  const done = (index - t.warmup) / rest
  if (t.schedule === 'linear') return t.learningRate * Math.max(0, 1 - done)
  if (t.schedule === 'cosine') return t.learningRate * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, done)))
  return t.learningRate
}

/** What a person should know about a warm-up that takes more than half of the run, or does not end before it. */
export function warmupNotice({ warmup }: Pick<TrainingSettings, 'warmup'>, steps: number): Phrase | undefined {
  if (warmup === 0 || 2 * warmup <= steps) return undefined
  return warmup < steps
    ? say`The warm-up takes ${warmup} of the run’s ${steps} steps. Shorten it, or train for more steps.`
    : say`The warm-up of ${warmup} steps is not over when the run of ${steps} steps ends, so the learning rate never reaches its value. Shorten the warm-up, or train for more steps.`
}
