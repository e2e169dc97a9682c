// tabtune data: reads datasets as for training (tokenizer, chat template, mask) without training, and counts the rows that are trained
// on, refused or noted. With --in it cleans files instead (`clean.ts`). With --loss it also computes the loss, and checks that the loss counts the tokens that the mask marks.
import { FormatError, messageOf } from '../../config/errors'
import { say } from '../../config/phrase'
import { defaultTraining, parseTraining } from '../../config/run-config'
import type { Cut } from '../../data/cut-at-length'
import { repeatedRows } from '../../data/repeats'
import { dataLines } from '../../data/report'
import { rowsAt, usableRows } from '../../data/run-rows'
import { tokenizeDataset } from '../../data/tokenize-dataset'
import type { Gpu } from '../../gpu/gpu'
import { modelTokenizer } from '../../tokenizer/create-tokenizer'
import { rendererOf } from '../../tokenizer/model-renderer'
import { noTokenizer } from '../../tokenizer/no-tokenizer'
import { evaluateRows } from '../../train/evaluate'
import type { LoadedModel } from '../../peft/loaded-model'
import { dataOptionsOf } from '../data-options'
import { dataFiles, dataSource } from '../files'
import { openGpu, openLoaded, openModelFile } from '../open'
import type { Options } from '../options'
import { presetTokens } from '../preset'
import { evaluationBar, progressBar } from '../progress'
import { clean } from './clean'
import { tell } from '../tell'

interface FileReport {
  file: string
  format?: string
  rows?: number
  refused?: number
  cut?: number
  repeated?: number
  /** Rows with characters that the vocabulary does not have. */
  unknown?: number
  tokens?: number
  trainedTokens?: number
  /** The rows and tokens over which the loss was measured, and the loss. */
  lossRows?: number
  lossTokens?: number
  loss?: number
  /** Why the file cannot be used. */
  problem?: string
}

export async function data(options: Options): Promise<void> {
  if (options.inputs.length) return clean(options)
  const paths = await dataFiles(options.need('data'))
  const gpu = options.flag('loss') ? await openGpu() : undefined
  const model = gpu && (await openLoaded(gpu, options))
  const file = model?.file ?? (await openModelFile(options))
  const maxLength = options.training('maxLength') ?? file.config.context
  // The base alone has no rows for new tokens, so it has no loss for them.
  const tokenizer = modelTokenizer(file, gpu ? [] : presetTokens(options, file)) ?? noTokenizer(file.config.vocab)
  const renderer = rendererOf(file, tokenizer)
  const reports: FileReport[] = []
  for (const path of paths) {
    const source = await dataSource(path)
    try {
      const bar = progressBar(`reading ${source.name}`)
      const read = { ...dataOptionsOf(options, 0, 0), skipBadLines: true }
      const keep = Math.max(maxLength, file.config.context)
      const dataset = await tokenizeDataset(source, tokenizer, renderer, read, { keep, onProgress: (p) => bar(p.fraction ?? 0) })
      bar(1)
      const rows = usableRows(rowsAt({ dataset, holdOut: 0, seed: 0 }, maxLength))
      tell(dataLines(rows))
      reports.push({ ...countsOf(rows.cut), ...(gpu && model ? await lossOf(gpu, model, rows.cut, options) : {}) })
    } catch (error) {
      if (!(error instanceof FormatError)) throw error
      reports.push({ file: source.name, problem: messageOf(error) })
    }
  }
  process.stdout.write(options.flag('json') ? `${JSON.stringify(reports)}\n` : markdown(reports))
  gpu?.destroy()
  const unusable = reports.filter(({ problem }) => problem !== undefined).length
  if (unusable)
    throw new FormatError(
      say`Expected files of rows, got some that cannot be used (${unusable} of ${reports.length}). The report says why.`,
    )
}

function countsOf({ dataset, rows, problemCount, cutRows, tokens, trainedTokens, unknown }: Cut): FileReport {
  const repeated = repeatedRows(dataset, rows).rows
  return {
    file: dataset.name,
    format: dataset.format,
    rows: rows.length,
    refused: problemCount,
    cut: cutRows,
    repeated,
    unknown: unknown?.rows ?? 0,
    tokens,
    trainedTokens,
  }
}

/** The loss of the base model on the first --rows rows, or on all. @throws FormatError if it does not count the tokens that the mask marks */
async function lossOf(
  gpu: Gpu,
  model: LoadedModel,
  { dataset, rows: all, maxLength }: Cut,
  options: Options,
): Promise<Partial<FileReport>> {
  const rows = all.slice(0, options.number('rows') ?? all.length)
  const training = parseTraining({ maxLength, batchSize: options.training('batchSize') ?? defaultTraining().batchSize, steps: 1 })
  const split = { dataset, train: rows, evalDataset: dataset, eval: rows }
  const { evaluation, tokens } = await evaluateRows(gpu, model, undefined, split, training, evaluationBar(`evaluating ${dataset.name}`))
  const loss = evaluation.evalLoss
  // The first token of a row is a target only after virtual tokens, and the base model has none.
  const marked = rows.reduce((sum, row) => sum + dataset.targets(row, maxLength), 0)
  if (tokens !== marked || !Number.isFinite(loss))
    throw new FormatError(
      say`${dataset.name}: expected a finite loss over ${marked} tokens, got ${loss} over ${tokens} tokens. This is a mistake in TabTune; please report it.`,
    )
  return { lossRows: rows.length, lossTokens: tokens, loss }
}

const columns: [string, (report: FileReport) => string | number | undefined][] = [
  ['File', (r) => r.file],
  ['Read as', (r) => r.format],
  ['Trained on', (r) => r.rows],
  ['Refused', (r) => r.refused],
  ['Cut', (r) => r.cut],
  ['Repeated', (r) => r.repeated],
  ['Unknown characters', (r) => r.unknown],
  ['Tokens', (r) => r.tokens],
  ['Trained tokens', (r) => r.trainedTokens],
]
const lossColumns: typeof columns = [
  ['Rows in the loss', (r) => r.lossRows],
  ['Tokens in the loss', (r) => r.lossTokens],
  ['Loss', (r) => r.loss?.toFixed(4)],
]

function markdown(reports: readonly FileReport[]): string {
  const shown = reports.some((r) => r.loss !== undefined) ? [...columns, ...lossColumns] : columns
  const line = (cells: readonly (string | number | undefined)[]): string => `| ${cells.map((cell) => cell ?? '').join(' | ')} |\n`
  const head = line(shown.map(([name]) => name)) + line(shown.map((_, i) => (i < 2 ? '---' : '---:')))
  const problems = reports.flatMap((r) => (r.problem === undefined ? [] : [`${r.problem}\n`]))
  return head + reports.map((r) => line(shown.map(([, value]) => value(r)))).join('') + problems.join('')
}
