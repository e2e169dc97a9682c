// The classes of pictures: the logits of the head at [CLS], batch by batch.
import { UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import { type MicroBatch, makeMicroBatch } from '../data/micro-batch'
import type { Gpu } from '../gpu/gpu'
import type { VisionConfig } from '../formats/model-file'
import { copyInto, tapeKernels } from '../ops/add'
import { gatherRows } from '../ops/gather'
import { programOf } from '../ops/program-of'
import type { Hooks } from '../models/hooks'
import type { LoadedModel } from '../peft/loaded-model'
import type { Adapter } from '../peft/method'
import { Parameters, readBuffer } from '../tensor/parameters'
import { Arena, allocate, release } from '../tensor/program'
import { Recorder } from '../tensor/recorder'
import { type Slot, slotTensor } from '../tensor/tensor'
import { inputBytes, inputTensors, packInputs } from '../train/inputs'
import { packPictures, pictureInputs } from '../train/picture-inputs'
import { forwardContext, headInto } from '../train/recordings'
import { setUpMethod } from '../train/run'
import type { PictureSource } from '../data/picture-data'
import { fixedTexts } from '../train/text-features'
import { textInputs } from '../train/text-inputs'

/** What the model sees of a picture. @throws UnsupportedError for a model of text */
export function visionOf({ file }: Pick<LoadedModel, 'file'>): VisionConfig {
  if (file.config.vision) return file.config.vision
  throw new UnsupportedError(
    say`${file.name}: expected a model that sorts pictures into classes, got a language model. Choose another model.`,
  )
}

/** Pictures as a micro-batch of `batch` rows without targets. */
function batchOf(pictures: readonly Float32Array[], { width, height, patch }: VisionConfig, batch: number): MicroBatch {
  const length = (height / patch) * (width / patch) + 1
  const plan = { rows: pictures.map((_, i) => [i]), length, epoch: 0 }
  const first = new Uint8Array(length)
  first[1] = 1
  const example = (row: number) => ({ row, ids: new Int32Array(length), trained: first })
  return { ...makeMicroBatch({ example }, plan, undefined, batch), pictures: Array.from({ length: batch }, (_, b) => pictures[b]) }
}

export type Pictures = Iterable<Float32Array> | AsyncIterable<Float32Array>

/** The pictures of some rows, one after another. */
export async function* pixelsOf(data: Pick<PictureSource, 'pixels'>, rows: Iterable<number>): AsyncGenerator<Float32Array> {
  for (const row of rows) yield await data.pixels(row)
}

/** Pictures, `size` at a time. */
export async function* inBatches(pictures: Pictures, size: number): AsyncGenerator<Float32Array[]> {
  let batch: Float32Array[] = []
  for await (const pixels of pictures) {
    batch.push(pixels)
    if (batch.length < size) continue
    yield batch
    batch = []
  }
  if (batch.length) yield batch
}

/** The hooks and parameters of an adapter, or of none. */
export async function methodStage(
  gpu: Gpu,
  model: LoadedModel,
  adapter: Adapter | undefined,
): Promise<{ hooks: Hooks; parameters: Parameters }> {
  if (!adapter) return { hooks: {}, parameters: new Parameters(false, gpu.profile.maxBindingBytes) }
  return setUpMethod(gpu.profile, model, adapter.method, adapter.settings, { initial: adapter.tensors })
}

/**
 * The logits [pictures, classes] of pictures [channels, height, width], at most `batch` of them on the GPU at once. The next ones are read
 * while the GPU works. `onBatch` gets the number of pictures that are done; it may throw to end the work. Frees its memory before it returns.
 * @throws UnsupportedError for a model of text; DeviceError
 */
export async function classify(
  gpu: Gpu,
  model: LoadedModel,
  adapter: Adapter | undefined,
  pictures: Pictures,
  batch = 8,
  onBatch?: (done: number) => void,
): Promise<Float32Array<ArrayBuffer>> {
  const vision = visionOf(model)
  const { context } = model.file.config
  const classes = vision.classes.length
  const { hooks, parameters } = await methodStage(gpu, model, adapter)
  const virtual = hooks.virtualTokens ?? 0
  const length = context + virtual
  const stride = Math.ceil(classes / 4) * 4
  const inputs: Slot = { label: 'inputs', purpose: 'inputs', sizeBytes: inputBytes(batch * length) }
  const { slot, patches } = pictureInputs(model.file.config, batch)!
  const logits: Slot = { label: 'logits', purpose: 'activations', sizeBytes: batch * stride * 4 }
  const texts = textInputs(model.file.config, hooks, batch)
  const first = { profile: gpu.profile, base: model.plan, hooks, ropeTables: [], patches, texts: texts?.tensors }
  const tensors = inputTensors(inputs, batch * length)
  const arena = new Arena()
  const fixed = fixedTexts(first, tensors, arena)
  const stage = { ...first, texts: fixed?.tensors ?? first.texts }
  const r = new Recorder(gpu.profile, tapeKernels)
  const passed = forwardContext(stage, r, tensors, { batch, length })
  const { forward, scores } = model.plan.family
  const into = slotTensor(logits, [batch, stride])
  if (scores) copyInto(r, scores(passed), into)
  else headInto(stage, r, gatherRows(r, forward(passed), tensors.rows, batch), into)
  const program = programOf('classes', r, arena, gpu.profile.maxBindingBytes)
  const slots = [
    ...parameters.slots.filter((s) => !s.buffer),
    inputs,
    slot,
    ...(texts ? [texts.slot] : []),
    ...(fixed ? [fixed.slot, fixed.program.uniforms] : []),
    logits,
    ...arena.slots,
    program.uniforms,
  ]
  await allocate(gpu, 'the classes', slots)
  try {
    const { queue } = gpu.device
    await parameters.write(gpu)
    texts?.write(gpu)
    await program.prepare(gpu)
    await fixed?.program.prepare(gpu)
    fixed?.run(gpu)
    const out: number[] = []
    const batches = inBatches(pictures, batch)
    let coming = batches.next()
    for (let read = await coming; !read.done; read = await coming) {
      const micro = batchOf(read.value, vision, batch)
      queue.writeBuffer(inputs.buffer!, 0, packInputs(micro, batch, virtual, model.file.config.vocab))
      queue.writeBuffer(slot.buffer!, 0, packPictures(micro, vision))
      program.run(gpu)
      coming = batches.next()
      // Whoever waits for it gets the error.
      coming.catch(() => undefined)
      const values = new Float32Array(await readBuffer(gpu, logits.buffer!, 0, logits.sizeBytes))
      for (const i of read.value.keys()) out.push(...values.subarray(i * stride, i * stride + classes))
      onBatch?.(out.length / classes)
    }
    return Float32Array.from(out)
  } finally {
    release(gpu, slots)
  }
}
