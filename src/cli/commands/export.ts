// tabtune export: an adapter as files for another program.
import { FormatError } from '../../config/errors'
import { say } from '../../config/phrase'
import { adapterFor, adapterTargets } from '../../export/targets'
import { floatTypeOf } from '../float-type'
import { openAdapter, openGpu, openLoaded } from '../open'
import type { Options } from '../options'
import { outFolder, writeWhole } from '../out-folder'

export async function exportAdapter(options: Options): Promise<void> {
  const wanted = options.need('to')
  const target = adapterTargets.find((name) => name === wanted)
  if (!target) throw new FormatError(say`--to: expected one of ${adapterTargets.join(', ')}, got ${wanted}. Choose one of these.`)
  const out = options.need('out')
  await outFolder(out, [options.need('model'), options.need('adapter')])
  const gpu = await openGpu()
  const model = await openLoaded(gpu, options)
  const adapter = (await openAdapter(model, options.need('adapter')))!
  const files = adapterFor(target, adapter, model, floatTypeOf(options, 'f32'))
  await writeWhole(out, files)
  process.stdout.write(`${JSON.stringify({ files: files.map((f) => ({ path: f.path, bytes: f.bytes.length })) })}\n`)
  gpu.destroy()
}
