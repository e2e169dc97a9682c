// A progress bar on stderr, drawn only in a terminal.
import { type StepMetric, plainValue, shortName, stepMetrics } from '../config/metrics'
import type { EvaluationProgress, RunProgress, StepMetrics } from '../config/run-reports'

const width = 30
const rowWords = ({ rows, evaluationLeftMs: left }: Pick<EvaluationProgress, 'rows' | 'evaluationLeftMs'>) =>
  `${rows.done} of ${rows.all} rows${left === undefined ? '' : `, ${Math.ceil(left / 1000)} s left`}`

/** `loss 1.2345`, `812 tokens/s`. */
function words(metric: StepMetric, value: number | undefined): string[] {
  if (value === undefined) return []
  const text = plainValue(metric, value)
  return [metric.unit === undefined ? `${shortName(metric).toLowerCase()} ${text}` : `${text} ${metric.unit}`]
}

/** Draws `label` with a bar, and erases it when the fraction reaches 1. */
export function progressBar(label: string): (fraction: number, detail?: string) => void {
  if (!process.stderr.isTTY) return () => undefined
  let last = 0
  return (fraction, detail = '') => {
    const now = performance.now()
    if (fraction < 1 && now - last < 100) return
    last = now
    const filled = Math.round(Math.min(1, fraction) * width)
    process.stderr.write(
      fraction >= 1
        ? '\r\x1b[K'
        : `\r\x1b[K${label} ${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${Math.floor(fraction * 100)} % ${detail}`,
    )
  }
}

/** The bar for an evaluation, with the number of its rows and the time left. */
export function evaluationBar(label: string): (progress: EvaluationProgress) => void {
  const bar = progressBar(label)
  return (progress) => bar(progress.fraction, rowWords(progress))
}

/** The bar for a run. */
export function runBar(label: string): { progress(progress: RunProgress): void; step(metrics: StepMetrics): void; end(): void } {
  const bar = progressBar(label)
  return {
    progress({ phase, fraction = 0, rows, evaluationLeftMs }) {
      if (phase !== 'training') bar(Math.min(0.999, fraction), rows ? `${phase}, ${rowWords({ rows, evaluationLeftMs })}` : phase)
    },
    step(values) {
      const { step, steps } = values
      bar(
        step / steps,
        [`step ${step} of ${steps}`, ...stepMetrics.filter((m) => m.line).flatMap((m) => words(m, values[m.key]))].join(', '),
      )
    },
    end: () => bar(1),
  }
}
