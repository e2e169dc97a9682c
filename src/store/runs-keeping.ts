// Runs and adapters in storage: writes them one after another, reads them when the page opens, and reads runs of other tabs again when they end.
import type { StoreApi } from 'zustand/vanilla'
import { FormatError, phraseOf } from '../config/errors'
import { joined } from '../config/phrase'
import type { AdapterKind } from '../storage/run-store'
import type { AdapterFiles } from '../worker/api'
import type { Keeping } from './keeping'
import type { Living } from './living'
import { type KeptRun, type Noted, type Run, canRemove, canResume, found, isOver, sizesOf } from './run'
import type { RunCurves } from './run-curves'
import type { RunsState } from './runs-state'
import { snapshot } from './series'
import type { TabChannel } from './tab-channel'

interface Parts {
  store: StoreApi<RunsState>
  curves: RunCurves
  keeping: Keeping
  living: Living
  channel: TabChannel
}

/** The adapters of a run that has ended: that of its last step, and that of its best evaluation if it is another. */
interface RunAdapters {
  last: AdapterFiles
  best?: { step: number; adapter: AdapterFiles }
}

/** Writes one after another, so that a later small write cannot overtake. Errors are noted in the state. */
function createWriting(store: StoreApi<RunsState>, keeping: Keeping) {
  let writing: Promise<void> = Promise.resolve()

  async function measureUsage(): Promise<void> {
    store.setState({ usage: await keeping.usage() })
  }

  function write(action: () => Promise<void>): Promise<void> {
    writing = writing
      .then(action)
      .then(measureUsage)
      .catch((error: unknown) => store.setState({ error: phraseOf(error) }))
    return writing
  }

  return { measureUsage, write }
}

type Writing = ReturnType<typeof createWriting>

/** Resolves when the run has ended in the other tab and was read again. */
function whenBack(store: StoreApi<RunsState>, runId: string): Promise<void> {
  const elsewhere = (runs: readonly Run[]): boolean => runs.some((r) => r.id === runId && r.status === 'elsewhere')
  return new Promise((resolve) => {
    if (!elsewhere(store.getState().runs)) return resolve()
    const end = store.subscribe(({ runs }) => {
      if (elsewhere(runs)) return
      end()
      resolve()
    })
  })
}

/** Reading back; a run of another tab is read again when it has ended there. */
function createReading({ store, curves, keeping, living }: Parts, measureUsage: () => Promise<void>) {
  /** Takes a saved run with its curves. It is running in another tab if its id is in `running`. */
  function take({ run, series }: KeptRun, running: ReadonlySet<string>): Run {
    curves.set(run.id, series)
    const taken = found(run, running.has(run.id))
    if (taken.status === 'elsewhere') void living.ended(run.id).then(() => readAgain(run.id))
    return taken
  }

  /** The run has ended in the other tab. */
  async function readAgain(runId: string): Promise<void> {
    try {
      const running = await living.running()
      const kept = (await keeping.runs()).runs.find((k) => k.run.id === runId)
      // Meanwhile, this tab may have resumed it.
      if (store.getState().runs.find((r) => r.id === runId)?.status !== 'elsewhere') return
      const now = kept && take(kept, running)
      store.setState((s) => ({
        runs: s.runs.flatMap((r) => (r.id !== runId ? [r] : now ? [now] : [])),
        curves: curves.changed(),
      }))
    } catch (error) {
      store.setState({ error: phraseOf(error) })
    }
  }

  return {
    /** Reads the record of a run again if another tab has ended the run meanwhile, so that it can no longer be resumed. */
    async refresh(runId: string): Promise<void> {
      try {
        const kept = (await keeping.runs()).runs.find((k) => k.run.id === runId)
        const known = store.getState().runs.find((r) => r.id === runId)
        if (!kept || !known || canResume({ ...found(kept.run, false), snapshot: kept.run.snapshot ?? known.snapshot })) return
        const now = take(kept, new Set())
        store.setState((s) => ({ runs: s.runs.map((r) => (r.id === runId ? now : r)), curves: curves.changed() }))
      } catch (error) {
        store.setState({ error: phraseOf(error) })
      }
    },
    back: (runId: string): Promise<void> => whenBack(store, runId),
    /** Shows a run that another tab trains as it is there. */
    mirror(kept: KeptRun): void {
      const { id } = kept.run
      const before = store.getState().runs
      const known = before.find((r) => r.id === id)
      if (known?.status === 'elsewhere') curves.set(id, kept.series)
      const now = known?.status === 'elsewhere' ? found(kept.run, true) : take(kept, new Set([id]))
      store.setState({ runs: known ? before.map((r) => (r.id === id ? now : r)) : [...before, now], curves: curves.changed() })
    },
    /** Reads the saved runs. Runs that had not ended are shown as interrupted, unless they are running in another tab. */
    async load(): Promise<void> {
      try {
        // This is asked first, so that a run that ends in between is read after its end.
        const running = await living.running()
        const kept = await keeping.runs()
        // New here, or told by another tab meanwhile.
        const fresh = store.getState().runs
        const others = kept.runs.filter((k) => !fresh.some((r) => r.id === k.run.id))
        store.setState({
          runs: [...others.map((k) => take(k, running)), ...fresh],
          curves: curves.changed(),
          loaded: true,
          problems: kept.problems,
          foundBeside: kept.foundBeside ?? 0,
          ...(kept.unreadable?.length && { error: joined(kept.unreadable, ' ') }),
        })
        await measureUsage()
      } catch (error) {
        store.setState({ loaded: true, error: phraseOf(error) })
      }
    },
  }
}

/** Keeps the run as `ended` makes it, with its adapters. If there is no room for both, the last one is kept. Returns what could not be kept. */
async function keepAdapters(
  { keeping, curves }: Parts,
  run: Run,
  { last, best }: RunAdapters,
  ended: (run: Run) => Run,
): Promise<Partial<Run>> {
  const series = snapshot(curves.of(run.id))
  const both = { files: sizesOf(last), best: best && { step: best.step, files: sizesOf(best.adapter) }, unkept: undefined }
  try {
    await keeping.saveRun({ run: ended({ ...run, ...both }), series }, { last, best: best?.adapter })
    return both
  } catch (error) {
    // There may be room for the last one alone.
    const alone = ended({ ...run, ...both, best: undefined })
    if (best) await keeping.saveRun({ run: alone, series }, { last }).catch(() => undefined)
    return { ...both, unkept: phraseOf(error) }
  }
}

function createAdapterReading({ store, keeping }: Pick<Parts, 'store' | 'keeping'>) {
  return {
    /** The saved adapter. If it cannot be read, the result is undefined and the reason is noted in the state. */
    async adapter(runId: string, kind?: AdapterKind): Promise<AdapterFiles | undefined> {
      try {
        const { files, problems } = await keeping.adapter(runId, kind)
        if (problems.length) throw new FormatError(joined(problems, ' '))
        return { files }
      } catch (error) {
        store.setState({ error: phraseOf(error) })
        return undefined
      }
    },
    /** The files of a saved adapter that are intact, for downloading; what is wrong with the others is noted in the state. */
    async intactFiles(runId: string, kind?: AdapterKind): Promise<AdapterFiles | undefined> {
      try {
        const { files, problems } = await keeping.adapter(runId, kind)
        if (problems.length) store.setState({ error: joined(problems, ' ') })
        return { files }
      } catch (error) {
        store.setState({ error: phraseOf(error) })
        return undefined
      }
    },
  }
}

/** Deleting. `drop` takes a run out of the list. */
function createRemoving({ store, curves, keeping, channel }: Parts, write: Writing['write'], drop: (runId: string) => void) {
  return {
    /** Deletes a run, unless it is running. A run that cannot be deleted is in the list again, and the state says why. */
    async remove(runId: string): Promise<void> {
      const run = store.getState().runs.find((r) => r.id === runId)
      if (!run || !canRemove(run)) return
      const series = curves.of(runId)
      drop(runId)
      await write(async () => {
        try {
          await keeping.remove(runId)
          channel.send({ type: 'removed', runId })
        } catch (error) {
          curves.set(runId, series)
          store.setState((s) => ({
            runs: [...s.runs, found(run, false)].sort((a, b) => a.createdAt - b.createdAt),
            curves: curves.changed(),
          }))
          throw error
        }
      })
    },
    /** Deletes what is left of a run that cannot be read, with its adapter. It stays in the list until that is done. */
    async removeProblem(runId: string): Promise<void> {
      await write(async () => {
        await keeping.remove(runId)
        store.setState((s) => ({ problems: s.problems.filter((p) => p.runId !== runId) }))
      })
    },
  }
}

/** Keeps a run that comes out of an archive, with its adapters, and shows it. @throws FormatError if it cannot be kept */
function createTakingIn({ store, curves, keeping, channel }: Parts, measureUsage: () => Promise<void>) {
  return async (kept: KeptRun, adapters: Partial<Record<AdapterKind, AdapterFiles>>): Promise<void> => {
    await keeping.saveRun(kept, adapters)
    curves.set(kept.run.id, kept.series)
    const run = found(kept.run, false)
    store.setState((s) => ({ runs: [...s.runs, run].sort((a, b) => a.createdAt - b.createdAt), curves: curves.changed() }))
    channel.send({ type: 'changed', run })
    await measureUsage()
  }
}

/** Takes in what other tabs say of runs that have ended. */
function createHearing({ store, curves, keeping }: Parts, write: Writing['write'], update: (runId: string, change: Partial<Run>) => void) {
  let unknown = new Set<string>()
  const find = (runId: string): Run | undefined => store.getState().runs.find(({ id }) => id === runId)

  /** Reads runs that another tab has kept. */
  async function readUnknown(): Promise<void> {
    const ids = unknown
    unknown = new Set()
    const fresh = (await keeping.runs()).runs.filter(({ run }) => ids.has(run.id) && isOver(run) && !find(run.id))
    for (const { run, series } of fresh) curves.set(run.id, series)
    const runs = fresh.map(({ run }) => found(run, false))
    store.setState((s) => ({ runs: [...s.runs, ...runs].sort((a, b) => a.createdAt - b.createdAt), curves: curves.changed() }))
  }

  return {
    /** Another tab has changed the record of a run that has ended, or has a new one: imported, or out of an archive. */
    changed(run: Run): void {
      const own = find(run.id)
      if (own && isOver(own) && isOver(run)) update(run.id, { ...run, snapshot: run.snapshot ?? own.snapshot })
      if (own || unknown.has(run.id)) return
      unknown.add(run.id)
      // After what is being written, so that a run that is being deleted here does not come back. Many that come at once are read together.
      if (unknown.size === 1) void write(readUnknown)
    },
    /** Another tab has changed what a person notes about a run that has ended. */
    looks(runId: string, change: Partial<Noted>): void {
      const own = find(runId)
      if (own && isOver(own)) update(runId, change)
    },
  }
}

export function createRunsKeeping(parts: Parts) {
  const { store, curves, keeping, channel } = parts
  const { measureUsage, write } = createWriting(store, keeping)
  const find = (runId: string): Run | undefined => store.getState().runs.find((r) => r.id === runId)

  const update = (runId: string, change: Partial<Run>): void =>
    store.setState((s) => ({ runs: s.runs.map((r) => (r.id === runId ? { ...r, ...change } : r)) }))
  let asked = false

  /** Other tabs show a run that has ended as it is kept now. */
  function tellChanged(runId: string): void {
    const run = find(runId)
    if (run && isOver(run)) channel.send({ type: 'changed', run })
  }

  /** Takes a run out of the list. */
  function drop(runId: string): void {
    store.setState((s) => ({ runs: s.runs.filter((r) => r.id !== runId), curves: curves.changed() }))
    curves.delete(runId)
  }

  function save(runId: string): Promise<void> {
    return write(async () => {
      const run = find(runId)
      if (!run || run.status === 'elsewhere') return
      await keeping.saveRun({ run, series: snapshot(curves.of(runId)) })
      tellChanged(runId)
      if (!asked) void keeping.persist()
      asked = true
    })
  }

  return {
    ...createReading(parts, measureUsage),
    ...createHearing(parts, write, update),
    ...createAdapterReading(parts),
    /** Asks the browser again how much is used. */
    measureUsage,
    save,
    takeIn: createTakingIn(parts, measureUsage),
    /** Changes a run, and keeps the change. If the run has ended, what another tab has changed in it stays. */
    async change(runId: string, change: Partial<Noted>): Promise<void> {
      update(runId, change)
      const run = find(runId)
      if (!run || !isOver(run)) return save(runId)
      await write(async () => {
        const kept = await keeping.changeRun(runId, change)
        if (kept) channel.send({ type: 'look', runId, ...change })
      })
    },
    drop,
    /** A run with its curves, as it would be kept now. */
    keptOf(runId: string): KeptRun | undefined {
      const run = find(runId)
      return run && { run, series: snapshot(curves.of(runId)) }
    },
    /**
     * Keeps a run as `ended` makes it, with its adapters, in one transaction. If that fails, the run says why, and the engine still holds
     * the adapters.
     */
    async keepAdapter(runId: string, adapters: RunAdapters, ended: (run: Run) => Run = (run) => run): Promise<void> {
      await write(async () => {
        const run = find(runId)
        if (run) update(runId, await keepAdapters(parts, run, adapters, ended))
        tellChanged(runId)
      })
    },
    ...createRemoving(parts, write, drop),
  }
}
