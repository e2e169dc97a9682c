// The workloads of the benchmark: models given by their shapes, and how they are trained.
import type { BaseFormat } from '../config/run-config'
import type { WeightFormatId } from '../formats/quant/format-id'
import type { RandomShape } from '../models/random-model'

export interface Workload {
  name: string
  shape: RandomShape
  batch: number
  length: number
  /** A method's name, or `frozen` for the forward and backward pass of the base model alone. */
  method: string
  settings?: Record<string, number>
  base: BaseFormat
  /** The format in which the random weights are stored; f32 by default. */
  stored?: WeightFormatId
  /** The same for embedding and head. */
  tables?: WeightFormatId
  checkpointing?: boolean
  /** With fast products instead of exact ones. */
  precision?: 'fast'
  /** Also measure the frozen base model alone. */
  alone?: boolean
  /** Also measure it with fast products, in turns with exact ones, where the device has f16. */
  andFast?: boolean
  /** The GPU has so little work that its rate means nothing; only the host's time is of interest. */
  hostOnly?: boolean
  /** Only for real GPUs. */
  large?: boolean
}

/** The shape of a model of the plainest family. */
export const plainShape = (
  layers: number,
  hidden: number,
  intermediate: number,
  heads: number,
  vocab: number,
  kvHeads = heads,
): RandomShape => ({
  family: 'llama',
  layers,
  hidden,
  intermediate,
  heads,
  kvHeads,
  vocab,
  context: 2048,
})

export const shapes = {
  s260k: plainShape(5, 64, 172, 8, 512),
  s15m: plainShape(6, 288, 768, 6, 32_000),
  'smollm2-135m': plainShape(30, 576, 1536, 9, 49_152, 3),
  'qwen2.5-0.5b': { ...plainShape(24, 896, 4864, 14, 151_936, 2), family: 'qwen2' },
  'llama-3.2-1b': plainShape(16, 2048, 8192, 32, 128_256, 8),
} as const satisfies Record<string, RandomShape>
type ShapeName = keyof typeof shapes

/** LoRA with the settings that the goals name. */
const lora = { method: 'lora', settings: { r: 8, alpha: 16 } }

/** The workloads with which one small shape is measured. */
function small(name: ShapeName, batch: number): Workload[] {
  const of = { shape: shapes[name], batch, length: 256 }
  return [
    { ...of, name: `${name} full`, method: 'full', base: 'native' },
    { ...of, ...lora, name: `${name} LoRA NF4`, base: 'nf4', alone: true, andFast: true },
    { ...of, ...lora, name: `${name} LoRA Q4_0`, base: 'native', stored: 'q4_0', alone: true },
    { ...of, ...lora, name: `${name} LoRA F32`, base: 'native' },
  ]
}

function large(name: ShapeName): Workload[] {
  const of = { ...lora, shape: shapes[name], length: 512, base: 'nf4' as const, large: true }
  return [1, 4, 16].flatMap((batch) => [
    { ...of, batch, name: `${name} LoRA NF4`, alone: batch < 16, andFast: batch < 16 },
    { ...of, batch, name: `${name} LoRA NF4 checkpointed`, checkpointing: true },
  ])
}

export const workloads: readonly Workload[] = [
  ...small('s260k', 4),
  ...small('s15m', 1),
  // As many dispatches as a model of 24 layers needs, with almost no work in them: shows their cost for the host.
  { ...lora, name: '24 thin layers LoRA NF4', shape: plainShape(24, 64, 172, 8, 512), batch: 1, length: 64, base: 'nf4', hostOnly: true },
  ...large('smollm2-135m'),
  // The size at which PEFT was measured on two cores; takes half a minute a step on a software adapter.
  ...[false, true].map((checkpointing) => ({
    ...lora,
    name: `smollm2-135m LoRA NF4${checkpointing ? ' checkpointed' : ''}`,
    shape: shapes['smollm2-135m'],
    batch: 8,
    length: 128,
    base: 'nf4' as const,
    checkpointing,
    large: true,
  })),
  ...large('qwen2.5-0.5b'),
  ...large('llama-3.2-1b'),
]

/** Models that people train, as their publishers store them: in bf16, also embedding and head. */
export const realModels: readonly Omit<Workload, 'batch' | 'length'>[] = (['smollm2-135m', 'qwen2.5-0.5b', 'llama-3.2-1b'] as const).map(
  (name) => ({ ...lora, name: `${name} LoRA NF4`, shape: shapes[name], base: 'nf4', stored: 'bf16', tables: 'bf16' }),
)

/** The workload for which the memory goal is stated, in the types of the published checkpoint. */
export const memoryGoal: Workload = {
  ...lora,
  name: 'qwen2.5-0.5b LoRA NF4 checkpointed',
  shape: shapes['qwen2.5-0.5b'],
  batch: 1,
  length: 512,
  base: 'nf4',
  stored: 'bf16',
  tables: 'bf16',
  checkpointing: true,
}
