// tabtune eval for a model that sorts pictures: its loss, its accuracy, and how many pictures of each class it takes for which.
import type { PictureData } from '../../data/picture-data'
import { pixelsOf } from '../../decode/classify'
import { pictureScores } from '../../decode/zero-shot'
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

/** The mean loss and the accuracy of scores [pictures, classes]; how many pictures of each class (row) are taken for which (column). */
function measured(data: PictureData, scores: Float32Array): { loss: number; accuracy: number; confusion: number[][] } {
  const count = data.classes.length
  const confusion = data.classes.map(() => new Array<number>(count).fill(0))
  let [loss, right] = [0, 0]
  for (let row = 0; row < data.rows; row++) {
    const own = scores.subarray(row * count, (row + 1) * count)
    const label = data.label(row)
    const said = own.indexOf(Math.max(...own))
    confusion[label][said]++
    loss += lossOf(own, label)
    if (said === label) right++
  }
  return { loss: loss / data.rows, accuracy: right / data.rows, confusion }
}

export async function evaluatePictures(options: Options): Promise<void> {
  refuseText(options, ['adapter'])
  const gpu = await openGpu()
  const model = await openPictureModel(gpu, options)
  const adapter = await openAdapter(model, options.text('adapter'))
  const data = await openPictureSet(options, model)
  const rows = Array.from({ length: data.rows }, (_, row) => row)
  const bar = progressBar('evaluating')
  const { scores, byTemplate } = await pictureScores(
    gpu,
    model,
    adapter,
    pixelsOf(data, rows),
    options.training('batchSize') ?? evalBatch,
    (done) => bar(done / rows.length, `${done} of ${rows.length} pictures`),
  )
  const { loss, accuracy, confusion } = measured(data, scores)
  const templates = byTemplate.map(({ template, scores: own }) => {
    const { confusion: _confusion, ...numbers } = measured(data, own)
    return { template, ...numbers }
  })
  const report = {
    loss,
    accuracy,
    pictures: rows.length,
    classes: data.classes,
    confusion,
    ...(templates.length > 0 && { templates }),
  }
  process.stdout.write(`${JSON.stringify(report)}\n`)
  gpu.destroy()
}
