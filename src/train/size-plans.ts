// What the same run would take on models of common sizes, from the plan: the README of an exported run shows it for several GPUs.
import { TabTuneError } from '../config/errors'
import { MemorySource } from '../formats/memory-source'
import { modelOfConfig } from '../models/model-of-config'
import { planModel } from '../peft/loaded-model'
import type { SizePlan } from '../export/elsewhere/prepared-run'
import { planMemory } from './plan-memory'
import type { RunRequest } from './run-request'

interface Shape {
  name: string
  hidden: number
  intermediate: number
  layers: number
  heads: number
  keys: number
  vocab: number
  tied: boolean
}

/** Shapes of Llama models as their config.json has them (Llama 3.2 1B, Llama 3.1 8B and 70B). */
const shapes: readonly Shape[] = [
  { name: '1B', hidden: 2048, intermediate: 8192, layers: 16, heads: 32, keys: 8, vocab: 128_256, tied: true },
  { name: '8B', hidden: 4096, intermediate: 14_336, layers: 32, heads: 32, keys: 8, vocab: 128_256, tied: false },
  { name: '70B', hidden: 8192, intermediate: 28_672, layers: 80, heads: 64, keys: 8, vocab: 128_256, tied: false },
]

const configOf = ({ hidden, intermediate, layers, heads, keys, vocab, tied }: Shape) => ({
  model_type: 'llama',
  architectures: ['LlamaForCausalLM'],
  hidden_size: hidden,
  intermediate_size: intermediate,
  num_hidden_layers: layers,
  num_attention_heads: heads,
  num_key_value_heads: keys,
  head_dim: hidden / heads,
  vocab_size: vocab,
  max_position_embeddings: 131_072,
  rms_norm_eps: 1e-5,
  rope_theta: 500_000,
  tie_word_embeddings: tied,
  torch_dtype: 'bfloat16',
})

/** Passes over the weights that a token takes, in products of one weight: forward, the gradient of the inputs, and of the weights. */
const flopsPerWeight = (trainable: number, parameters: number): number => (2 + 2 + (2 * trainable) / parameters) * parameters

/** The plans; a size that the method's settings do not fit is left out. */
export async function sizePlans({ method, settings, training }: Pick<RunRequest, 'method' | 'settings' | 'training'>): Promise<SizePlan[]> {
  const plans: SizePlan[] = []
  for (const shape of shapes) {
    const source = new MemorySource(`${shape.name}/config.json`, new TextEncoder().encode(JSON.stringify(configOf(shape))))
    const model = planModel(await modelOfConfig(source), 'native', 2 ** 40)
    try {
      const { parts, trainableParameters, totalParameters } = await planMemory({ model, method, settings, training })
      const bytes = (...purposes: string[]) => parts.filter((p) => purposes.includes(p.purpose)).reduce((sum, p) => sum + p.bytes, 0)
      plans.push({
        name: shape.name,
        parameters: totalParameters,
        trainable: trainableParameters,
        weightsBytes: bytes('weights'),
        trainedBytes: bytes('adapter', 'gradients', 'optimizer'),
        activationBytes: bytes('activations'),
        flopsPerStep: flopsPerWeight(trainableParameters, totalParameters) * training.batchSize * training.accumulate * training.maxLength,
      })
    } catch (error) {
      if (!(error instanceof TabTuneError)) throw error
    }
  }
  return plans
}
