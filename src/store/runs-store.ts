// All runs, kept and new, with their curves. What happens to a run comes in through `apply`.
import { createStore } from 'zustand/vanilla'
import type { AdapterFiles, TrainEvent } from '../worker/api'
import type { RunProblem } from '../storage/run-store'
import type { Keeping } from './keeping'
import type { Living } from './living'
import { type KeptRun, type Run, canRemove, found, withEval, withMetrics, withStatus } from './run'
import { type RunSeries, appendEval, appendStep, emptySeries, snapshot } from './series'

interface RunsState {
  /** Oldest first. */
  runs: Run[]
  /** The way to the curves: another object whenever a curve has changed, though the curves themselves grow in place. */
  curves: Curves
  usage?: { usedBytes: number; offeredBytes: number }
  loaded: boolean
  /** Kept runs that cannot be read: they stay as they are until they are deleted. */
  problems: RunProblem[]
  /** Why something could not be kept or read back. */
  error?: string
}

interface Curves {
  of(runId: string): RunSeries
}

/** Looks that curves have: six colours, each with six patterns, of which so many are given out. */
const paletteSize = 18

/** The colour used least by `runs`, the first of them. */
export function nextColour(runs: readonly Run[]): number {
  const used = new Array<number>(paletteSize).fill(0)
  for (const run of runs) used[run.colour % paletteSize] = (used[run.colour % paletteSize] ?? 0) + 1
  return used.indexOf(Math.min(...used))
}

/** `label` with the next free number: LoRA 1, LoRA 2, … */
export function nextName(label: string, runs: readonly Run[]): string {
  const names = new Set(runs.map((r) => r.name))
  let number = 1
  while (names.has(`${label} ${number}`)) number += 1
  return `${label} ${number}`
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

export function createRunsStore(keeping: Keeping, living: Living) {
  const curves = new Map<string, RunSeries>()
  const store = createStore<RunsState>(() => ({ runs: [], curves: { of: seriesOf }, loaded: false, problems: [] }))
  let writing: Promise<void> = Promise.resolve()

  function seriesOf(runId: string): RunSeries {
    let series = curves.get(runId)
    if (!series) {
      series = emptySeries()
      curves.set(runId, series)
    }
    return series
  }

  function find(runId: string): Run | undefined {
    return store.getState().runs.find((r) => r.id === runId)
  }

  function update(runId: string, change: (run: Run) => Run): void {
    store.setState((s) => ({ runs: s.runs.map((r) => (r.id === runId ? change(r) : r)) }))
  }

  async function measureUsage(): Promise<void> {
    store.setState({ usage: await keeping.usage() })
  }

  /** Writes go one after another, so that a late small one cannot overtake. */
  function write(action: () => Promise<void>): Promise<void> {
    writing = writing
      .then(action)
      .then(measureUsage)
      .catch((error: unknown) => store.setState({ error: messageOf(error) }))
    return writing
  }

  function save(runId: string): Promise<void> {
    return write(async () => {
      const run = find(runId)
      if (run && run.status !== 'queued' && run.status !== 'elsewhere') await keeping.saveRun({ run, series: snapshot(seriesOf(runId)) })
    })
  }

  /** Takes a batch of events into run and curves, with one change of state. */
  function apply(runId: string, events: readonly TrainEvent[]): void {
    const before = find(runId)
    if (!before) return
    const series = seriesOf(runId)
    let run = before
    let drawn = false
    for (const event of events) {
      if (event.type === 'status') run = withStatus(run, event.status)
      else if (event.type === 'progress') run = { ...run, progress: event.progress }
      else if (event.type === 'step') {
        appendStep(series, event.metrics)
        run = withMetrics(run, event.metrics)
        drawn = true
      } else {
        appendEval(series, event.metrics)
        run = withEval(run, event.metrics)
        drawn = true
      }
    }
    const result = run
    store.setState((s) => ({ runs: s.runs.map((r) => (r.id === runId ? result : r)), curves: drawn ? { of: seriesOf } : s.curves }))
  }

  /** Takes in a kept run with its curves; it is running in another tab if its id is among `running`. */
  function take({ run, series }: KeptRun, running: ReadonlySet<string>): Run {
    curves.set(run.id, series)
    const taken = found(run, running.has(run.id))
    if (taken.status === 'elsewhere') void living.ended(run.id).then(() => readAgain(run.id))
    return taken
  }

  /** The run has ended in the other tab. */
  async function readAgain(runId: string): Promise<void> {
    try {
      const kept = (await keeping.runs()).runs.find((k) => k.run.id === runId)
      const now = kept && take(kept, await living.running())
      store.setState((s) => ({
        runs: s.runs.flatMap((r) => (r.id !== runId ? [r] : now ? [now] : [])),
        curves: { of: seriesOf },
      }))
    } catch (error) {
      store.setState({ error: messageOf(error) })
    }
  }

  return {
    store,
    seriesOf,
    find,
    update,
    apply,
    save,
    /** Tells other tabs that a run is running here, until the returned function is called. */
    hold: living.hold,
    /** Reads back what is kept. Runs that had not ended are shown as interrupted, unless they are running in another tab. */
    async load(): Promise<void> {
      try {
        // Asked first, so that a run that ends in between is read as it ended.
        const running = await living.running()
        const kept = await keeping.runs()
        const fresh = store.getState().runs
        store.setState({
          runs: [...kept.runs.map((k) => take(k, running)), ...fresh],
          curves: { of: seriesOf },
          loaded: true,
          problems: kept.problems,
        })
        await measureUsage()
      } catch (error) {
        store.setState({ loaded: true, error: messageOf(error) })
      }
    },
    add(run: Run): void {
      store.setState((s) => ({ runs: [...s.runs, run] }))
    },
    /** Keeps the adapter's files and notes their sizes in the run. */
    async keepAdapter(runId: string, files: AdapterFiles): Promise<void> {
      await write(() => keeping.saveAdapter(runId, files))
      update(runId, (run) => ({ ...run, files: files.files.map((f) => ({ path: f.path, bytes: f.bytes.byteLength })) }))
      await save(runId)
    },
    /** The kept adapter; where it cannot be read, undefined, and the sentence stands in the state. */
    async adapter(runId: string): Promise<AdapterFiles | undefined> {
      try {
        return await keeping.adapter(runId)
      } catch (error) {
        store.setState({ error: messageOf(error) })
        return undefined
      }
    },
    toggle(runId: string): void {
      update(runId, (run) => ({ ...run, visible: !run.visible }))
      void save(runId)
    },
    rename(runId: string, name: string): void {
      const clean = name.trim().slice(0, 80)
      if (!clean) return
      update(runId, (run) => ({ ...run, name: clean }))
      void save(runId)
    },
    /** Takes a run away for good; one that is going on stays. */
    async remove(runId: string): Promise<void> {
      const run = find(runId)
      if (!run || !canRemove(run)) return
      store.setState((s) => ({ runs: s.runs.filter((r) => r.id !== runId), curves: { of: seriesOf } }))
      curves.delete(runId)
      await write(() => keeping.remove(runId))
    },
    /** Deletes what is left of a run that cannot be read, with its adapter. It stays in the list until that is done. */
    async removeProblem(runId: string): Promise<void> {
      await write(async () => {
        await keeping.remove(runId)
        store.setState((s) => ({ problems: s.problems.filter((p) => p.runId !== runId) }))
      })
    },
    dismissError(): void {
      store.setState({ error: undefined })
    },
  }
}
export type RunsSlice = ReturnType<typeof createRunsStore>
