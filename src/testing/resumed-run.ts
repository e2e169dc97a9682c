// Compares a run of 20 steps with one that stops after 10 steps and is resumed from a copy of its snapshot: every loss and every byte.
import { defaultDataOptions } from '../config/data-options'
import { type Settings, defaults } from '../config/field'
import { type TrainingSettings, defaultTraining } from '../config/run-config'
import type { StepMetrics } from '../config/run-reports'
import { fileSource } from '../data/data-source'
import { openData } from '../data/open-data'
import { type Rows, rowsAt, usableRows } from '../data/run-rows'
import type { Gpu } from '../gpu/gpu'
import { type RandomShape, randomModel } from '../models/random-model'
import { type LoadedModel, loadModel } from '../peft/loaded-model'
import type { Method } from '../peft/method'
import type { Snapshot } from '../storage/snapshot'
import { noTokenizer } from '../tokenizer/no-tokenizer'
import { type Conducted, conduct } from '../train/conduct'
import type { RunRequest } from '../train/run-request'
import { Control } from '../train/control'
import { readBytes } from '../train/run-snapshot'

const steps = 20
const half = 10
const vocab = 64
const maxLength = 32

/** Two layers with biases and grouped heads, so that all methods work. A context for prompts that are large enough for 8-bit states. */
export async function resumeModel(gpu: Gpu, shape: Partial<RandomShape> = {}): Promise<LoadedModel> {
  const file = randomModel('resumed', {
    family: 'qwen2',
    layers: 2,
    hidden: 64,
    intermediate: 64,
    heads: 2,
    kvHeads: 1,
    vocab,
    context: 128,
    ...shape,
  })
  return loadModel(gpu, file, 'native')
}

/** Rows of ids with several lengths; four of them are held out. */
async function rowsFor(training: TrainingSettings): Promise<Rows> {
  const rows = Array.from({ length: 40 }, (_, i) => {
    const input_ids = Array.from({ length: 6 + ((i * 7) % 26) }, (_, t) => (i * 37 + t * (5 + (i % 3)) + 1) % vocab)
    return JSON.stringify({ input_ids })
  })
  const data = fileSource(new File([rows.join('\n')], 'rows.jsonl'))
  const options = { ...defaultDataOptions, holdOut: 0.1, seed: training.seed }
  return usableRows(rowsAt(await openData({ data }, { tokenizer: noTokenizer(vocab), keep: 128 }, options), training.maxLength))
}

/** The snapshot as storage would give it back: what it says as JSON, and copies of its bytes. */
async function stored(snapshot: Snapshot): Promise<Snapshot> {
  const about: unknown = JSON.parse(JSON.stringify(snapshot.about))
  const bytes = new Map<string, Uint8Array<ArrayBuffer>>()
  for (const { name, sizeBytes } of snapshot.parts) bytes.set(name, await readBytes(snapshot, name, 0, sizeBytes))
  return { about, parts: snapshot.parts, read: async (name, at, sizeBytes) => bytes.get(name)!.slice(at, at + sizeBytes) }
}

interface Taken extends Conducted {
  /** The last snapshot. */
  snapshot: Snapshot
}

async function conducted(gpu: Gpu, request: RunRequest, until: number, resume?: Snapshot): Promise<Taken> {
  const control = new Control()
  const ignore = () => undefined
  let snapshot: Snapshot | undefined
  const events = {
    onProgress: ignore,
    onEval: ignore,
    onPaused: ignore,
    // Another step is under way when the result of this one arrives.
    onStep: ({ step }: StepMetrics) => step === until - 1 && until < steps && control.stop(),
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
const timeless = (metrics: StepMetrics) => ({ ...metrics, tokensPerSecond: 0, elapsedMs: 0 })

/** What differs between two runs. */
async function differences(whole: Taken, again: Taken): Promise<string[]> {
  const found: string[] = []
  const compare = (what: string, a: unknown, b: unknown) => {
    const [left, right] = [JSON.stringify(a), JSON.stringify(b)]
    if (left !== right) found.push(`${what}: ${left.slice(0, 200)} is not ${right.slice(0, 200)}`)
  }
  compare('number of steps', again.steps.length, whole.steps.length)
  whole.steps.forEach((metrics, i) => compare(`step ${i + 1}`, timeless(metrics), again.steps[i] && timeless(again.steps[i])))
  compare('outcome', { ...whole.outcome.figures, tokensPerSecond: 0 }, { ...again.outcome.figures, tokensPerSecond: 0 })
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

interface ResumeCase {
  method: Method
  settings?: Settings
  training?: Partial<TrainingSettings>
}

/** What differs between 20 steps at once and 10, a snapshot and 10 more. */
export async function resumeDifferences(gpu: Gpu, model: LoadedModel, { method, settings, training: more }: ResumeCase): Promise<string[]> {
  const training = defaultTraining({
    ...method.training,
    steps,
    batchSize: 2,
    maxLength,
    evalEvery: 7,
    warmup: 3,
    learningRate: Math.max(method.training.learningRate ?? 1e-3, 1e-4),
    seed: 3,
    ...more,
  })
  const request: RunRequest = {
    model,
    method,
    settings: { ...defaults(method.fields), ...settings },
    training,
    rows: await rowsFor(training),
    // Several pages, although the model is tiny.
    pageValues: 2048,
  }
  const whole = await conducted(gpu, request, steps)
  const { snapshot, outcome } = await conducted(gpu, request, half)
  if (outcome.steps !== half) throw new Error(`expected a stop after ${half} steps, got one after ${outcome.steps}.`)
  return differences(whole, await conducted(gpu, request, steps, snapshot))
}
