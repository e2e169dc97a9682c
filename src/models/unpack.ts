// Reads a packed matrix back in f32 through the kernels' own readers, so the values are exactly those that the model computes with.
import { say } from '../config/phrase'
import type { Gpu } from '../gpu/gpu'
import { copyInto, tapeKernels } from '../ops/add'
import { embedding } from '../ops/embedding'
import { programOf } from '../ops/program-of'
import type { Weight } from '../ops/weight'
import { readBuffer } from '../tensor/parameters'
import { Arena, allocate, release } from '../tensor/program'
import { Recorder } from '../tensor/recorder'
import { type Slot, slotTensor } from '../tensor/tensor'
import type { BaseModel } from './base-model'

/** Number of f32 values on the GPU at a time: 8 MB. */
const pieceValues = 2 << 20

/** `rows` rows of a matrix [N, K] on the GPU from `start` on, read back a few MB at a time; `first` is the number of the piece's first row. */
export async function* unpackedPieces(
  gpu: Gpu,
  weight: Weight,
  start = 0,
  rows = weight.shape[0],
): AsyncGenerator<{ first: number; values: Float32Array<ArrayBuffer> }> {
  const cols = weight.shape[1]
  const step = Math.min(rows, Math.max(1, Math.floor(pieceValues / cols)))
  const ids: Slot = { label: 'rows', purpose: 'inputs', sizeBytes: step * 4 }
  const out: Slot = { label: 'unpacked rows', purpose: 'activations', sizeBytes: step * cols * 4 }
  const r = new Recorder(gpu.profile, tapeKernels)
  const x = embedding(r, slotTensor(ids, [step], 'u32'), weight)
  copyInto(r, x, slotTensor(out, x.shape))
  const arena = new Arena()
  const program = programOf('unpacking', r, arena, gpu.profile.maxBufferBytes)
  const slots = [ids, out, ...arena.slots, program.uniforms]
  await allocate(gpu, say`unpacking ${weight.name}`, slots)
  try {
    await program.prepare(gpu)
    for (let first = 0; first < rows; first += step) {
      const count = Math.min(step, rows - first)
      gpu.device.queue.writeBuffer(
        ids.buffer!,
        0,
        Uint32Array.from({ length: step }, (_, i) => start + first + i),
      )
      program.run(gpu)
      yield { first, values: new Float32Array(await readBuffer(gpu, out.buffer!, 0, count * cols * 4)) }
    }
  } finally {
    release(gpu, slots)
  }
}

/** All of a matrix [N, K] on the GPU, which may be an expert's. */
export async function unpacked(gpu: Gpu, { matrices, experts, file }: BaseModel, name: string): Promise<Float32Array<ArrayBuffer>> {
  const expert = experts.get(name)
  const weight = matrices.get(expert?.stack ?? name)!
  const rows = expert ? file.tensors.get(name)!.shape[0] : weight.shape[0]
  const cols = weight.shape[1]
  const all = new Float32Array(rows * cols)
  for await (const { first, values } of unpackedPieces(gpu, weight, rows * (expert?.index ?? 0), rows)) all.set(values, first * cols)
  return all
}
