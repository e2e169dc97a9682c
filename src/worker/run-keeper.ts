// Keeps a run of the engine while it trains: snapshots, the best adapter, and the metrics of every step.
import { phraseOf } from '../config/errors'
import type { EvalMetrics, StepMetrics } from '../config/run-reports'
import { type Snapshot, bytesIn } from '../storage/snapshot'
import type { RecoveryEvents } from './surviving-run'
import type { RunSaver } from '../train/keep-run'
import { parseAbout } from '../train/snapshot-about'
import type { TrainEvent } from './api'
import type { MetricLog } from '../storage/metric-log'
import type { SnapshotSlots } from '../storage/snapshot-slots'

const logEveryMs = 1000
/** The first snapshot of a run comes no later than this. */
const firstMs = 10_000

/** Where a run is kept. */
interface Places {
  snapshots: Pick<SnapshotSlots, 'save' | 'newest'>
  best: Pick<SnapshotSlots, 'save'>
  log: Pick<MetricLog, 'append' | 'cut'>
}

export interface RunKeeper {
  /** The newest stored snapshot. */
  newest?(): Promise<Snapshot | undefined>
  /** Absent = there is no place to keep it. */
  save?: RunSaver
  /** The run's events, with the metrics also noted in the log. */
  events: RecoveryEvents
  /** Writes the metrics that have not been written. Call it when the run has ended, in any way. */
  end(): Promise<void>
}

interface Keeping {
  /** Milliseconds between two snapshots; Infinity = none by time. */
  everyMs: number
  /** There is a snapshot already. */
  resumed: boolean
}

/** `tell` gets what the page should know about keeping. */
export function createRunKeeper(
  run: Places,
  { everyMs, resumed }: Keeping,
  events: RecoveryEvents,
  tell: (event: TrainEvent) => void,
): RunKeeper {
  let kept = resumed
  let waiting: (StepMetrics | EvalMetrics)[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  let writing: Promise<void> = Promise.resolve()

  const onProblem: RunSaver['onProblem'] = (problem) => tell({ type: 'problem', problem })

  function write(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const rows = waiting
    waiting = []
    writing = writing.then(() => run.log.append(rows)).catch((error: unknown) => onProblem(phraseOf(error)))
    return writing
  }

  function note(row: StepMetrics | EvalMetrics): void {
    waiting.push(row)
    timer ??= setTimeout(() => void write(), logEveryMs)
  }

  return {
    newest: async () => (await run.snapshots.newest())?.snapshot,
    save: {
      get everyMs() {
        return kept || everyMs === Infinity ? everyMs : Math.min(everyMs, firstMs)
      },
      async take(snapshot) {
        // A snapshot never knows of a step that the log does not have.
        await write()
        await run.snapshots.save(snapshot)
        kept = true
        tell({ type: 'kept', step: parseAbout(snapshot.about).state.step, sizeBytes: bytesIn(snapshot) })
      },
      best: (snapshot) => run.best.save(snapshot),
      onProblem,
    },
    events: {
      ...events,
      onResumed(steps, evals) {
        events.onResumed?.(steps, evals)
        // What the log has after the snapshot is computed again. What it had before may be damaged.
        waiting = []
        writing = writing.then(() => run.log.cut(0)).catch((error: unknown) => onProblem(phraseOf(error)))
        for (const row of [...steps, ...evals].sort((a, b) => a.step - b.step)) note(row)
      },
      onStep(metrics) {
        note(metrics)
        events.onStep(metrics)
      },
      onEval(metrics) {
        note(metrics)
        events.onEval(metrics)
      },
    },
    end: write,
  }
}
