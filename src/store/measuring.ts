// Measures the base and adapters: the loss on the evaluation rows, and the share of exact answers.
import type { RowAnswers } from '../config/answered-rows'
import type { Phrase } from '../config/phrase'
import type { TrainingSettings } from '../config/run-config'
import type { DataOptions, EngineApi, PickedFile, Progress, Result } from '../worker/api'
import type { AnswersState } from './answers-state'
import { baseColumn } from './play-state'
import type { ExactMatch, Run } from './run'
import type { RunsSlice } from './runs-store'
import { toldOf } from './tasks'

const isExact = ({ expected, answers }: RowAnswers, k: number): boolean => answers[k].text.trim() === expected

type OnProgress = (p: Progress) => void

interface OldRows {
  file: PickedFile
  options: DataOptions
  training: TrainingSettings
  when: 'before' | 'after'
}

export function createMeasuring(engine: EngineApi, runs: RunsSlice) {
  function note(runId: string, change: Partial<Run>): void {
    runs.update(runId, (run) => ({ ...run, ...change }))
    void runs.save(runId)
  }

  function noteExactMatch(runId: string, found: NonNullable<Run['exactMatch']>): void {
    note(runId, { exactMatch: { ...runs.find(runId)?.exactMatch, ...found } })
  }

  /** A number of the rows that a run of this maximum length holds out, answered by base or adapter. */
  async function answered(runId: string | undefined, rows: number, maxLength: number, onProgress: OnProgress): Promise<Result<ExactMatch>> {
    const result = await engine.exactMatch(runId, rows, maxLength, onProgress)
    return result.ok ? { ok: true, value: { matched: result.value.matched, rows: result.value.rows } } : result
  }

  return {
    note,
    noteExactMatch,
    exactMatch: answered,
    /** Notes the share of exact answers in the runs that gave them, with the base's share if it was asked too. */
    noteAnswers({ rows, columns }: Pick<AnswersState, 'rows' | 'columns'>): void {
      const shares = columns.map((_, k): ExactMatch => ({ matched: rows.filter((row) => isExact(row, k)).length, rows: rows.length }))
      const before = shares[columns.findIndex(({ id }) => id === baseColumn)]
      for (const [k, { id }] of columns.entries())
        if (id !== baseColumn && runs.find(id)) noteExactMatch(id, { after: shares[k], ...(before && { before }) })
    },
    /** Measures an adapter, or the base, on the held-out rows of earlier data, and notes it in the run. Returns the reason if it fails. */
    async old(
      runId: string,
      measured: string | undefined,
      { file, options, training, when }: OldRows,
      onProgress: OnProgress,
    ): Promise<Phrase | undefined> {
      const found = await engine.evaluateFile(measured, file, { ...options, read: undefined }, training, onProgress)
      if (!found.ok) return toldOf(found.error)
      const { evaluation, rows } = found.value
      note(runId, { oldEval: { ...runs.find(runId)?.oldEval, name: file.file.name, rows, [when]: evaluation } })
      return undefined
    },
  }
}
export type Measuring = ReturnType<typeof createMeasuring>
