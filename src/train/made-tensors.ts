// Tensors of an adapter's file that the GPU computes from the trained parameters, with the same bits as in the run's evaluations.
import { say } from '../config/phrase'
import type { Gpu } from '../gpu/gpu'
import { copyInto, tapeKernels } from '../ops/add'
import { programOf } from '../ops/program-of'
import type { MethodHooks, NamedTensor } from '../peft/method'
import { readBuffer } from '../tensor/parameters'
import { Arena, allocate, release } from '../tensor/program'
import { Recorder } from '../tensor/recorder'
import { type Slot, count, slotTensor } from '../tensor/tensor'

/** The tensors of `hooks.made`, computed from the parameters that are on the GPU now. Frees its memory before it returns. */
export async function readMade(gpu: Gpu, { made }: MethodHooks): Promise<Map<string, NamedTensor>> {
  const tensors = new Map<string, NamedTensor>()
  if (!made) return tensors
  const r = new Recorder(gpu.profile, tapeKernels)
  const results = [...made(r)].map(([name, tensor]) => {
    const slot: Slot = { label: name, purpose: 'activations', sizeBytes: count(tensor.shape) * 4 }
    copyInto(r, tensor, slotTensor(slot, tensor.shape))
    return { name, slot, shape: tensor.shape }
  })
  const arena = new Arena()
  const program = programOf('made tensors', r, arena, gpu.profile.maxBindingBytes)
  const slots = [...results.map(({ slot }) => slot), ...arena.slots, program.uniforms]
  await allocate(gpu, say`what the adapter keeps`, slots)
  try {
    await program.prepare(gpu)
    program.run(gpu)
    for (const { name, slot, shape } of results)
      tensors.set(name, { shape, values: new Float32Array(await readBuffer(gpu, slot.buffer!, 0, slot.sizeBytes)) })
    return tensors
  } finally {
    release(gpu, slots)
  }
}
