// tabtune logits: writes the logits of every position to a safetensors file.
import { FormatError } from '../../config/errors'
import { say } from '../../config/phrase'
import { writeSafetensors } from '../../formats/safetensors'
import { logitsOf } from '../../decode/logits'
import { setUpMethod } from '../../train/run'
import { writeOne } from '../files'
import { checkFile } from '../out-folder'
import { openAdapted, openGpu } from '../open'
import type { Options } from '../options'

function idsOf(text: string, vocab: number): number[] {
  const ids = text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(Number)
  const bad = ids.find((id) => !Number.isInteger(id) || id < 0 || id >= vocab)
  if (!ids.length || bad !== undefined)
    throw new FormatError(
      say`--ids: expected token ids from 0 to ${vocab - 1}, separated by commas, got ${bad ?? say`none`}. Correct them.`,
    )
  return ids
}

export async function logits(options: Options): Promise<void> {
  await checkFile('out', options.need('out'))
  const gpu = await openGpu()
  const { model, adapter } = await openAdapted(gpu, options)
  const method = adapter && (await setUpMethod(gpu.profile, model, adapter.method, adapter.settings, { initial: adapter.tensors }))
  const vocab = method?.hooks.vocab ?? model.file.config.vocab
  const ids = idsOf(options.need('ids'), vocab)
  const values = await logitsOf(gpu, model.plan, method?.hooks ?? {}, method?.parameters, ids)
  await writeOne(options.need('out'), writeSafetensors([{ name: 'logits', shape: [ids.length, vocab], data: values }]))
  gpu.destroy()
}
