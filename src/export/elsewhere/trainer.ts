// What LLaMA-Factory and axolotl have in common: both set up transformers' Trainer. Its loss is the mean over all tokens of a step, as ours.
import { type Phrase, say } from '../../config/phrase'
import { jsonFile, ownName, weightsName } from '../../peft/adapter-folder'
import type { FolderFile } from '../../peft/model-folder'
import { type PreparedRun, trainedExpert, trainsTokens } from './prepared-run'

/** Where the engine writes the result, from its own folder on. */
export const resultFolder = 'result'

/** The starting adapter's folder, from an engine's folder on. */
export const startFolder = '../start'

/** The base's folder, from an engine's folder on. */
export const baseFolder = ({ written, basePath = '' }: PreparedRun): string => (written ? '../base' : basePath)

/** The names of transformers' schedules, which warm up as ours do. */
export const schedules: Readonly<Record<PreparedRun['training']['schedule'], string>> = {
  constant: 'constant_with_warmup',
  linear: 'linear',
  cosine: 'cosine',
}

/**
 * Rows in a micro-batch, and micro-batches in a step. Every step has as many rows as the largest one; prepare.py fills smaller ones up with
 * rows that train nothing.
 */
export function batchOf({ order, training }: PreparedRun): { rows: number; accumulate: number } {
  const largest = order.reduce((most, rows) => Math.max(most, rows.length), 1)
  const rows = Math.min(training.batchSize, largest)
  return { rows, accumulate: Math.ceil(largest / rows) }
}

/** Evaluations of the Trainer: before the first step, after every so many, and at the end. */
export function evaluations({ training, steps, evaluation }: PreparedRun): { every: number; patience: number } {
  const every = evaluation.count && training.evalEvery < steps ? training.evalEvery : 0
  return { every, patience: every ? training.patience : 0 }
}

export const lowRank = ({ method }: PreparedRun): boolean => ['lora', 'qlora', 'dora'].includes(method.name)
export const isPissa = ({ settings }: PreparedRun): boolean => settings.start === 'pissa'

/** Whether tensors of the base are trained from other values than the base's: only then `start` has their weights. */
const continues = ({ method, start, trainsBase }: PreparedRun): boolean =>
  trainsBase && start.some(({ path }) => path === weightsName(method))

/** Bits of the base in bitsandbytes, if the run has its formats. */
export function fourBits({ model }: PreparedRun): { type: 'nf4' | 'fp4'; double: boolean } | undefined {
  if (model.base !== 'nf4' && model.base !== 'nf4-dq' && model.base !== 'fp4') return undefined
  return { type: model.base === 'fp4' ? 'fp4' : 'nf4', double: model.base === 'nf4-dq' }
}

/** DoRA's lengths of rows, which the Trainer decays, because it leaves out norms and biases only. */
const decaysLengths = ({ method, training }: PreparedRun): boolean => method.name === 'dora' && training.weightDecay > 0

/** What an engine on transformers' Trainer cannot train as the run did, or undefined. `engine` is its name. */
export function trainerLacks(engine: string, run: PreparedRun): Phrase | undefined {
  const { method, settings, training, base, trained } = run
  if (base.config.vision) return say`Models that sort pictures are trained in TabTune only.`
  if (continues(run))
    return say`The run continues from weights that were trained before, and ${engine} starts from the base. Merge them into a model first.`
  if (trainsTokens(run))
    return say`The run trains rows of single tokens, which ${engine} does not do. Train without new tokens to export the run for it.`
  if (lowRank(run) && trainedExpert(run) !== undefined)
    return say`The run trains experts or routers, and transformers keeps the experts of a block in one tensor. Leave them out of the target modules to export the run.`
  if (training.weightDecay > 0 && training.decayAll && trained.some(({ decay }) => !decay))
    return say`The run decays norms and biases too, which ${engine} cannot do. Turn it off, or set the weight decay to 0, to export the run for it.`
  if (method.name === 'dora' && settings.plusRatio !== undefined && settings.plusRatio !== 1)
    return say`With a LoRA+ ratio, ${engine} gives DoRA’s lengths of rows the learning rate of B. Set the ratio to 1 to export the run for it.`
  if (isPissa(run) && fourBits(run))
    return say`The run starts from singular vectors (PiSSA) on a base in 4 bits, which ${engine} does not do. Choose another base precision to export the run for it.`
  return undefined
}

/** Files that make an adapter in `result/` one of this run when it comes home: the base's fingerprint, how it is asked, and the settings. */
export function homeFiles({ start, summary, trainsBase }: PreparedRun): FolderFile[] {
  const own = start.find(({ path }) => path === ownName)
  if (trainsBase || !own) return []
  return [{ path: `${resultFolder}/${ownName}`, bytes: own.bytes }, jsonFile(`${resultFolder}/run.json`, summary)]
}

/** Sentences of the README that hold for both. */
export function trainerNotes(run: PreparedRun): string[] {
  const { training, settings } = run
  const bits = fourBits(run)
  return [
    ...(training.packing ? ['Rows are not packed: a step has the same rows and the same loss, but more padding.'] : []),
    ...(decaysLengths(run)
      ? [`The weight decay of ${training.weightDecay} also applies to DoRA's lengths of rows; in TabTune it does not.`]
      : []),
    ...(training.optimizer === 'adamw-8bit' ? ['The 8-bit states are those of bitsandbytes, so the last digits differ.'] : []),
    ...(isPissa(run) ? ['The singular vectors are computed there, so `start/` is not used.'] : []),
    ...(bits && lowRank(run)
      ? [
          `The base is held in 4 bits (${bits.type}${bits.double ? ', double quantisation' : ''}) by bitsandbytes. This was not tried: it needs a GPU.`,
        ]
      : []),
    ...(Number(settings.dropout ?? 0) > 0 ? ['Dropout takes other random numbers.'] : []),
    'The evaluation loss in its log is a mean over batches. Measure the adapter with **Evaluate** in TabTune before you compare perplexities.',
  ]
}
