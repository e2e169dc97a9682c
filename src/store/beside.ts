// Keeps a copy of each run's record beside IndexedDB, in the engine's files, and finds runs there whose records were lost.
import * as v from 'valibot'
import { TabTuneError, phraseOf } from '../config/errors'
import type { Phrase } from '../config/phrase'
import type { BesideRun, EngineApi, EvalMetrics, KnownRecord, StepMetrics } from '../worker/api'
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
  changedAt: _changedAt,
  ...record
}: Run): unknown {
  return record
}

/**
 * The run as the engine's files have it. `known`: its older record, if there is one. Adapters that were kept with the lost record are lost.
 * @throws FormatError if there is no usable record
 */
function foundBeside({ runId, record, changedAt, metrics, problems }: BesideRun, known: KeptRun | undefined): KeptRun {
  const { run } = parseKeptRun(runId, { run: record, series: {} })
  const steps: StepMetrics[] = []
  const evals: EvalMetrics[] = []
  for (const row of metrics) {
    const step = v.safeParse(stepMetrics, row)
    const evaluation = v.safeParse(evalMetrics, row)
    if (step.success) steps.push(step.output)
    else if (evaluation.success) evals.push(evaluation.output)
  }
  const there = { ...run, files: known?.run.files, best: known?.run.best, snapshotProblem: problems[0], changedAt }
  if (!known || known.series.steps.length <= steps.length) return withAllMetrics(there, steps, evals)
  // An imported run has no log.
  const { last, figures, lastEval, bestEval } = known.run
  return { run: { ...there, last, figures, lastEval, bestEval }, series: known.series }
}

type Beside = Pick<EngineApi, 'keepRecord' | 'besideRuns' | 'forgetKept'>
type Kept = Awaited<ReturnType<Keeping['runs']>>

function knownIn({ runs, problems }: Kept): KnownRecord[] {
  return [...runs.map(({ run: { id, changedAt } }) => ({ runId: id, changedAt })), ...problems.map(({ runId }) => ({ runId }))]
}

/** `keeping`, with a copy of each record in the engine's files. */
export function withBeside(keeping: Keeping, engine: Beside): Keeping {
  const written = new Map<string, string>()

  /** Copies the record if it has changed. A failure is not said here: the record itself is kept, and snapshots report the same failure. */
  async function copy(run: Run, changedAt: number): Promise<void> {
    const record = recordOf(run)
    const text = JSON.stringify(record)
    if (written.get(run.id) === text) return
    if ((await engine.keepRecord(run.id, record, changedAt)).ok) written.set(run.id, text)
  }

  /** Records that no other tab has written since `kept` was read: a tab writes the record first, and then its copy. */
  async function unchanged(kept: Kept, beside: readonly BesideRun[]): Promise<BesideRun[]> {
    const times = (known: Kept) => new Map(knownIn(known).map(({ runId, changedAt }) => [runId, changedAt]))
    const [before, now] = [times(kept), times(await keeping.runs())]
    return beside.filter(({ runId }) => before.has(runId) === now.has(runId) && before.get(runId) === now.get(runId))
  }

  /** Runs whose records, or whose last records, were lost, and what is wrong with those that cannot be read. They are kept again. */
  async function lost(kept: Kept): Promise<{ found: KeptRun[]; unreadable: Phrase[] }> {
    const beside = await engine.besideRuns(knownIn(kept))
    if (!beside.ok) return { found: [], unreadable: [beside.error.phrase] }
    const found: KeptRun[] = []
    const unreadable: Phrase[] = []
    for (const one of beside.value.length > 0 ? await unchanged(kept, beside.value) : [])
      try {
        const run = foundBeside(
          one,
          kept.runs.find(({ run: { id } }) => id === one.runId),
        )
        await keeping.saveRun(run)
        found.push(run)
      } catch (error) {
        unreadable.push(...(one.record === undefined && one.problems.length > 0 ? one.problems : [phraseOf(error)]))
      }
    return { found, unreadable }
  }

  return {
    ...keeping,
    async runs() {
      const kept = await keeping.runs()
      const { found, unreadable } = await lost(kept)
      const others = kept.runs.filter(({ run }) => !found.some((one) => one.run.id === run.id))
      const runs = [...others, ...found].sort((a, b) => a.run.createdAt - b.run.createdAt)
      return { runs, problems: kept.problems, foundBeside: found.length, unreadable }
    },
    async saveRun(kept, adapters) {
      const changedAt = Date.now()
      await keeping.saveRun({ ...kept, run: { ...kept.run, changedAt } }, adapters)
      await copy(kept.run, changedAt)
    },
    async changeRun(runId, change) {
      const changedAt = Date.now()
      const kept = await keeping.changeRun(runId, { ...change, changedAt })
      if (kept) await copy(kept.run, changedAt)
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
