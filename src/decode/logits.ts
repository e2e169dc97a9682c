// Computes the logits of every position of a sequence and reads them back tile by tile.
import { say } from '../config/phrase'
import type { MicroBatch } from '../data/micro-batch'
import type { Gpu } from '../gpu/gpu'
import type { BaseModel } from '../models/base-model'
import type { Hooks } from '../models/hooks'
import { copyInto, tapeKernels } from '../ops/add'
import { logitRows } from '../ops/cross-entropy'
import { gatherRows } from '../ops/gather'
import { programOf } from '../ops/program-of'
import { readBuffer, type Parameters } from '../tensor/parameters'
import { Arena, allocate, release } from '../tensor/program'
import { Recorder } from '../tensor/recorder'
import { type Slot, align, slotTensor } from '../tensor/tensor'
import { inputBytes, inputTensors, packInputs } from '../train/inputs'
import { type Stage, forwardContext, headInto, vocabOf } from '../train/recordings'
import { ropeTables } from '../train/rope-tables'

/** `ids` as a batch of one row without targets. */
function oneRow(ids: readonly number[]): MicroBatch {
  const all = Uint32Array.from(ids)
  return {
    rows: 1,
    length: ids.length,
    ids: all,
    targets: new Int32Array(ids.length).fill(-1),
    positions: all.map((_, i) => i),
    first: new Uint32Array(ids.length),
    supervised: 0,
    tokens: ids.length,
  }
}

/** The logits [T, V] of `ids` in f32, without those of virtual tokens before them. Frees its memory before it returns. */
export async function logitsOf(
  gpu: Gpu,
  base: BaseModel,
  hooks: Hooks,
  parameters: Parameters | undefined,
  ids: readonly number[],
): Promise<Float32Array<ArrayBuffer>> {
  const { hidden: width } = base.file.config
  const vocab = vocabOf({ base, hooks })
  const virtual = hooks.virtualTokens ?? 0
  const length = ids.length + virtual
  const tile = logitRows(gpu.profile, ids.length, vocab)
  const stride = Math.ceil(vocab / 4) * 4
  const inputs: Slot = { label: 'inputs', purpose: 'inputs', sizeBytes: inputBytes(length) }
  const picked: Slot = { label: 'picked rows', purpose: 'inputs', sizeBytes: align(tile * 4) }
  const rope = ropeTables(base, length + (hooks.prefixTokens ?? 0))
  const hidden: Slot = { label: 'hidden', purpose: 'activations', sizeBytes: length * width * 4 }
  const logits: Slot = { label: 'logits', purpose: 'activations', sizeBytes: tile * stride * 4 }
  const stage: Stage = { profile: gpu.profile, base, hooks, ropeTables: rope.tensors }
  const arena = new Arena()

  const forward = new Recorder(gpu.profile, tapeKernels)
  const tensors = inputTensors(inputs, length)
  const out = stage.base.family.forward(forwardContext(stage, forward, tensors, { batch: 1, length }))
  copyInto(forward, out, slotTensor(hidden, out.shape))
  const head = new Recorder(gpu.profile, tapeKernels)
  headInto(
    stage,
    head,
    gatherRows(head, slotTensor(hidden, out.shape), slotTensor(picked, [tile], 'u32'), tile),
    slotTensor(logits, [tile, stride]),
  )

  const programs = [
    programOf('forward', forward, arena, gpu.profile.maxBindingBytes),
    programOf('head', head, arena, gpu.profile.maxBindingBytes),
  ]
  const slots = [
    ...(parameters?.slots ?? []).filter((s) => !s.buffer),
    inputs,
    picked,
    rope.slot,
    hidden,
    logits,
    ...arena.slots,
    ...programs.map((p) => p.uniforms),
  ]
  await allocate(gpu, say`the logits`, slots)
  try {
    const queue = gpu.device.queue
    await parameters?.write(gpu)
    rope.write(gpu)
    queue.writeBuffer(inputs.buffer!, 0, packInputs(oneRow(ids), 1, virtual, vocab, hooks.prefixTokens))
    for (const program of programs) await program.prepare(gpu)
    programs[0].run(gpu)
    const result = new Float32Array(ids.length * vocab)
    for (let first = 0; first < ids.length; first += tile) {
      queue.writeBuffer(
        picked.buffer!,
        0,
        Uint32Array.from({ length: tile }, (_, i) => Math.min(virtual + first + i, length - 1)),
      )
      programs[1].run(gpu)
      const values = new Float32Array(await readBuffer(gpu, logits.buffer!, 0, logits.sizeBytes))
      for (let i = 0; i < Math.min(tile, ids.length - first); i++)
        result.set(values.subarray(i * stride, i * stride + vocab), (first + i) * vocab)
    }
    return result
  } finally {
    release(gpu, slots)
  }
}
