// Keeps a copy of each run's record beside IndexedDB, in the engine's files, and finds runs there whose records were lost.
import * as v from 'valibot'
import { TabTuneError, phraseOf } from '../config/errors'
import type { Phrase } from '../config/phrase'
import type { BesideRun, EngineApi, EvalMetrics, StepMetrics } from '../worker/api'
import type { Keeping } from './keeping'
import { evalMetrics, parseKeptRun, stepMetrics } from './kept-run'
import type { KeptRun, Run } from './run'
import { withAllMetrics } from './run-metrics'

/** What changes with each step is in the engine's log of metrics. */
function recordOf({
  progress: _progress,
  last: _last,
  figures: _figures,
  lastEval: _lastEval,
  bestEval: _bestEval,
  ...record
}: Run): unknown {
  return record
}

/** The run as the engine's files have it. Its adapters were in the storage that was lost. @throws FormatError if there is no usable record */
function foundBeside({ runId, record, metrics, problems }: BesideRun): KeptRun {
  const { run } = parseKeptRun(runId, { run: record, series: {} })
  const steps: StepMetrics[] = []
  const evals: EvalMetrics[] = []
  for (const row of metrics) {
    const step = v.safeParse(stepMetrics, row)
    const evaluation = v.safeParse(evalMetrics, row)
    if (step.success) steps.push(step.output)
    else if (evaluation.success) evals.push(evaluation.output)
  }
  return withAllMetrics({ ...run, files: undefined, best: undefined, snapshotProblem: problems[0] }, steps, evals)
}

type Beside = Pick<EngineApi, 'keepRecord' | 'besideRuns' | 'forgetKept'>

/** `keeping`, with a copy of each record in the engine's files. */
export function withBeside(keeping: Keeping, engine: Beside): Keeping {
  const written = new Map<string, string>()

  /** Copies the record if it has changed. A failure is not said here: the record itself is kept, and snapshots report the same failure. */
  async function copy(run: Run): Promise<void> {
    const record = recordOf(run)
    const text = JSON.stringify(record)
    if (written.get(run.id) === text) return
    if ((await engine.keepRecord(run.id, record)).ok) written.set(run.id, text)
  }

  /** Runs whose records were lost, and what is wrong with those that cannot be read. They are kept again. */
  async function lost(known: readonly string[]): Promise<{ found: KeptRun[]; unreadable: Phrase[] }> {
    const beside = await engine.besideRuns(known)
    if (!beside.ok) return { found: [], unreadable: [beside.error.phrase] }
    const found: KeptRun[] = []
    const unreadable: Phrase[] = []
    for (const one of beside.value)
      try {
        const kept = foundBeside(one)
        await keeping.saveRun(kept)
        found.push(kept)
      } catch (error) {
        unreadable.push(...(one.record === undefined && one.problems.length > 0 ? one.problems : [phraseOf(error)]))
      }
    return { found, unreadable }
  }

  return {
    ...keeping,
    async runs() {
      const { runs, problems } = await keeping.runs()
      const { found, unreadable } = await lost([...runs.map(({ run }) => run.id), ...problems.map(({ runId }) => runId)])
      const all = [...runs, ...found].sort((a, b) => a.run.createdAt - b.run.createdAt)
      return { runs: all, problems, foundBeside: found.length, unreadable }
    },
    async saveRun(kept, adapters) {
      await keeping.saveRun(kept, adapters)
      await copy(kept.run)
    },
    async changeRun(runId, change) {
      const kept = await keeping.changeRun(runId, change)
      if (kept) await copy(kept.run)
      return kept
    },
    async remove(runId) {
      // The copy first: while there is one, a run without a record comes back.
      const copies = await engine.forgetKept(runId, 'everything')
      if (!copies.ok) throw new TabTuneError(copies.error.kind, copies.error.phrase)
      written.delete(runId)
      await keeping.remove(runId)
    },
  }
}
