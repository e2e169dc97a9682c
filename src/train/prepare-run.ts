// Prepares a run for other engines: the order of its rows, its starting values, and what models of other sizes need, from the plan.
import type { RunSummary } from '../config/run-reports'
import { type Phrase, say } from '../config/phrase'
import { preparedRow } from '../data/prepared-row'
import type { RunData } from '../data/run-rows'
import { writeAdapter } from '../export/adapter'
import { baseFolder } from '../export/merge'
import type { PreparedRow, PreparedRows, PreparedRun } from '../export/elsewhere/prepared-run'
import type { Gpu } from '../gpu/gpu'
import type { LoadedModel } from '../peft/loaded-model'
import type { NamedTensor } from '../peft/method'
import { weightsName } from '../peft/adapter-folder'
import type { FloatType, FolderFile } from '../peft/model-folder'
import type { BatchPlan } from './batches'
import { summarise } from './conduct'
import { planRequest } from './fit-run'
import type { Run } from './run'
import type { RunRequest } from './run-request'
import { sizePlans } from './size-plans'

/** How the base is found elsewhere. */
interface BaseElsewhere {
  /** The path of its Hugging Face folder, if it has one. */
  path?: string
  /** The type of weights that are written because Python cannot read the base as the run uses it. */
  dtype: FloatType
}

/** Why the weights that the run computes with are in no Hugging Face folder, or undefined. */
function whyWritten({ file, plan }: LoadedModel): Phrase | undefined {
  if (file.container === 'gguf') return say`The base is a GGUF file, so its weights are written out as the run computes with them.`
  if (file.quantised) return say`The base’s folder holds quantised weights, so they are written out as the run computes with them.`
  if (plan.base === 'native' || plan.base === 'f32') return undefined
  return say`The base precision is ${plan.base}, so the weights are written out as the run computes with them.`
}

function preparedRows(dataset: RunData, rows: Int32Array, maxLength: number, leading: boolean): PreparedRows {
  return { count: rows.length, row: (place): PreparedRow => preparedRow(dataset, rows[place], maxLength, leading) }
}

/** The rows that each step takes. A step's loss is the mean over all of its tokens, so micro-batches and packing do not matter. */
function orderOf({ planned, steps }: BatchPlan, accumulate: number): number[][] {
  return Array.from({ length: steps }, (_, step) =>
    planned.slice(step * accumulate, (step + 1) * accumulate).flatMap(({ rows }) => rows.flat()),
  )
}

/** The adapter before the first step. A file for llama.cpp has no use there. */
async function startOf(gpu: Gpu, { model, method, settings, rows, initial }: RunRequest, run: Run): Promise<FolderFile[]> {
  // A method that trains tensors of the base starts from the base, unless an adapter gives other values.
  const ofBase = method.baseTensors !== undefined && !initial?.size
  if (!ofBase) await run.parameters.start(gpu)
  const starting = ofBase ? [] : [...run.parameters.starting]
  const tensors = new Map<string, NamedTensor>(
    starting.map(([name, values]) => [name, { shape: run.parameters.shape(name), values: new Float32Array(values) }]),
  )
  const files = await writeAdapter({ method, settings, tensors, asking: rows.dataset.asking }, model.base)
  return files.filter(({ path }) => !path.endsWith('.gguf') && !(ofBase && path === weightsName(method)))
}

/** run.json without what only training gives. */
function emptySummary(request: RunRequest, { memory }: Run): RunSummary {
  const { method, settings } = request
  const adapter = { method, settings, tensors: new Map(), asking: request.rows.dataset.asking }
  const done = {
    outcome: { status: 'finished' as const, steps: 0, elapsedMs: 0, figures: {} },
    adapter,
    memory,
    peakGpuBytes: 0,
    steps: [],
    evals: [],
  }
  return summarise('', 'finished', request, done, memory.adapterFileBytes)
}

/** A run for other engines. The base must be loaded. @throws what planning throws; UnsupportedError if the base's folder cannot be written */
export async function prepareRun(gpu: Gpu, request: RunRequest, base: BaseElsewhere, firstLoss?: number): Promise<PreparedRun> {
  const { model, method, settings, training, rows, recipe } = request
  const { run, batches } = await planRequest(gpu.profile, request)
  const leading = method.leadsRows === true
  const reason = whyWritten(model) ?? (base.path === undefined ? say`The base has no folder, so its weights are written out.` : undefined)
  const trained = run.parameters.layout.tensors.filter(({ frozen }) => !frozen)
  return {
    method,
    settings,
    training,
    steps: batches.steps,
    base: model.base,
    model: { name: model.file.name, family: model.file.config.family, base: model.plan.base, ...model.identity },
    ...(reason
      ? { written: { reason, files: await baseFolder({ file: model.file, base: model.base, held: { gpu, model } }, base.dtype) } }
      : { basePath: base.path }),
    dataName: rows.dataset.name,
    evaluationName: rows.evalDataset.name,
    train: preparedRows(rows.dataset, rows.train, training.maxLength, leading),
    evaluation: { ...preparedRows(rows.evalDataset, batches.sample, training.maxLength, leading), all: rows.eval.length },
    order: orderOf(batches, training.accumulate),
    trained: trained.map(({ name, shape, decay, rate }) => ({ name, shape, decay, rate })),
    start: await startOf(gpu, request, run),
    trainsBase: method.baseTensors !== undefined,
    recipe,
    summary: emptySummary(request, run),
    firstLoss,
    sizes: await sizePlans(request),
  }
}
