// tabtune merge: merges an adapter into its base model and writes a Hugging Face folder or a GGUF file, piece by piece.
import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { FormatError } from '../../config/errors'
import { say } from '../../config/phrase'
import type { FloatType } from '../../peft/model-folder'
import type { StreamedFile } from '../../export/merge'
import { mergedFiles } from '../../export/merged-files'
import { openAdapter, openGpu, openLoaded } from '../open'
import type { Options } from '../options'
import { progressBar } from '../progress'

const types: readonly FloatType[] = ['f32', 'f16', 'bf16']

function typeOf(options: Options): FloatType {
  const wanted = options.text('dtype') ?? 'f16'
  const type = types.find((t) => t === wanted)
  if (!type) throw new FormatError(say`--dtype: expected one of ${types.join(', ')}, got ${wanted}. Choose one of these.`)
  return type
}

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
  const form = options.flag('gguf') ? 'gguf' : typeOf(options)
  const files = await mergedFiles(gpu, model, adapter, form, progressBar('merging'))
  await writeStreamed(options.need('out'), files)
  process.stdout.write(`${JSON.stringify({ files: files.map((f) => ({ path: f.path, bytes: f.sizeBytes })) })}\n`)
  gpu.destroy()
}
