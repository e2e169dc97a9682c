// What several commands need: the device, a model, its tokenizer, a dataset, an adapter.
import type { BaseFormat } from '../config/run-config'
import type { PromptForm } from '../data/prompt-form'
import { cutAt } from '../data/cut-at-length'
import { dataLines, problemLines, refuseProblems } from '../data/report'
import { type CutRows, rowsAt, usableRows } from '../data/run-rows'
import { tokenizeDataset } from '../data/tokenize-dataset'
import { openModel } from '../formats/open-model'
import type { ModelFile } from '../formats/model-file'
import { Gpu } from '../gpu/gpu'
import { loadBase, planBase } from '../models/base-model'
import { nodeGpu } from './node/node-gpu'
import { createTokenizer } from '../tokenizer/create-tokenizer'
import { noTokenizer } from '../tokenizer/no-tokenizer'
import { rendererOf } from '../decode/chat'
import { type Adapter, readAdapter } from '../export/adapter'
import { methodBase } from '../peft/base'
import { tokensOf, withNewTokens } from '../peft/new-tokens'
import type { LoadedModel } from '../peft/loaded-model'
import { tuneOnce } from '../measure/tune'
import { dataOptionsOf } from './data-options'
import { dataSource, sourcesAt } from './files'
import type { Options } from './options'
import { progressBar } from './progress'
import { tuningFile } from './tuning-file'

/** The device, its kernels shaped as was measured on it. */
export async function openGpu(): Promise<Gpu> {
  const gpu = await Gpu.open(await nodeGpu())
  const bar = progressBar('measuring the graphics card')
  await tuneOnce(gpu, tuningFile, { onUpdate: bar })
  return gpu
}

export async function openModelFile(options: Options): Promise<ModelFile> {
  return openModel(await sourcesAt(options.need('model')))
}

/** Reads the model and puts it on the GPU. */
export async function openLoaded(gpu: Gpu, options: Options, fallback: BaseFormat = 'native'): Promise<LoadedModel> {
  const file = await openModelFile(options)
  const plan = planBase(file, options.base(fallback), gpu.profile.maxBindingBytes)
  const tokenizer = file.tokenizer ? createTokenizer(file.tokenizer, file.config.vocab, file.special) : undefined
  await loadBase(gpu, plan, progressBar('loading'))
  return { file, plan, base: methodBase(plan, tokenizer), tokenizer }
}

/** The adapter in --adapter or (to train from) --init, or undefined. */
export async function openAdapter(model: LoadedModel, path: string | undefined, asStart = false): Promise<Adapter | undefined> {
  return path === undefined ? undefined : readAdapter(await sourcesAt(path), model.base, asStart)
}

/** The model with --adapter, and a tokenizer that knows the tokens that it adds. */
export async function openAdapted(gpu: Gpu, options: Options): Promise<{ model: LoadedModel; adapter: Adapter | undefined }> {
  const model = await openLoaded(gpu, options)
  const adapter = await openAdapter(model, options.text('adapter'))
  return { model: withNewTokens(model, tokensOf(adapter)), adapter }
}

const told = new Set<string>()

/** Prints each sentence once: comparing reads the same rows for each base. */
export function tell(lines: readonly string[]): void {
  for (const line of lines) if (!told.has(line)) process.stderr.write(`${line}\n`)
  for (const line of lines) told.add(line)
}

/** Rows of --data (and --eval) for training or evaluation, cut at `maxLength`. */
export async function openRows(model: LoadedModel, options: Options, maxLength: number, seed: number, holdOut: number): Promise<CutRows> {
  const dataOptions = dataOptionsOf(options, seed, holdOut)
  const tokenizer = model.tokenizer ?? noTokenizer(model.file.config.vocab)
  const renderer = rendererOf(model.file, tokenizer)
  const keep = model.file.config.context
  const read = async (path: string, form?: PromptForm) => {
    const source = await dataSource(path)
    const bar = progressBar(`reading ${source.name}`)
    const dataset = await tokenizeDataset(source, tokenizer, renderer, dataOptions, { form, keep, onProgress: (p) => bar(p.fraction ?? 0) })
    bar(1)
    const cut = cutAt(dataset, maxLength)
    if (!dataOptions.skipBadLines) tell(problemLines(cut).map((line) => `${source.name}: ${line}`))
    refuseProblems(cut, dataOptions)
    return dataset
  }
  const dataset = await read(options.need('data'))
  const evalPath = options.text('eval')
  const evalDataset = evalPath === undefined ? undefined : await read(evalPath, dataset.encoder.form)
  const rows = usableRows(rowsAt({ dataset, evalDataset, holdOut, seed }, maxLength))
  tell(dataLines(rows))
  return rows
}
