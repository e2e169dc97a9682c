// Measurements of the base and of adapters on the rows that are loaded.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import { type TrainingSettings, parseTraining } from '../config/run-config'
import type { DataOptions } from '../config/data-options'
import type { RowMap } from '../config/row-map'
import type { Evaluation, EvaluationProgress } from '../config/run-reports'
import type { Answerer } from '../decode/answer'
import { exactMatch } from '../decode/answer-rows'
import { rowMap } from '../decode/row-map'
import type { Gpu } from '../gpu/gpu'
import { type LoadedModel, needTokenizer } from '../peft/loaded-model'
import type { Adapter } from '../peft/method'
import { tokensOf, withNewTokens } from '../peft/new-tokens'
import { evaluateRows } from '../train/evaluate'
import type { PickedFile, Progress } from './api'
import { type LoadedData, loadData } from './loaded'
import type { ReadFiles } from './reading'

interface Watch {
  signal: AbortSignal
  onProgress: (p: Progress) => void
}

/** What is measured: the base, or an adapter on it, on the rows that a run of this data holds out. */
interface Measured {
  model: LoadedModel
  adapter: Adapter | undefined
  data: LoadedData
}

/** The loss over the evaluation rows; batches as `training` says. `begin` is called before memory is taken. @throws FormatError */
export async function evaluated(
  gpu: Gpu,
  { model, adapter, data }: Measured,
  training: TrainingSettings,
  begin: () => void,
  { signal, onProgress }: Watch,
): Promise<Evaluation> {
  const settings = parseTraining(training)
  const rows = await data.rowsFor(tokensOf(adapter), settings.maxLength)
  if (!rows.eval.length) throw new FormatError(say`The data has no evaluation rows. Hold rows out, or choose an evaluation file.`)
  begin()
  const { evaluation } = await evaluateRows(gpu, model, adapter, rows, settings, (progress) => {
    signal.throwIfAborted()
    onProgress({ phase: 'evaluating', ...progress })
  })
  return evaluation
}

/** The loss over all rows of a file, and their number. @throws FormatError if a line is no row */
export async function evaluatedFile(
  gpu: Gpu,
  { model, adapter }: Omit<Measured, 'data'>,
  file: PickedFile,
  options: DataOptions,
  training: TrainingSettings,
  watch: Watch & { read: ReadFiles },
): Promise<{ evaluation: Evaluation; rows: number }> {
  const data = await loadData(model, file, undefined, { ...options, skipBadLines: false, holdOut: 0 }, file.path, watch)
  const settings = parseTraining(training)
  const { dataset, train } = await data.rowsFor(tokensOf(adapter), settings.maxLength)
  const rows = { dataset, train: Int32Array.of(), evalDataset: dataset, eval: train }
  const { evaluation } = await evaluateRows(gpu, model, adapter, rows, settings, (progress) => {
    watch.signal.throwIfAborted()
    watch.onProgress({ phase: 'evaluating', ...progress })
  })
  return { evaluation, rows: train.length }
}

/** A map of the rows of a file, by the base's features. */
export async function mapped(
  gpu: Gpu,
  model: LoadedModel,
  { file }: PickedFile,
  options: DataOptions,
  maxLength: number,
  read: ReadFiles,
  { signal, onProgress }: Watch,
): Promise<RowMap> {
  const all = { ...options, skipBadLines: true, holdOut: 0 }
  const { dataset } = await read(model, [], { data: file }, all, {
    signal,
    onProgress: (_, { fraction, rows }) => onProgress({ phase: 'tokenising', fraction, detail: `${rows}` }),
  })
  const onRows = (progress: EvaluationProgress): void => onProgress({ phase: 'mapping', ...progress })
  return rowMap(gpu, model.plan, dataset, Math.min(maxLength, model.file.config.context), { signal, onProgress: onRows })
}

/** Answers up to `count` evaluation rows with the answerer for that many, and compares with their completions. */
export async function matched(
  { model, adapter, data }: Measured,
  { count, maxLength }: { count: number; maxLength: number },
  answererFor: (rows: number) => Answerer,
  { signal, onProgress }: Watch,
): ReturnType<typeof exactMatch> {
  const tokens = tokensOf(adapter)
  const all = await data.rowsFor(tokens, maxLength)
  const asked = all.eval.subarray(0, count)
  const tokenizer = needTokenizer(withNewTokens(model, tokens))
  return exactMatch(
    answererFor(asked.length),
    { dataset: all.evalDataset, rows: asked, tokenizer },
    { onProgress: (fraction) => onProgress({ phase: 'evaluating', fraction }), signal },
  )
}
