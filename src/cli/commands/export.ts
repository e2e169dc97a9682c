// tabtune export: an adapter as files for another program.
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { FormatError } from '../../config/errors'
import { say } from '../../config/phrase'
import { adapterFor, adapterTargets } from '../../export/targets'
import { floatTypeOf } from '../float-type'
import { openAdapter, openGpu, openLoaded } from '../open'
import type { Options } from '../options'

export async function exportAdapter(options: Options): Promise<void> {
  const wanted = options.need('to')
  const target = adapterTargets.find((name) => name === wanted)
  if (!target) throw new FormatError(say`--to: expected one of ${adapterTargets.join(', ')}, got ${wanted}. Choose one of these.`)
  const out = options.need('out')
  const gpu = await openGpu()
  const model = await openLoaded(gpu, options)
  const adapter = (await openAdapter(model, options.need('adapter')))!
  const files = adapterFor(target, adapter, model, floatTypeOf(options, 'f32'))
  for (const { path, bytes } of files) {
    await mkdir(dirname(join(out, path)), { recursive: true })
    await writeFile(join(out, path), bytes)
  }
  process.stdout.write(`${JSON.stringify({ files: files.map((f) => ({ path: f.path, bytes: f.bytes.length })) })}\n`)
  gpu.destroy()
}
