// What the fake engine keeps of runs, as the files in the browser would: it outlasts a page whose engine is closed.
import { asWritten } from '../config/phrase'
import type { BesideRun, EngineApi, Result } from '../worker/api'
import type { FakeSnapshot } from './fake-run'

export class FakeKept {
  readonly snapshots = new Map<string, FakeSnapshot>()
  readonly records = new Map<string, { record: unknown; changedAt: number }>()
  /** No snapshot can be stored now. */
  full = false

  get api(): Pick<EngineApi, 'keepRecord' | 'snapshots' | 'besideRuns' | 'forgetKept'> {
    const ok = <T>(value: T): Promise<Result<T>> => Promise.resolve({ ok: true, value })
    return {
      keepRecord: (runId, record, changedAt) => {
        this.records.set(runId, { record: structuredClone(record), changedAt })
        return ok(undefined)
      },
      snapshots: (runIds) =>
        ok(
          runIds.flatMap((runId) => {
            const found = this.snapshots.get(runId)
            return found ? [{ runId, step: found.done.length, sizeBytes: 1000 }] : []
          }),
        ),
      besideRuns: (known) =>
        ok(
          [...this.records].flatMap(([runId, { record, changedAt }]): BesideRun[] => {
            const { done = [], evals = [] } = this.snapshots.get(runId) ?? {}
            const there = known.find((one) => one.runId === runId)
            return there && (there.changedAt ?? Infinity) >= changedAt
              ? []
              : [{ runId, record, changedAt, metrics: [...done, ...evals], problems: [] }]
          }),
        ),
      forgetKept: (runId, what) => {
        this.snapshots.delete(runId)
        if (what === 'everything') this.records.delete(runId)
        return ok(undefined)
      },
    }
  }

  /** What is kept now, as a page would find it that is opened later. */
  copy(): FakeKept {
    const now = new FakeKept()
    for (const [id, snapshot] of this.snapshots) now.snapshots.set(id, snapshot)
    for (const [id, record] of this.records) now.records.set(id, record)
    return now
  }

  /** The snapshot of a run. */
  need(runId: string): Result<FakeSnapshot> {
    const found = this.snapshots.get(runId)
    return found
      ? { ok: true, value: found }
      : { ok: false, error: { kind: 'FormatError', phrase: asWritten('snapshot: expected one, got none.') } }
  }
}
