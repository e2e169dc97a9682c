// tabtune merge: merges an adapter into its base model and writes a Hugging Face folder or a GGUF file, piece by piece.
import { sentence } from '../../config/phrase'
import { mergedFiles } from '../../export/merged-files'
import { mergeFormOf } from '../float-type'
import { openAdapter, openGpu, openLoaded } from '../open'
import { openToMerge, seesPictures } from '../picture-rows'
import type { Options } from '../options'
import { writeInto } from '../out-folder'
import { progressBar } from '../progress'
import { tell } from '../tell'

export async function merge(options: Options): Promise<void> {
  const form = mergeFormOf(options)
  const files = await writeInto(options.need('out'), [options.need('model'), options.need('adapter')], async () => {
    const gpu = await openGpu()
    const model = (await seesPictures(options)) ? await openToMerge(gpu, options) : await openLoaded(gpu, options)
    const adapter = (await openAdapter(model, options.need('adapter')))!
    const merged = await mergedFiles(gpu, model, adapter, form, progressBar('merging'))
    tell(merged.flatMap(({ notices = [] }) => notices.map((notice) => sentence(notice))))
    return merged
  })
  process.stdout.write(`${JSON.stringify({ files: files.map((f) => ({ path: f.path, bytes: f.sizeBytes })) })}\n`)
}
