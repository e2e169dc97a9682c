// Why runs failed, each reason once.
import type { Phrase } from '../config/phrase'
import type { Run } from './run'

interface RunsProblem {
  error: Phrase
  /** The runs that failed for this reason. */
  runs: Run[]
}

export function problemsOf(runs: readonly Run[]): RunsProblem[] {
  const found = new Map<string, RunsProblem>()
  for (const run of runs) {
    if (!run.error) continue
    const key = JSON.stringify(run.error)
    const known = found.get(key)
    if (known) known.runs.push(run)
    else found.set(key, { error: run.error, runs: [run] })
  }
  return [...found.values()]
}
