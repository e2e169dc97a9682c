// tabtune inspect: reads the headers of a model, without a GPU, and prints what TabTune understands of it, or why it does not load.
import { sentence } from '../../config/phrase'
import { planModel } from '../../peft/loaded-model'
import { modelReport } from '../../peft/model-report'
import type { TextConfig } from '../../formats/model-file'
import { openModel } from '../../formats/open-model'
import { sourcesAt } from '../files'
import type { Options } from '../options'

/** The numbers of the tower that reads texts. The others are of the one that sees. */
const readingTower = ({ layers, hidden, heads, vocab, context, projection }: TextConfig) => ({
  layers,
  hidden,
  heads,
  vocab,
  context,
  features: projection,
})

export async function inspect(options: Options): Promise<void> {
  const model = planModel(await openModel(await sourcesAt(options.need('model')), { pictures: true }), options.base('native'), 2 ** 31)
  const report = modelReport(model, 'file')
  // A model that does not load has ended in an error above, which names the reason.
  const words = {
    ...report,
    quantised: report.quantised && sentence(report.quantised),
    leftOut: report.leftOut && sentence(report.leftOut),
    unusedTemplates: report.unusedTemplates && sentence(report.unusedTemplates),
    classes: model.file.config.text ? undefined : model.file.config.vision?.classes,
    ...(model.file.config.text && { text: readingTower(model.file.config.text) }),
    loads: true,
  }
  process.stdout.write(`${JSON.stringify(words, null, 2)}\n`)
}
