// StarCoder 1 and SantaCoder: GPT-2's blocks, in which all queries share one key and one value (Li 2023, arXiv 2305.06161, section 5.2;
// transformers modeling_gpt_bigcode.py).
import { attention, starcoder as files } from '../formats/families/starcoder'
import { exactGelu } from '../ops/activate'
import { gelu } from '../ops/gelu'
import { decoderFamily } from './decoder-family'
import { layered } from './norms'

const names = {
  embedding: 'transformer.wte',
  layers: 'transformer.h',
  norm: 'transformer.ln_f',
  qkv: 'attn.c_attn',
  o: 'attn.c_proj',
  up: 'mlp.c_fc',
  down: 'mlp.c_proj',
  attentionNorm: 'ln_1',
  feedForwardNorm: 'ln_2',
}

export const starcoder = decoderFamily({
  files,
  names,
  norm: layered(),
  positions: { name: 'transformer.wpe', offset: 0 },
  biased: () => [names.qkv, names.o, names.up, names.down],
  attention,
  joined: 'groups',
  activation: (r, x, { hiddenAct }) => (hiddenAct === 'gelu' ? exactGelu : gelu)(r, x),
})
