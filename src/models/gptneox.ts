// GPT-NeoX and Pythia: attention and feed-forward side by side, layer norms, biases everywhere, one linear layer for the queries, keys and
// values of each head in turn (Black 2022, arXiv 2204.06745, section 2; transformers modeling_gpt_neox.py).
import { gptneox as files, isParallel } from '../formats/families/gptneox'
import { isOn } from '../formats/families/setting'
import { exactGelu, reluOf } from '../ops/activate'
import { gelu } from '../ops/gelu'
import { decoderFamily } from './decoder-family'
import { layered } from './norms'

const names = {
  embedding: 'gpt_neox.embed_in',
  layers: 'gpt_neox.layers',
  norm: 'gpt_neox.final_layer_norm',
  head: 'embed_out',
  qkv: 'attention.query_key_value',
  o: 'attention.dense',
  up: 'mlp.dense_h_to_4h',
  down: 'mlp.dense_4h_to_h',
}

export const gptneox = decoderFamily({
  files,
  names,
  norm: layered(),
  order: (config) => (isParallel(config) ? 'parallel' : 'front'),
  biased: (config) => [...(isOn(config, 'attention_bias', true) ? [names.qkv, names.o] : []), names.up, names.down],
  joined: 'groups',
  activation: (r, x, { hiddenAct }) => (hiddenAct === 'gelu' ? exactGelu : hiddenAct === 'relu' ? reluOf : gelu)(r, x),
})
