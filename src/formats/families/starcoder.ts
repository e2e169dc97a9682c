// The files of StarCoder 1 and SantaCoder (GPTBigCode).
import type { ModelConfig } from '../model-file'
import type { FamilyFiles, LayerAttention } from './family-files'
import { gpt2 } from './gpt2'
import { checkUsual, isOn } from './setting'

/** Whether scores are divided by the root of the heads' size. */
const isScaled = (config: ModelConfig) => isOn(config, 'scale_attn_weights', true)

export const attention = (config: ModelConfig): LayerAttention => ({ scale: isScaled(config) ? undefined : 1 })

export const starcoder: FamilyFiles = {
  ...gpt2,
  name: 'starcoder',
  label: 'StarCoder',
  modelTypes: ['gpt_bigcode'],
  architecture: 'GPTBigCodeForCausalLM',
  // All queries share one key and one value, unless config.json says otherwise.
  defaults: { ...gpt2.defaults, kvHeadsOf: ({ multi_query: shared }) => (shared === false || shared === null ? undefined : 1) },
  activation: 'gelu_pytorch_tanh',
  activations: ['gelu'],
  transposed: undefined,
  joinedByGroup: (name) => name.includes('.c_attn'),
  ggufKeys: [...gpt2.ggufKeys, ['attention.head_count_kv', 'u32', 'kvHeads']],
  ggufSettings(config) {
    checkUsual('multi_query', true, false, config.kvHeads === 1)
    checkUsual('scale_attn_weights', true, false, isScaled(config))
    checkUsual('activation_function', 'gelu_pytorch_tanh', config.hiddenAct, config.hiddenAct !== 'gelu')
    return {}
  },
  ownSettings: ({ kvHeads }) => ({ multi_query: kvHeads === 1 }),
}
