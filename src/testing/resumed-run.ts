// Compares an undisturbed run with one that stops halfway and is resumed from its stored snapshot: every loss and every byte.
import { join } from 'node:path'
import { root } from '../cli/node/cache.mjs'
import { sourcesAt } from '../cli/files'
import { defaultDataOptions } from '../config/data-options'
import { defaults } from '../config/field'
import { type TrainingSettings, defaultTraining } from '../config/run-config'
import type { StepFigures } from '../config/figures'
import type { StepMetrics } from '../config/run-reports'
import { fileSource } from '../data/data-source'
import { openData } from '../data/open-data'
import { type Rows, rowsAt, usableRows } from '../data/run-rows'
import { openModel } from '../formats/open-model'
import type { Gpu } from '../gpu/gpu'
import { randomModel } from '../models/random-model'
import { type LoadedModel, loadModel } from '../peft/loaded-model'
import { tokensOf, withNewTokens } from '../peft/new-tokens'
import type { Snapshot } from '../storage/snapshot'
import { snapshotSlots } from '../storage/snapshot-slots'
import { noTokenizer } from '../tokenizer/no-tokenizer'
import { type Conducted, conduct } from '../train/conduct'
import { Control } from '../train/control'
import type { RunRequest } from '../train/run-request'
import { memoryFolder } from './memory-folder'
import type { ResumeCase } from './resume-cases'

const vocab = 64
const maxLength = 32

/** Two layers with biases and grouped heads, so that all methods work. A context for prompts that are large enough for 8-bit states. */
export function randomBase(gpu: Gpu): Promise<LoadedModel> {
  const shape = { family: 'qwen2', layers: 2, hidden: 64, intermediate: 64, heads: 2, kvHeads: 1, vocab, context: 128 }
  return loadModel(gpu, randomModel('resumed', shape), 'native')
}

/** The demo's model, which has a tokenizer. */
export async function demoBase(gpu: Gpu): Promise<LoadedModel> {
  return loadModel(gpu, await openModel(await sourcesAt(join(root, 'public/demo'))), 'native')
}

/** Rows of several lengths. With a tokenizer they are text with new tokens. */
function linesFor(text: boolean): object[] {
  return Array.from({ length: 40 }, (_, i) =>
    text
      ? { prompt: `Say ${i}.`, completion: '<hero> and <town> '.repeat(1 + (i % 4)) }
      : { input_ids: Array.from({ length: 6 + ((i * 7) % 26) }, (_, t) => (i * 37 + t * (5 + (i % 3)) + 1) % vocab) },
  )
}

/** A tenth of the rows is held out. */
export async function rowsFor({ tokenizer }: LoadedModel, training: TrainingSettings): Promise<Rows> {
  const text = linesFor(tokenizer !== undefined)
    .map((line) => JSON.stringify(line))
    .join('\n')
  const data = fileSource(new File([text], 'rows.jsonl'))
  const options = { ...defaultDataOptions, holdOut: 0.1, seed: training.seed }
  return usableRows(
    rowsAt(await openData({ data }, { tokenizer: tokenizer ?? noTokenizer(vocab), keep: 128 }, options), training.maxLength),
  )
}

/** The snapshot as storage gives it back. */
export async function stored(snapshot: Snapshot): Promise<Snapshot> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>()
  await snapshotSlots(memoryFolder(files)).save(snapshot)
  return (await snapshotSlots(memoryFolder(files)).newest())!.snapshot
}

interface Taken extends Conducted {
  /** The last snapshot. */
  snapshot: Snapshot
}

/** Trains until `until` steps are done, or all. */
async function conducted(gpu: Gpu, request: RunRequest, until = Infinity, resume?: Snapshot): Promise<Taken> {
  const control = new Control()
  const ignore = () => undefined
  let snapshot: Snapshot | undefined
  const events = {
    onProgress: ignore,
    onEval: ignore,
    onPaused: ignore,
    onStep({ step }: StepMetrics) {
      // Another step is under way when the result of this one arrives.
      if (step !== until - 1) return
      control.stop()
      control.skip()
    },
  }
  const take = async (taken: Snapshot) => void (snapshot = await stored(taken))
  const onProblem = (problem: unknown) => {
    throw new Error(`the snapshot could not be kept: ${JSON.stringify(problem)}`)
  }
  const done = await conduct(gpu, request, control, events, { resume, save: { take, onProblem } })
  if (done.outcome.status === 'failed') throw done.outcome.failure!
  if (!snapshot) throw new Error(`expected a snapshot after ${done.outcome.steps} steps, got none.`)
  return { ...done, snapshot }
}

const sameBytes = (a: Uint8Array, b: Uint8Array) => a.length === b.length && Buffer.compare(a, b) === 0

/** The numbers that do not depend on how fast the machine is. */
const timeless = (metrics: StepMetrics | StepFigures) => ({
  ...metrics,
  tokensPerSecond: 0,
  picturesPerSecond: 0,
  elapsedMs: 0,
  hostBytes: 0,
})

/** What differs between two runs. */
async function differences(whole: Taken, again: Taken): Promise<string[]> {
  const found: string[] = []
  const compare = (what: string, a: unknown, b: unknown) => {
    const [left, right] = [JSON.stringify(a), JSON.stringify(b)]
    if (left !== right) found.push(`${what}: ${left.slice(0, 200)} is not ${right.slice(0, 200)}`)
  }
  compare('number of steps', again.steps.length, whole.steps.length)
  whole.steps.forEach((metrics, i) => compare(`step ${i + 1}`, timeless(metrics), again.steps[i] && timeless(again.steps[i])))
  compare('outcome', timeless(whole.outcome.figures), timeless(again.outcome.figures))
  compare('evaluations', whole.evals, again.evals)
  compare('parts', whole.snapshot.parts, again.snapshot.parts)
  for (const { name, sizeBytes } of whole.snapshot.parts) {
    if (name === 'steps' || name === 'evals') continue
    if (!sameBytes(await whole.snapshot.read(name, 0, sizeBytes), await again.snapshot.read(name, 0, sizeBytes)))
      found.push(`${name} differs`)
  }
  compare('tensors of the adapter', [...whole.adapter.tensors.keys()], [...again.adapter.tensors.keys()])
  for (const [name, { values }] of whole.adapter.tensors)
    if (!sameBytes(new Uint8Array(values.buffer), new Uint8Array(again.adapter.tensors.get(name)!.values.slice().buffer)))
      found.push(`${name} of the adapter differs`)
  return found
}

/** A run of `steps` steps with evaluations, on several pages of optimizer states where they are paged. */
export async function resumeRequest(
  base: LoadedModel,
  { method, settings: more, training: changed }: Omit<ResumeCase, 'name'>,
  steps = 20,
): Promise<RunRequest> {
  const training = defaultTraining({
    ...method.training,
    steps,
    batchSize: 2,
    maxLength,
    evalEvery: 7,
    warmup: 3,
    learningRate: Math.max(method.training.learningRate ?? 1e-3, 1e-4),
    seed: 3,
    ...changed,
  })
  const settings = { ...defaults(method.fields), ...more }
  const model = withNewTokens(base, tokensOf({ method, settings }))
  // Several pages, although the model is tiny.
  return { model, method, settings, training, rows: await rowsFor(model, training), pageValues: 2048 }
}

/** What differs between `steps` steps at once, and `half` of them, a snapshot and the rest. */
export async function resumeDifferences(
  gpu: Gpu,
  base: LoadedModel,
  change: Omit<ResumeCase, 'name'>,
  { steps = 20, half = 10 } = {},
): Promise<string[]> {
  return requestDifferences(gpu, await resumeRequest(base, change, steps), half)
}

/** The same for any run with a multiple of `half` steps. */
export async function requestDifferences(gpu: Gpu, request: RunRequest, half: number): Promise<string[]> {
  const whole = await conducted(gpu, request)
  const { snapshot, outcome } = await conducted(gpu, request, half)
  // Before an evaluation no other step is under way, so the run stops a step earlier.
  if (outcome.steps !== half && outcome.steps !== half - 1)
    throw new Error(`expected a stop after ${half} steps, got one after ${outcome.steps}.`)
  return differences(whole, await conducted(gpu, request, undefined, snapshot))
}
