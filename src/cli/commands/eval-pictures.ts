// tabtune eval for a model that sorts pictures: its loss, its accuracy, and how many pictures of each class it takes for which.
import { PictureData } from '../../data/picture-data'
import { classify } from '../../decode/classify'
import { openAdapter, openGpu } from '../open'
import type { Options } from '../options'
import { openPictureModel, openPictureRows, refuseText } from '../picture-rows'

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
  const { dataset, train: rows } = await openPictureRows(options, model)
  const data = dataset as PictureData
  const pictures = Array.from(rows, (row) => data.pixels(row))
  const logits = await classify(gpu, model, adapter, pictures, options.training('batchSize') ?? evalBatch)
  const count = data.classes.length
  const confusion = data.classes.map(() => new Array<number>(count).fill(0))
  let loss = 0
  let right = 0
  for (const [i, row] of rows.entries()) {
    const own = logits.subarray(i * count, (i + 1) * count)
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
