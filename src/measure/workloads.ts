// What is measured as a whole: models by their shapes, with the work done on them.
import type { BaseFormat } from '../config/run-config'
import type { WeightFormatId } from '../formats/quant/format-id'
import type { RandomShape } from '../models/random-model'

export interface Workload {
  name: string
  shape: RandomShape
  batch: number
  length: number
  /** A method's name, or `frozen`: forward and backward-to-input of the base alone. */
  method: string
  settings?: Record<string, number>
  base: BaseFormat
  /** How the random weights are stored; f32 unless said. */
  stored?: WeightFormatId
  checkpointing?: boolean
  /** Measure the frozen base alone too. */
  alone?: boolean
  /** Too little work for its rate to mean anything. */
  hostOnly?: boolean
  /** Only where a real GPU is. */
  large?: boolean
}

/** A model of the plainest family. */
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

/** LoRA as the goals state it. */
const lora = { method: 'lora', settings: { r: 8, alpha: 16 } }

/** The methods that one shape is measured under. */
function small(name: ShapeName, batch: number): Workload[] {
  const of = { shape: shapes[name], batch, length: 256 }
  return [
    { ...of, name: `${name} full`, method: 'full', base: 'native' },
    { ...of, ...lora, name: `${name} LoRA NF4`, base: 'nf4', alone: true },
    { ...of, ...lora, name: `${name} LoRA Q4_0`, base: 'native', stored: 'q4_0', alone: true },
    { ...of, ...lora, name: `${name} LoRA F32`, base: 'native' },
  ]
}

function large(name: ShapeName): Workload[] {
  const of = { ...lora, shape: shapes[name], length: 512, base: 'nf4' as const, large: true }
  return [1, 4, 16].flatMap((batch) => [
    { ...of, batch, name: `${name} LoRA NF4`, alone: batch === 4 },
    { ...of, batch, name: `${name} LoRA NF4 checkpointed`, checkpointing: true },
  ])
}

export const workloads: readonly Workload[] = [
  ...small('s260k', 4),
  ...small('s15m', 1),
  // As many dispatches as a model of 24 layers needs, with next to no work in them: what they cost the host.
  { ...lora, name: '24 thin layers LoRA NF4', shape: plainShape(24, 64, 172, 8, 512), batch: 1, length: 64, base: 'nf4', hostOnly: true },
  ...large('smollm2-135m'),
  ...large('qwen2.5-0.5b'),
  ...large('llama-3.2-1b'),
]

/** What the goal for memory is stated for. */
export const memoryGoal: Workload = {
  ...lora,
  name: 'qwen2.5-0.5b LoRA NF4 checkpointed',
  shape: shapes['qwen2.5-0.5b'],
  batch: 1,
  length: 512,
  base: 'nf4',
  checkpointing: true,
}
