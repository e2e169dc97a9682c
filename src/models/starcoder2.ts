// StarCoder 2: layer norms, GELU without a gate, biases everywhere, a window on every layer (Lozhkov 2024, arXiv 2402.19173, section 6.1;
// transformers modeling_starcoder2.py).
import { isOn } from '../formats/families/setting'
import { attention, starcoder2 as files } from '../formats/families/starcoder2'
import { gelu } from '../ops/gelu'
import { attentionModules, decoderFamily } from './decoder-family'
import { layered } from './norms'

const names = { up: 'mlp.c_fc', down: 'mlp.c_proj' }

export const starcoder2 = decoderFamily({
  files,
  names,
  norm: layered(),
  biased: (config) => (isOn(config, 'use_bias', true) ? [...attentionModules, names.up, names.down] : []),
  attention,
  activation: gelu,
})
