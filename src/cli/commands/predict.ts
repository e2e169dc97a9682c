// tabtune predict: the classes of pictures with their probabilities, the most likely first.
import { visionOf } from '../../decode/classify'
import { pictureScores } from '../../decode/zero-shot'
import { openAdapter, openGpu } from '../open'
import type { Options } from '../options'
import { openPictureModel, openPictures, seesPictures } from '../picture-rows'

const shown = 5

function softmax(logits: Float32Array): number[] {
  const most = Math.max(...logits)
  const weights = Array.from(logits, (z) => Math.exp(z - most))
  const sum = weights.reduce((a, b) => a + b, 0)
  return weights.map((weight) => weight / sum)
}

export async function predict(options: Options): Promise<void> {
  await seesPictures(options)
  const gpu = await openGpu()
  const model = await openPictureModel(gpu, options)
  const { classes } = visionOf(model)
  const adapter = await openAdapter(model, options.text('adapter'))
  const { paths, pixels } = await openPictures(options, model)
  const { scores: logits } = await pictureScores(gpu, model, adapter, pixels, options.training('batchSize'))
  for (const [i, image] of paths.entries()) {
    const all = softmax(logits.subarray(i * classes.length, (i + 1) * classes.length))
      .map((probability, at) => ({ class: classes[at], probability }))
      .sort((a, b) => b.probability - a.probability)
    if (options.flag('json')) process.stdout.write(`${JSON.stringify({ image, classes: all })}\n`)
    else
      process.stdout.write(
        `${image}: ${all
          .slice(0, shown)
          .map((one) => `${one.class} ${(one.probability * 100).toFixed(1)} %`)
          .join(', ')}\n`,
      )
  }
  gpu.destroy()
}
