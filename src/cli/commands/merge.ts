// tabtune merge: merges an adapter into its base model and writes a Hugging Face folder or a GGUF file, piece by piece.
import { mergedFiles } from '../../export/merged-files'
import { mergeFormOf } from '../float-type'
import { openAdapter, openGpu, openLoaded } from '../open'
import type { Options } from '../options'
import { outFolder, writeWhole } from '../out-folder'
import { progressBar } from '../progress'

export async function merge(options: Options): Promise<void> {
  const out = options.need('out')
  const inputs = [options.need('model'), options.need('adapter')]
  await outFolder(out, inputs)
  const gpu = await openGpu()
  const model = await openLoaded(gpu, options)
  const adapter = (await openAdapter(model, options.need('adapter')))!
  const form = mergeFormOf(options)
  const files = await mergedFiles(gpu, model, adapter, form, progressBar('merging'))
  await outFolder(
    out,
    inputs,
    files.map(({ path }) => path),
  )
  await writeWhole(out, files)
  process.stdout.write(`${JSON.stringify({ files: files.map((f) => ({ path: f.path, bytes: f.sizeBytes })) })}\n`)
  gpu.destroy()
}
