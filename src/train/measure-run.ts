// Measures a run before it starts: its time from a few steps, with its own number of rows at once or with several.
import { DeviceError, DeviceLost, ShapeError } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import { type RunMeasure, type SizeMeasure, sizesToMeasure, withRows } from '../config/run-measure'
import type { MicroBatch } from '../data/micro-batch'
import type { Gpu } from '../gpu/gpu'
import type { BatchPlan, BatchSource } from './batches'
import { TimeLeft } from './clock'
import { DeviceRoom } from './device-room'
import { fitRequest } from './fit-run'
import { type Run, endRun, startRun } from './run'
import type { RunRequest } from './run-request'

/** A call is repeated until it has been timed so long or so often. A first call that takes long counts alone. */
const [enoughMs, mostCalls, longMs] = [300, 5, 2000]
/** Sizes that would be measured longer than this are left out. */
const mostMs = 15_000
/** Batches among which a typical one is looked for. */
const lookedAt = 64

async function msOf(call: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await call()
  return performance.now() - started
}

/** Mean milliseconds of a call, without its first one, in which drivers still compile. */
async function meanMs(call: () => Promise<unknown>, signal: AbortSignal | undefined): Promise<number> {
  const first = await msOf(call)
  if (first > longMs) return first
  let [sum, calls] = [0, 0]
  while (calls < mostCalls && sum < enoughMs) {
    signal?.throwIfAborted()
    sum += await msOf(call)
    calls++
  }
  return sum / calls
}

/** The micro-batch, in its pieces, that is about as long as the mean of all. */
async function typical(source: BatchSource, padded: number): Promise<readonly MicroBatch[]> {
  const mean = padded / source.count
  const off = Array.from({ length: Math.min(source.count, lookedAt) }, (_, i) => Math.abs(source.padded(i) - mean))
  return source.get(off.indexOf(Math.min(...off)))
}

const sumOf = (micro: readonly MicroBatch[], of: (micro: MicroBatch) => number): number => micro.reduce((sum, one) => sum + of(one), 0)

/** Times steps, evaluations and updates of a run that is on the GPU. Longer batches are taken to need time by their padded tokens. */
async function timed(
  gpu: Gpu,
  { session, plan: { training } }: Run,
  { train, evaluation, steps, padded }: BatchPlan,
  signal: AbortSignal | undefined,
): Promise<Pick<SizeMeasure, 'stepMs' | 'tokensPerSecond' | 'runMs'>> {
  const micro = await typical(train, padded.train)
  let step = 0
  const stepMs = await meanMs(() => session.step(gpu, micro, 0, ++step), signal)
  // With several micro-batches in a step, the update counts only once.
  const { accumulate } = training
  const microMs = accumulate > 1 ? Math.min(stepMs, await meanMs(() => session.gradients(gpu, micro), signal)) : stepMs
  const updateMs = stepMs - microMs
  const perPadded = microMs / sumOf(micro, ({ ids }) => ids.length)
  const left = new TimeLeft({ steps, accumulate, evalEvery: training.evalEvery, evalBatches: evaluation.count })
  const trainMs = padded.train * perPadded + steps * updateMs
  left.stepsTook(trainMs, steps)
  if (evaluation.count) {
    const held = await typical(evaluation, padded.evaluation)
    const evalMs = await meanMs(() => session.evaluate(gpu, { count: 1, get: () => held }), signal)
    left.evaluationTook((evalMs * padded.evaluation) / held[0].ids.length, evaluation.count)
  }
  return {
    stepMs: trainMs / steps,
    tokensPerSecond: (sumOf(micro, ({ tokens }) => tokens) / (microMs + updateMs / accumulate)) * 1000,
    // One evaluation is before the first step.
    runMs: left.after(0, evaluation.count) ?? 0,
  }
}

/** Measures the run with `rows` in each micro-batch. Returns the reason if it does not fit, or not with all of them at once. */
async function measureSize(
  gpu: Gpu,
  asked: RunRequest,
  rows: number,
  signal?: AbortSignal,
): Promise<SizeMeasure | ShapeError | DeviceError> {
  const own = rows === asked.training.batchSize
  const training = { ...asked.training, ...withRows(asked.training, rows) }
  const planner = { profile: gpu.profile, room: new DeviceRoom(gpu) }
  const { run, batches, memory, request } = await fitRequest(planner, { ...asked, training })
  if (memory.problem) return new ShapeError(memory.problem, memory.problemSettings)
  if (!own && request.fit?.atOnce !== undefined) return new ShapeError(say`${rows} rows do not fit at once.`)
  try {
    await startRun(gpu, run)
  } catch (error) {
    if (error instanceof DeviceLost || !(error instanceof DeviceError)) throw error
    return error
  }
  try {
    const { accumulate } = training
    return { rows, accumulate, bytes: memory.totalBytes, steps: batches.steps, ...(await timed(gpu, run, batches, signal)) }
  } finally {
    await endRun(gpu, run)
  }
}

interface MeasureOptions {
  /** Measures 1, 2, 4, … rows too, until they do not fit or take long; else only the run's own number. */
  sizes?: boolean
  signal?: AbortSignal
  /** Called before and after each size. */
  onUpdate?(measure: RunMeasure): void
}

/** Why the next size is not measured: it would take too long. */
function tooLong({ rows, accumulate, stepMs }: SizeMeasure, next: number): Phrase | undefined {
  const ms = (stepMs / accumulate) * (next / rows)
  return ms * 2 > mostMs
    ? say`A micro-batch of ${next} rows would take about ${(ms / 1000).toFixed(0)} seconds, so no more rows were measured.`
    : undefined
}

/**
 * Measures a run with its own number of rows at once, or with several. Its weights do not change. @throws ShapeError, DeviceError if the
 * run does not fit with its own number of rows (of `sizes`: with one row); DeviceLost; the signal's reason
 */
export async function measureRun(gpu: Gpu, request: RunRequest, options: MeasureOptions = {}): Promise<RunMeasure> {
  const { sizes: several, signal, onUpdate } = options
  const { training, rows } = request
  const sizes: SizeMeasure[] = []
  for (const count of several ? sizesToMeasure(training, rows.train.length) : [training.batchSize]) {
    signal?.throwIfAborted()
    const last = sizes.at(-1)
    const end = last && tooLong(last, count)
    if (end) return { sizes, end }
    onUpdate?.({ sizes: [...sizes], now: count })
    const found = await measureSize(gpu, request, count, signal)
    if (found instanceof Error) {
      if (!last) throw found
      return { sizes, end: found.phrase }
    }
    sizes.push(found)
    onUpdate?.({ sizes: [...sizes] })
  }
  return { sizes }
}
