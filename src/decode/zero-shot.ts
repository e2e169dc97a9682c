// Scores of pictures from features: each text alone, or the mean of a class's texts.
import type { Gpu } from '../gpu/gpu'
import type { LoadedModel } from '../peft/loaded-model'
import type { Adapter } from '../peft/method'
import { type Pictures, classify, methodStage } from './classify'
import { type FeaturesOf, featuresOf } from './features'

/** Scores of pictures by template, and with the mean of all templates. */
interface PictureScores {
  /** [pictures, classes] */
  scores: Float32Array<ArrayBuffer>
  /** The same with one template alone; empty if there is only one, or if the classes have no such texts. */
  byTemplate: readonly { template: string; scores: Float32Array<ArrayBuffer> }[]
}

/** The direction of the mean of a class's features over all templates, [classes, P]. */
function meanTexts(texts: Float32Array, templates: number, width: number): Float32Array<ArrayBuffer> {
  const size = texts.length / templates
  const sum = Float64Array.from({ length: size }, (_, i) => {
    let all = 0
    for (let m = 0; m < templates; m++) all += texts[m * size + i]
    return all
  })
  const lengths = Float64Array.from({ length: size / width }, (_, k) => Math.hypot(...sum.subarray(k * width, (k + 1) * width)))
  return Float32Array.from(sum, (v, i) => v / lengths[Math.floor(i / width)])
}

/** scale · pictures [n, P] textsᵀ [K, P] → [n, K]. */
function scoresOf(pictures: Float32Array, texts: Float32Array, width: number, scale: number): Float32Array<ArrayBuffer> {
  const classes = texts.length / width
  return Float32Array.from({ length: (pictures.length / width) * classes }, (_, i) => {
    const [picture, text] = [Math.floor(i / classes) * width, (i % classes) * width]
    let sum = 0
    for (let c = 0; c < width; c++) sum += pictures[picture + c] * texts[text + c]
    return scale * sum
  })
}

function scoresOfFeatures({ pictures, texts, scale }: FeaturesOf, templates: readonly string[], width: number): PictureScores {
  const size = texts.length / templates.length
  const one = (m: number) => scoresOf(pictures, texts.subarray(m * size, (m + 1) * size), width, scale)
  if (templates.length === 1) return { scores: one(0), byTemplate: [] }
  return {
    scores: scoresOf(pictures, meanTexts(texts, templates.length, width), width, scale),
    byTemplate: templates.map((template, m) => ({ template, scores: one(m) })),
  }
}

/** Scores [pictures, classes] of which softmax makes probabilities, for any model that sorts pictures. The texts of classes are read only once. */
export async function pictureScores(
  gpu: Gpu,
  model: LoadedModel,
  adapter: Adapter | undefined,
  pictures: Pictures,
  batch?: number,
  onBatch?: (done: number) => void,
): Promise<PictureScores> {
  const { text } = model.file.config
  // A method that has texts of its own may have others for each picture.
  const plain = text?.classes && (await methodStage(gpu, model, adapter)).hooks.texts === undefined
  if (!plain) return { scores: await classify(gpu, model, adapter, pictures, batch, onBatch), byTemplate: [] }
  return scoresOfFeatures(await featuresOf(gpu, model, adapter, pictures, batch, onBatch), text.classes!.templates, text.projection)
}
