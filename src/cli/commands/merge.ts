// tabtune merge: merges an adapter into its base model and writes a Hugging Face folder or a GGUF file, piece by piece.
import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import type { StreamedFile } from '../../export/merge'
import { mergedFiles } from '../../export/merged-files'
import { mergeFormOf } from '../float-type'
import { openAdapter, openGpu, openLoaded } from '../open'
import type { Options } from '../options'
import { progressBar } from '../progress'

async function writeStreamed(folder: string, files: readonly StreamedFile[]): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const file of files) {
    const handle = await open(join(folder, file.path), 'w')
    try {
      for await (const chunk of file.chunks()) await handle.write(chunk)
    } finally {
      await handle.close()
    }
  }
}

export async function merge(options: Options): Promise<void> {
  const gpu = await openGpu()
  const model = await openLoaded(gpu, options)
  const adapter = (await openAdapter(model, options.need('adapter')))!
  const form = mergeFormOf(options)
  const files = await mergedFiles(gpu, model, adapter, form, progressBar('merging'))
  await writeStreamed(options.need('out'), files)
  process.stdout.write(`${JSON.stringify({ files: files.map((f) => ({ path: f.path, bytes: f.sizeBytes })) })}\n`)
  gpu.destroy()
}
