// Curves that other trainers write: the state of transformers' Trainer (LLaMA-Factory, axolotl) and LLaMA-Factory's own log.
import * as v from 'valibot'
import type { EvalMetrics, StepMetrics, TrainEvent } from '../worker/api'
import { type LogLines, jsonOf, logLines } from './log-lines'

/** NaN too. */
const number = v.custom<number>((input) => typeof input === 'number')
const maybe = v.optional(number)
/** An entry of `log_history`: a step, an evaluation, or at the end the whole run. */
const stateEntry = v.object({
  step: v.number(),
  loss: maybe,
  learning_rate: maybe,
  grad_norm: maybe,
  eval_loss: maybe,
  train_runtime: maybe,
})
const state = v.object({ max_steps: v.number(), log_history: v.array(stateEntry) })
const logLine = v.object({
  current_steps: v.number(),
  total_steps: v.number(),
  loss: maybe,
  lr: maybe,
  eval_loss: maybe,
  elapsed_time: v.optional(v.string()),
})

const nonFinite = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g

/** Python's json writes NaN and Infinity, which JSON does not have. They are read as NaN, as is null. */
function parsed(text: string): unknown {
  const json = text.replace(nonFinite, (found) => (found.startsWith('"') ? found : 'null'))
  return jsonOf(json)
}

/** Milliseconds in Python's `str(timedelta)`: `1 day, 2:03:04`. */
function elapsedMsIn(text: string | undefined): number {
  const found = /^(?:(\d+) days?, )?(\d+):(\d\d):(\d\d)$/.exec(text ?? '')
  if (!found) return NaN
  const [days = 0, hours, minutes, seconds] = found.slice(1).map((part?: string) => Number(part ?? 0))
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000
}

interface Entry {
  step: number
  steps: number
  loss?: number
  learningRate?: number
  gradNorm?: number
  evalLoss?: number
  elapsedMs: number
}

/** These trainers do not count the tokens that are trained on. */
function stepOf({ step, steps, loss = NaN, learningRate, gradNorm, elapsedMs }: Entry): StepMetrics {
  return { step, steps, loss, learningRate, gradNorm, tokens: NaN, totalTokens: NaN, elapsedMs }
}

/** In order of steps. A run that was resumed has logged some steps again, and the later entry is the one that counts. */
function eventsOf(entries: readonly Entry[]): TrainEvent[] {
  const steps = new Map<number, StepMetrics>()
  const evals = new Map<number, EvalMetrics>()
  for (const entry of entries) {
    const { step, loss, evalLoss } = entry
    if (loss !== undefined) steps.set(step, stepOf(entry))
    if (evalLoss !== undefined) evals.set(step, { step, evalLoss, evalPerplexity: Math.exp(evalLoss) })
  }
  const at = ({ metrics }: { metrics: { step: number } }) => metrics.step
  return [
    ...[...steps.values()].map((metrics) => ({ type: 'step' as const, metrics })),
    ...[...evals.values()].map((metrics) => ({ type: 'eval' as const, metrics })),
  ].sort((a, b) => at(a) - at(b) || Number(a.type === 'eval') - Number(b.type === 'eval'))
}

function eventsOfState(text: string): TrainEvent[] {
  const { max_steps: steps, log_history: history } = v.parse(state, parsed(text))
  // Only the whole run has a time: it is that of the last step.
  const last = Math.max(...history.filter(({ loss }) => loss !== undefined).map(({ step }) => step))
  const wholeMs = 1000 * (history.findLast(({ train_runtime: seconds }) => seconds !== undefined)?.train_runtime ?? NaN)
  return eventsOf(
    history.map(({ step, loss, learning_rate: learningRate, grad_norm: gradNorm, eval_loss: evalLoss }) => ({
      step,
      steps,
      loss,
      learningRate,
      gradNorm,
      evalLoss,
      elapsedMs: step === last ? wholeMs : NaN,
    })),
  )
}

function entryOf(row: unknown): Entry {
  const { current_steps: step, total_steps: steps, lr, eval_loss: evalLoss, loss, elapsed_time: time } = v.parse(logLine, row)
  return { step, steps, loss, learningRate: lr, evalLoss, elapsedMs: elapsedMsIn(time) }
}

function eventsOfLog(text: string, path: string): LogLines<TrainEvent> {
  const { rows, notice } = logLines(path, text, entryOf, parsed)
  return { rows: eventsOf(rows), notice }
}

/** A file with the curves of a run. `read` throws if it is not what its name says: a FormatError where a line is to be named. */
export interface CurveFile {
  path: string
  read(text: string, path: string): LogLines<TrainEvent>
}

/** The one that says most first. */
export const trainerLogs: readonly CurveFile[] = [
  { path: 'trainer_state.json', read: (text) => ({ rows: eventsOfState(text) }) },
  { path: 'trainer_log.jsonl', read: eventsOfLog },
]
