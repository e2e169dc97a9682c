// tabtune export: an adapter as files for another program.
import { FormatError, UnsupportedError } from '../../config/errors'
import { say } from '../../config/phrase'
import { adapterTargets } from '../../config/run-reports'
import { adapterFor } from '../../export/targets'
import { floatTypeOf } from '../float-type'
import { openAdapter, openGpu, openLoaded } from '../open'
import type { Options } from '../options'
import { seesPictures } from '../picture-rows'
import { writeInto } from '../out-folder'

export async function exportAdapter(options: Options): Promise<void> {
  const wanted = options.need('to')
  const target = adapterTargets.find((name) => name === wanted)
  if (!target) throw new FormatError(say`--to: expected one of ${adapterTargets.join(', ')}, got ${wanted}. Choose one of these.`)
  if (await seesPictures(options))
    throw new UnsupportedError(
      say`--to ${target}: expected an adapter of a language model, got one of a model that sorts pictures, which ${target} does not have. PEFT loads the adapter's own folder if it knows the method; tabtune merge writes a whole model for transformers if the method changes weights.`,
    )
  const dtype = floatTypeOf(options, 'f32')
  const files = await writeInto(options.need('out'), [options.need('model'), options.need('adapter')], async () => {
    const gpu = await openGpu()
    const model = await openLoaded(gpu, options)
    const adapter = (await openAdapter(model, options.need('adapter')))!
    return adapterFor(target, adapter, model, dtype)
  })
  process.stdout.write(`${JSON.stringify({ files: files.map((f) => ({ path: f.path, bytes: f.bytes.length })) })}\n`)
}
