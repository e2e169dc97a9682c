// What is measured: models by their shapes, with the work done on them.
import type { BaseFormat } from '../../config/run-config'
import type { RandomShape } from '../../testing/random-model'

export interface Workload {
  name: string
  /** A folder or file to load where it is there, else `shape` with random weights. */
  path?: string
  shape: RandomShape
  batch: number
  length: number
  method: string
  base: BaseFormat
  /** Only where a real GPU is. */
  large?: boolean
  checkpointing?: boolean
}

const tinyStories: RandomShape = {
  family: 'llama',
  layers: 2,
  hidden: 128,
  intermediate: 384,
  heads: 8,
  kvHeads: 4,
  vocab: 2048,
  context: 512,
}
const s260k: RandomShape = { family: 'llama', layers: 5, hidden: 64, intermediate: 172, heads: 8, vocab: 512, context: 512 }
const s15m: RandomShape = { family: 'llama', layers: 6, hidden: 288, intermediate: 768, heads: 6, vocab: 32_000, context: 512 }
const smol135m: RandomShape = {
  family: 'llama',
  layers: 30,
  hidden: 576,
  intermediate: 1536,
  heads: 9,
  kvHeads: 3,
  vocab: 49_152,
  context: 2048,
}
const qwen05b: RandomShape = {
  family: 'qwen2',
  layers: 24,
  hidden: 896,
  intermediate: 4864,
  heads: 14,
  kvHeads: 2,
  vocab: 151_936,
  context: 4096,
}
const llama1b: RandomShape = {
  family: 'llama',
  layers: 16,
  hidden: 2048,
  intermediate: 8192,
  heads: 32,
  kvHeads: 8,
  vocab: 128_256,
  context: 4096,
}

const large = (name: string, shape: RandomShape, batch: number, checkpointing = false): Workload => ({
  name,
  shape,
  batch,
  length: 512,
  method: 'lora',
  base: 'nf4',
  large: true,
  checkpointing,
})

export const workloads: readonly Workload[] = [
  {
    name: 'tinystories-656k f32',
    path: '../shared/models/TinyStories-656K',
    shape: tinyStories,
    batch: 4,
    length: 256,
    method: 'lora',
    base: 'native',
  },
  {
    name: 'tinystories-656k q4_k_m',
    path: '../shared/models/TinyStories-656K-gguf/TinyStories-656K.q4_k_m.gguf',
    shape: tinyStories,
    batch: 4,
    length: 256,
    method: 'lora',
    base: 'native',
  },
  {
    name: 'tinystories-656k nf4',
    path: '../shared/models/TinyStories-656K',
    shape: tinyStories,
    batch: 4,
    length: 256,
    method: 'lora',
    base: 'nf4',
  },
  { name: 's260k nf4', shape: s260k, batch: 4, length: 256, method: 'lora', base: 'nf4' },
  { name: 's15m f32', shape: s15m, batch: 1, length: 256, method: 'lora', base: 'native' },
  { name: 's15m nf4', shape: s15m, batch: 1, length: 256, method: 'lora', base: 'nf4' },
  large('smollm2-135m', smol135m, 4),
  large('qwen2.5-0.5b', qwen05b, 1),
  large('qwen2.5-0.5b', qwen05b, 4),
  large('qwen2.5-0.5b checkpointed', qwen05b, 4, true),
  large('llama-3.2-1b', llama1b, 1),
  large('llama-3.2-1b checkpointed', llama1b, 4, true),
]
