// tabtune eval for a model that sorts pictures: its loss, its accuracy, and how many pictures of each class it takes for which.
import { classify, pixelsOf } from '../../decode/classify'
import { openAdapter, openGpu } from '../open'
import type { Options } from '../options'
import { openPictureModel, openPictureSet, refuseText } from '../picture-rows'
import { progressBar } from '../progress'

const evalBatch = 8

/** −log softmax(logits)[label], in float64. */
function lossOf(logits: Float32Array, label: number): number {
  const most = Math.max(...logits)
  return most + Math.log(logits.reduce((sum, z) => sum + Math.exp(z - most), 0)) - logits[label]
}

export async function evaluatePictures(options: Options): Promise<void> {
  refuseText(options, ['adapter'])
  const gpu = await openGpu()
  const model = await openPictureModel(gpu, options)
  const adapter = await openAdapter(model, options.text('adapter'))
  const data = await openPictureSet(options, model)
  const rows = Array.from({ length: data.rows }, (_, row) => row)
  const bar = progressBar('evaluating')
  const logits = await classify(gpu, model, adapter, pixelsOf(data, rows), options.training('batchSize') ?? evalBatch, (done) =>
    bar(done / rows.length, `${done} of ${rows.length} pictures`),
  )
  const count = data.classes.length
  const confusion = data.classes.map(() => new Array<number>(count).fill(0))
  let loss = 0
  let right = 0
  for (const row of rows) {
    const own = logits.subarray(row * count, (row + 1) * count)
    const label = data.label(row)
    const said = own.indexOf(Math.max(...own))
    confusion[label][said]++
    loss += lossOf(own, label)
    if (said === label) right++
  }
  const report = { loss: loss / rows.length, accuracy: right / rows.length, pictures: rows.length, classes: data.classes, confusion }
  process.stdout.write(`${JSON.stringify(report)}\n`)
  gpu.destroy()
}
