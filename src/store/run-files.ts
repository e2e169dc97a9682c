// A run read back from an adapter's folder: run.json and metrics.jsonl, as TabTune writes them beside an adapter, or another trainer's log.
import * as v from 'valibot'
import { FormatError } from '../config/errors'
import { type Phrase, joined, say } from '../config/phrase'
import type { OldEvaluation, RunSummary } from '../config/run-reports'
import type { AdapterFiles, TrainEvent } from '../worker/api'
import { evalMetrics, stepMetrics, summary } from './kept-run'
import { jsonOf, logLines } from './log-lines'
import { type CurveFile, trainerLogs } from './trainer-logs'

interface RunOfFiles {
  summary?: RunSummary
  /** Steps and evaluations, in order. */
  events: TrainEvent[]
  /** Which file or line could not be read. The adapter is complete without it. */
  problem?: Phrase
}

function eventOf(row: unknown): TrainEvent {
  const step = v.safeParse(stepMetrics, row)
  return step.success ? { type: 'step', metrics: step.output } : { type: 'eval', metrics: v.parse(evalMetrics, row) }
}

/** Files with the curves of a run. The first one that is there is read. */
const curves: readonly CurveFile[] = [{ path: 'metrics.jsonl', read: (text, path) => logLines(path, text, eventOf) }, ...trainerLogs]

/** Empty if no file about the run is there. */
export function runOfFiles({ files }: AdapterFiles): RunOfFiles {
  const out: RunOfFiles = { events: [] }
  const problems: Phrase[] = []
  const has = (path: string) => files.some((f) => f.path === path)
  const read = (path: string, take: (text: string) => void): void => {
    const file = files.find((f) => f.path === path)
    if (!file) return
    try {
      take(new TextDecoder().decode(file.bytes))
    } catch (error) {
      problems.push(
        error instanceof FormatError
          ? say`${error.phrase} The adapter is imported without its curves. Correct the line and drop the folder again to have them.`
          : say`${path} is not a record of a run that TabTune can read. The adapter is imported without it.`,
      )
    }
  }
  read('run.json', (text) => (out.summary = v.parse(summary, jsonOf(text))))
  const found = curves.find(({ path }) => has(path))
  if (found)
    read(found.path, (text) => {
      const { rows, notice } = found.read(text, found.path)
      out.events = rows
      if (notice) problems.push(notice)
    })
  return problems.length ? { ...out, problem: joined(problems, ' ') } : out
}

/** The files with what was measured after they were kept: the held-out rows of earlier data, in run.json as the command line writes it. */
export function withOldEval({ files }: AdapterFiles, oldEval: OldEvaluation | undefined): AdapterFiles {
  const added = ({ path, bytes }: AdapterFiles['files'][number]) => {
    if (path !== 'run.json' || !oldEval) return { path, bytes }
    const { runId, status, config, model, data, ...rest } = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>
    const all = { runId, status, config, model, data, oldEval, ...rest }
    return { path, bytes: new TextEncoder().encode(`${JSON.stringify(all, null, 2)}\n`) }
  }
  return { files: files.map(added) }
}
