// Features of pictures and of texts, each computed once, so that any number of templates can be compared with one another.
import { UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import type { Gpu } from '../gpu/gpu'
import { copyInto, tapeKernels } from '../ops/add'
import { programOf } from '../ops/program-of'
import type { LoadedModel } from '../peft/loaded-model'
import type { Adapter } from '../peft/method'
import { readBuffer } from '../tensor/parameters'
import { Arena, allocate, release } from '../tensor/program'
import { Recorder } from '../tensor/recorder'
import { type Slot, type Tensor, slotTensor } from '../tensor/tensor'
import { inputBytes, inputTensors } from '../train/inputs'
import { packPictures, pictureInputs } from '../train/picture-inputs'
import { type Stage, forwardContext } from '../train/recordings'
import { type Pictures, inBatches, methodStage } from './classify'
import { textInputs } from '../train/text-inputs'

export interface FeaturesOf {
  /** [pictures, P], each as long as 1. */
  pictures: Float32Array<ArrayBuffer>
  /** [templates · classes, P], template after template, each as long as 1. */
  texts: Float32Array<ArrayBuffer>
  /** What the products of features are multiplied by. */
  scale: number
}

/** Texts that are read at once. */
const textsAtOnce = 64

interface Pass {
  /** Slots beside the stage's own, and what fills them. */
  slots: readonly Slot[]
  write(gpu: Gpu): void
  record(r: Recorder): Tensor
}

/** The values of one recorded pass. `run` may be called several times with other inputs. */
async function withPass<T>(gpu: Gpu, { slots, write, record }: Pass, use: (run: () => Promise<Float32Array>) => Promise<T>): Promise<T> {
  const r = new Recorder(gpu.profile, tapeKernels)
  const made = record(r)
  const out: Slot = { label: 'features', purpose: 'activations', sizeBytes: made.shape[0] * made.shape[1] * 4 }
  copyInto(r, made, slotTensor(out, made.shape))
  const arena = new Arena()
  const program = programOf('features', r, arena, gpu.profile.maxBindingBytes)
  const all = [...slots, out, ...arena.slots, program.uniforms]
  await allocate(gpu, 'the features', all)
  try {
    write(gpu)
    await program.prepare(gpu)
    return await use(async () => {
      program.run(gpu)
      return new Float32Array(await readBuffer(gpu, out.buffer!, 0, out.sizeBytes))
    })
  } finally {
    release(gpu, all)
  }
}

/**
 * Features of pictures [channels, height, width] and of the texts of the model's classes, with an adapter's updates of either tower. Frees its
 * memory before it returns. @throws UnsupportedError for a model without texts; DeviceError
 */
export async function featuresOf(
  gpu: Gpu,
  model: LoadedModel,
  adapter: Adapter | undefined,
  pictures: Pictures,
  batch = 8,
  onBatch?: (done: number) => void,
): Promise<FeaturesOf> {
  const { config, name } = model.file
  const { features } = model.plan.family
  if (!features || !config.text?.classes)
    throw new UnsupportedError(
      say`${name}: expected a model that compares pictures with texts, and classes, got another. Choose another model.`,
    )
  const { projection, classes } = config.text
  const { hooks, parameters } = await methodStage(gpu, model, adapter)
  const stage: Stage = { profile: gpu.profile, base: model.plan, hooks, ropeTables: [] }
  const inputs: Slot = { label: 'inputs', purpose: 'inputs', sizeBytes: inputBytes(batch) }
  const context = (r: Recorder, more: Partial<Stage>) =>
    forwardContext({ ...stage, ...more }, r, inputTensors(inputs, batch), { batch, length: 1 })
  const own = parameters.slots.filter((slot) => !slot.buffer)
  await allocate(gpu, 'the adapter', own)
  try {
    await parameters.write(gpu)
    const { slot, patches } = pictureInputs(config, batch)!
    const seen: number[] = []
    const seeing: Pass = {
      slots: [inputs, slot],
      write: () => undefined,
      record: (r) => features.picture(context(r, { patches })),
    }
    await withPass(gpu, seeing, async (run) => {
      const batches = inBatches(pictures, batch)
      let coming = batches.next()
      for (let read = await coming; !read.done; read = await coming) {
        gpu.device.queue.writeBuffer(slot.buffer!, 0, packPictures({ pictures: read.value, rows: batch }, config.vision!))
        coming = batches.next()
        // Whoever waits for it gets the error.
        coming.catch(() => undefined)
        for (const v of (await run()).subarray(0, read.value.length * projection)) seen.push(v)
        onBatch?.(seen.length / projection)
      }
    })
    const read = new Float32Array(classes.rows.length * projection)
    for (let first = 0; first < classes.rows.length; first += textsAtOnce) {
      const rows = classes.rows.slice(first, first + textsAtOnce)
      const texts = textInputs(config, { texts: { rows, templates: 1 } }, 1)!
      const reading: Pass = {
        slots: [inputs, texts.slot],
        write: texts.write,
        record: (r) => features.text(context(r, { texts: texts.tensors })),
      }
      read.set(await withPass(gpu, reading, (run) => run()), first * projection)
    }
    const [scale] = await model.base.stored(features.scale)
    return { pictures: Float32Array.from(seen), texts: read, scale: Math.exp(scale) }
  } finally {
    release(gpu, own)
  }
}
