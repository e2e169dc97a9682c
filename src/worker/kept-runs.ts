// What the engine keeps of runs beside the page's records, in the browser's own file system: snapshots to resume from, the best adapter, a
// log of all metrics, and a copy of the page's record. So a run survives the page, and a lost index can be made again.
import * as v from 'valibot'
import { FormatError, phraseOf } from '../config/errors'
import { type Phrase, joined, say } from '../config/phrase'
import { readCheckedJson, writeCheckedJson } from '../storage/checked-json'
import { type Folder, folderWithin } from '../storage/folder'
import { metricLog } from '../storage/metric-log'
import type { Snapshot } from '../storage/snapshot'
import { snapshotSlots } from '../storage/snapshot-slots'
import type { AdapterKind } from '../storage/run-store'
import { parseAbout } from '../train/snapshot-about'
import type { BesideRun, KnownRecord, RunKeeping, SnapshotReport, TrainEvent } from './api'
import { type RunKeeper, createRunKeeper } from './run-keeper'
import type { RecoveryEvents } from './surviving-run'

/** Snapshots of other runs may take this many bytes. The oldest are removed first. */
const snapshotBudget = 4 * 2 ** 30

const recordName = 'record.json'
/** Written before the record itself, so that one of the two is whole at any time. */
const copyName = 'record.copy.json'
const logName = 'metrics'
const runIdForm = /^[A-Za-z0-9-]{1,40}$/

const keptRecord = v.object({ keptAt: v.number(), record: v.unknown() })
type KeptRecord = v.InferOutput<typeof keptRecord>

/** How a run is kept, and the snapshot that it continues from. */
interface KeptTraining extends RunKeeper {
  snapshot?: Snapshot
}

/** The files of one run. */
class RunFiles {
  readonly snapshots
  readonly best
  readonly log

  constructor(private readonly folder: Folder) {
    this.snapshots = snapshotSlots(folder)
    this.best = snapshotSlots(folderWithin(folder, 'best.'))
    this.log = metricLog(folder, logName)
  }

  /** The newest snapshot that is whole. @throws FormatError if there is none */
  async newest(kind: AdapterKind): Promise<{ snapshot: Snapshot; problems: Phrase[] }> {
    const found = await (kind === 'best' ? this.best : this.snapshots).newest()
    if (found) return found
    throw new FormatError(say`snapshot: expected one of this run in this browser's storage, got none. Start the run again.`)
  }

  async saveRecord(kept: KeptRecord): Promise<void> {
    await writeCheckedJson(this.folder, copyName, kept)
    await writeCheckedJson(this.folder, recordName, kept)
  }

  /** The page's record. Undefined if there is none. @throws FormatError if neither it nor its copy can be read */
  async record(): Promise<KeptRecord | undefined> {
    const read = async (name: string): Promise<KeptRecord | undefined> => {
      const found = await readCheckedJson(this.folder, name)
      return found === undefined ? undefined : v.parse(keptRecord, found)
    }
    try {
      return (await read(recordName)) ?? (await read(copyName))
    } catch (error) {
      const copy = await read(copyName)
      if (copy) return copy
      throw error
    }
  }

  /** Removes what an earlier run by the same id may have left. */
  async start(): Promise<void> {
    await this.forgetSnapshots()
    await this.log.cut(0)
  }

  /** Removes the snapshots and the best adapter, once the run's adapters are kept elsewhere. */
  async forgetSnapshots(): Promise<void> {
    await this.snapshots.clear()
    await this.best.clear()
  }

  async remove(): Promise<void> {
    for (const name of await this.folder.names()) await this.folder.remove(name)
  }
}

export class KeptRuns {
  private readonly opened = new Map<string, RunFiles>()

  constructor(private readonly folders: (...path: readonly string[]) => Promise<Folder>) {}

  async of(runId: string): Promise<RunFiles> {
    if (!runIdForm.test(runId))
      throw new FormatError(say`run: expected an id of letters, digits and '-', got ${JSON.stringify(runId)}. Start the run again.`)
    // The same object for all uses of a run, because its writers take turns within it.
    const run = this.opened.get(runId) ?? new RunFiles(folderWithin(await this.folders('runs'), `${runId}.`))
    this.opened.set(runId, run)
    return run
  }

  /** Ids of the runs that have files here. Other files are left alone. */
  private async ids(): Promise<string[]> {
    const names = await (await this.folders('runs')).names()
    const before = names.flatMap((name) => (name.includes('.') ? [name.slice(0, name.indexOf('.'))] : []))
    return [...new Set(before)].filter((id) => runIdForm.test(id))
  }

  /**
   * Gets ready to keep a run that starts, or that continues from its newest snapshot. Only what resuming needs can fail it: without a place
   * to keep it, a run trains all the same, and says so.
   */
  async keep(
    runId: string,
    { everyMs, resume = false }: RunKeeping = { everyMs: Infinity },
    events: RecoveryEvents,
    tell: (event: TrainEvent) => void,
  ): Promise<KeptTraining> {
    // Another tab may have trained the run meanwhile. What was known of its slots would let an older snapshot count as the newest.
    this.opened.delete(runId)
    if (resume) {
      const run = await this.of(runId)
      const { snapshot, problems } = await run.newest('last')
      if (problems.length) tell({ type: 'problem', problem: joined(problems, ' ') })
      return { snapshot, ...createRunKeeper(run, { everyMs, resumed: true }, events, tell) }
    }
    try {
      const run = await this.of(runId)
      await this.prune(runId)
      await run.start()
      return createRunKeeper(run, { everyMs, resumed: false }, events, tell)
    } catch (error) {
      tell({ type: 'problem', problem: phraseOf(error) })
      return { events, end: async () => undefined }
    }
  }

  /** What can be resumed of these runs. A run without a snapshot is left out. */
  async reports(runIds: readonly string[]): Promise<SnapshotReport[]> {
    const there = new Set(await this.ids())
    const reports: SnapshotReport[] = []
    for (const runId of runIds.filter((id) => there.has(id)))
      try {
        const found = await (await this.of(runId)).snapshots.peek()
        if (found) reports.push({ runId, step: parseAbout(found.about).state.step, sizeBytes: found.sizeBytes })
      } catch (error) {
        reports.push({ runId, problem: phraseOf(error) })
      }
    return reports
  }

  /** Runs that the page does not know, or of which it has an older record: its records were lost. */
  async beside(known: readonly KnownRecord[]): Promise<BesideRun[]> {
    const times = new Map(known.map(({ runId, changedAt = Infinity }) => [runId, changedAt]))
    const found: BesideRun[] = []
    for (const runId of (await this.ids()).filter((id) => times.get(id) !== Infinity))
      try {
        const run = await this.of(runId)
        const record = await run.record()
        if (!record || record.keptAt <= (times.get(runId) ?? -Infinity)) continue
        // Each step has a record, and the snapshot knows how many there were.
        const least = await run.snapshots.peek().then(
          (snapshot) => (snapshot ? parseAbout(snapshot.about).state.step : 0),
          () => 0,
        )
        const { values, problems } = await run.log.read(least)
        found.push({ runId, record: record.record, changedAt: record.keptAt, metrics: values, problems })
      } catch (error) {
        if (!times.has(runId)) found.push({ runId, metrics: [], problems: [phraseOf(error)] })
      }
    return found
  }

  /** Removes the snapshots of the oldest other runs until the rest is within the budget. */
  async prune(current: string, budget = snapshotBudget): Promise<void> {
    const others: { run: RunFiles; keptAt: number; sizeBytes: number }[] = []
    for (const runId of (await this.ids()).filter((id) => id !== current)) {
      const run = await this.of(runId)
      // A run whose files are damaged counts as the oldest.
      const sizeBytes = await run.snapshots.peek().then(
        (found) => found?.sizeBytes ?? 0,
        () => 1,
      )
      const keptAt = await run.record().then(
        (found) => found?.keptAt ?? 0,
        () => 0,
      )
      if (sizeBytes > 0) others.push({ run, keptAt, sizeBytes })
    }
    let total = others.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
    for (const { run, sizeBytes } of others.sort((a, b) => a.keptAt - b.keptAt)) {
      if (total <= budget) return
      await run.forgetSnapshots()
      total -= sizeBytes
    }
  }

  /** Removes the snapshots of a run, or everything. */
  async forget(runId: string, what: 'snapshots' | 'everything'): Promise<void> {
    const run = await this.of(runId)
    if (what === 'snapshots') return run.forgetSnapshots()
    await run.remove()
    this.opened.delete(runId)
  }
}
