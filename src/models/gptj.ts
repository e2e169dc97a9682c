// GPT-J: attention and feed-forward side by side behind one layer norm, neighbours as rotary pairs over the first numbers of a head, biases
// of the feed-forward and of the head (transformers modeling_gptj.py).
import { gptj as files } from '../formats/families/gptj'
import { gelu } from '../ops/gelu'
import { type DecoderKind, decoderFamily } from './decoder-family'
import { layered } from './norms'

const names = {
  embedding: 'transformer.wte',
  layers: 'transformer.h',
  norm: 'transformer.ln_f',
  q: 'attn.q_proj',
  k: 'attn.k_proj',
  v: 'attn.v_proj',
  o: 'attn.out_proj',
  up: 'mlp.fc_in',
  down: 'mlp.fc_out',
  attentionNorm: 'ln_1',
  feedForwardNorm: '',
}

export const gptjKind = {
  files,
  names,
  norm: layered(),
  order: () => 'parallel',
  biased: () => [names.up, names.down],
  headBias: true,
  neighbours: true,
  activation: gelu,
} as const satisfies DecoderKind

export const gptj = decoderFamily(gptjKind)
