// tabtune export-run: a finished run as a folder for engines that train on many machines. Nothing is written before everything is checked.
import { readdir, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseSettings } from '../../config/field'
import { FormatError } from '../../config/errors'
import { say } from '../../config/phrase'
import { parseTraining } from '../../config/run-config'
import { elsewhereFiles, fitting } from '../../export/elsewhere/folder'
import { tokensOf, withNewTokens } from '../../peft/new-tokens'
import { methodNamed } from '../../peft/registry'
import { prepareRun } from '../../train/prepare-run'
import type { RunRequest } from '../../train/run-request'
import { floatTypeOf } from '../float-type'
import { openAdapter, openGpu, openLoadedAt, openRows } from '../open'
import type { Options } from '../options'
import { outFolder, writeWhole } from '../out-folder'
import { dataOfRun } from '../replayed-rows'
import { checkSources, firstLossOf, inputs, runSource, sourceOptions } from '../run-source'
import { checkRecord } from '../source-check'

/** @throws FormatError for a folder that holds something: files of two exports would be mixed, and nothing is overwritten */
async function refuseFilled(out: string): Promise<void> {
  const found = await readdir(out).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw new FormatError(say`--out: expected a new or an empty folder, got ${out} (${error.code ?? error.message}). Choose another one.`)
  })
  if (found.length) throw new FormatError(say`--out: expected a new or an empty folder, got ${out} with ${found[0]}. Choose another one.`)
}

export async function exportRun(options: Options): Promise<void> {
  const [folder, out] = [options.need('run'), options.need('out')]
  const source = await runSource(folder)
  await checkRecord(folder, source)
  const run = await sourceOptions(source, options)
  await refuseFilled(out)
  const method = methodNamed(source.method)
  const about = {
    method,
    settings: parseSettings(method.name, method.fields, source.settings),
    training: parseTraining(source.training),
  }
  const { maxLength, seed } = about.training
  const gpu = await openGpu()
  const loaded = await openLoadedAt(gpu, run.need('model'), source.model.base)
  const adapter = await openAdapter(loaded, run.text('init'), true)
  const model = withNewTokens(loaded, tokensOf(about))
  const holdOut = run.number('hold-out')
  const files = await dataOfRun(run, { holdOut, seed })
  const rows = await openRows(model, run, { maxLength, seed, holdOut, like: adapter?.asking }, files)
  const request: RunRequest = { ...about, model, rows, recipe: rows.recipe, replay: files.replay, initial: adapter?.tensors }
  await checkSources(source, request)
  // The scripts start in another folder, so a relative path would not lead to the base.
  const path = (await stat(run.need('model'))).isDirectory() ? resolve(run.need('model')) : undefined
  const prepared = await prepareRun(gpu, request, { path, dtype: floatTypeOf(options, 'f32') }, await firstLossOf(folder))
  const { able, unable } = fitting(prepared)
  const written = elsewhereFiles(prepared)
  await outFolder(out, [folder, ...inputs.flatMap((name) => run.text(name) ?? [])])
  await writeWhole(out, written)
  const left = Object.fromEntries(unable.map(({ engine, lacks }) => [engine.name, lacks]))
  process.stdout.write(`${JSON.stringify({ engines: able.map(({ name }) => name), left, files: written.map((file) => file.path) })}\n`)
  gpu.destroy()
}
