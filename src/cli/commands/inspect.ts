// tabtune inspect: reads a model without a GPU and prints what TabTune understands of it.
import { planModel } from '../../peft/loaded-model'
import { modelReport } from '../../peft/model-report'
import { openModelFile } from '../open'
import type { Options } from '../options'

export async function inspect(options: Options): Promise<void> {
  const model = planModel(await openModelFile(options), options.base('native'), 2 ** 31)
  process.stdout.write(`${JSON.stringify(modelReport(model, 'file'), null, 2)}\n`)
}
