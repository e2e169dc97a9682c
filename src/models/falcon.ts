// Falcon: attention and feed-forward side by side behind one layer norm (7B) or behind one each (40B and 180B), and few keys for many
// queries (Almazrouei 2023, arXiv 2311.16867, section 4; transformers modeling_falcon.py).
import { falcon as files, hasTwoNorms, isBiased, isParallel } from '../formats/families/falcon'
import { exactGelu } from '../ops/activate'
import { decoderFamily } from './decoder-family'
import { layered } from './norms'

const names = {
  embedding: 'transformer.word_embeddings',
  layers: 'transformer.h',
  norm: 'transformer.ln_f',
  qkv: 'self_attention.query_key_value',
  o: 'self_attention.dense',
  up: 'mlp.dense_h_to_4h',
  down: 'mlp.dense_4h_to_h',
}

export const falcon = decoderFamily({
  files,
  names,
  norm: layered(),
  order: (config) => (isParallel(config) ? 'parallel' : 'front'),
  normNames(config) {
    if (hasTwoNorms(config)) return { attentionNorm: 'ln_attn', feedForwardNorm: 'ln_mlp' }
    return isParallel(config) ? { feedForwardNorm: '' } : {}
  },
  biased: (config) => (isBiased(config) ? [names.qkv, names.o, names.up, names.down] : []),
  joined: 'groups',
  activation: exactGelu,
})
