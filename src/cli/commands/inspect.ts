// tabtune inspect: what was understood of a model, without a GPU.
import { modelReport } from '../../train/model-report'
import { planBase } from '../../models/base-model'
import { openModelFile } from '../open'
import type { Options } from '../options'

export async function inspect(options: Options): Promise<void> {
  const file = await openModelFile(options)
  const plan = planBase(file, options.base('native'), 2 ** 31)
  process.stdout.write(`${JSON.stringify(modelReport(file, plan, 'file'), null, 2)}\n`)
}
