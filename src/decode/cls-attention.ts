// What [CLS] attends to in the last layer of a model that sees pictures: the mean over heads of softmax(q · kᵀ / √D), on the patches.
import type { Gpu } from '../gpu/gpu'
import type { Hooks } from '../models/hooks'
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
import { forwardContext } from '../train/recordings'
import { methodStage, visionOf } from './classify'

/** Shares of the attention of [CLS] by patch, row by row. What is missing to 1 is on [CLS] itself and on prompts of a method. */
interface ClsAttention {
  across: number
  down: number
  /** [down · across] */
  shares: Float32Array
}

/** Shares of all keys [T] for the query at `at`; q and k are [T, H · D]. */
function sharesOf(q: Float32Array, k: Float32Array, at: number, heads: number, headDim: number): Float64Array {
  const width = heads * headDim
  const count = k.length / width
  const mean = new Float64Array(count)
  for (let h = 0; h < heads; h++) {
    const scores = Float64Array.from({ length: count }, (_, t) => {
      let sum = 0
      for (let d = h * headDim; d < (h + 1) * headDim; d++) sum += q[at * width + d] * k[t * width + d]
      return sum / Math.sqrt(headDim)
    })
    const most = scores.reduce((a, b) => Math.max(a, b), -Infinity)
    const weights = scores.map((z) => Math.exp(z - most))
    const sum = weights.reduce((a, b) => a + b, 0)
    weights.forEach((weight, t) => (mean[t] += weight / sum / heads))
  }
  return mean
}

/**
 * For one picture [channels, height, width], with an adapter's updates. Frees its memory before it returns. @throws UnsupportedError for a model
 * of text; DeviceError
 */
export async function clsAttention(
  gpu: Gpu,
  model: LoadedModel,
  adapter: Adapter | undefined,
  pixels: Float32Array,
): Promise<ClsAttention> {
  const vision = visionOf(model)
  const { config } = model.file
  const { layers, heads, headDim } = config
  const { hooks, parameters } = await methodStage(gpu, model, adapter)
  const copies: { slot: Slot; rows: number }[] = []
  const r = new Recorder(gpu.profile, tapeKernels)
  function keep(label: string, x: Tensor): void {
    const slot: Slot = { label, purpose: 'activations', sizeBytes: x.shape[0] * x.shape[1] * 4 }
    copyInto(r, x, slotTensor(slot, x.shape))
    copies.push({ slot, rows: x.shape[0] })
  }
  const watching: Hooks = {
    ...hooks,
    attention(context, layer, attended) {
      if (layer === layers - 1) {
        keep('queries', attended.q)
        keep('keys', attended.k)
      }
      return hooks.attention?.(context, layer, attended) ?? attended.y
    },
  }
  const length = config.context + (hooks.virtualTokens ?? 0)
  const inputs: Slot = { label: 'inputs', purpose: 'inputs', sizeBytes: inputBytes(length) }
  const { slot, patches } = pictureInputs(config, 1)!
  const stage = { profile: gpu.profile, base: model.plan, hooks: watching, ropeTables: [], patches }
  model.plan.family.forward(forwardContext(stage, r, inputTensors(inputs, length), { batch: 1, length }))
  const arena = new Arena()
  const program = programOf('attention of [CLS]', r, arena, gpu.profile.maxBindingBytes)
  const own = copies.map((copy) => copy.slot)
  const slots = [...parameters.slots.filter((s) => !s.buffer), inputs, slot, ...own, ...arena.slots, program.uniforms]
  await allocate(gpu, 'the attention', slots)
  try {
    await parameters.write(gpu)
    await program.prepare(gpu)
    gpu.device.queue.writeBuffer(slot.buffer!, 0, packPictures({ pictures: [pixels], rows: 1 }, vision))
    program.run(gpu)
    const [q, k] = await Promise.all(own.map(async (s) => new Float32Array(await readBuffer(gpu, s.buffer!, 0, s.sizeBytes))))
    const [across, down] = [vision.width / vision.patch, vision.height / vision.patch]
    // Prompts come first, then [CLS], then the patches.
    const at = copies[0].rows - across * down - 1
    return { across, down, shares: Float32Array.from(sharesOf(q, k, at, heads, headDim).subarray(at + 1)) }
  } finally {
    release(gpu, slots)
  }
}
