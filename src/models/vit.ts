// ViT (Dosovitskiy et al. 2021, arXiv 2010.11929, section 3.1): a picture as a row of patches behind [CLS], learned positions, blocks with
// layer norms in front of attention and of a feed-forward with GELU, and a head on [CLS]. Every position sees all others.
import { vit as files } from '../formats/families/vit'
import type { ModelConfig } from '../formats/model-file'
import { add } from '../ops/add'
import { dropRows, prependRows, repeatRows } from '../ops/rows'
import { reshape } from '../ops/shape'
import { wholeRanges } from '../ops/whole-ranges'
import type { Tensor } from '../tensor/tensor'
import { type Block, blocks, linear } from './decoder'
import { type EncoderNames, encoderBlock } from './encoder'
import type { Family, TensorNeed } from './family'
import type { ForwardContext } from './hooks'
import { layered } from './norms'

const embeddings = 'vit.embeddings'
const layers = 'vit.encoder.layer'
const patches = `${embeddings}.patch_embeddings.projection`
const names: EncoderNames = {
  norm1: 'layernorm_before',
  query: 'attention.attention.query',
  key: 'attention.attention.key',
  value: 'attention.attention.value',
  out: 'attention.output.dense',
  norm2: 'layernorm_after',
  up: 'intermediate.dense',
  down: 'output.dense',
  attention: 'attention',
  feedForward: 'output',
}
const { query, key, value, out, up, down } = names
const norm = layered()

function tensors(c: ModelConfig): TensorNeed[] {
  const { channels, patch } = c.vision!
  const vector = (name: string, shape: readonly number[]): TensorNeed => ({ name, kind: 'vector', shape })
  const layer = (name: string, kind: 'linear' | 'table', shape: readonly number[], biased = true): TensorNeed[] => [
    { name: `${name}.weight`, kind, shape },
    ...(biased ? [vector(`${name}.bias`, [shape[0]])] : []),
  ]
  const needs = [
    vector(`${embeddings}.cls_token`, [1, 1, c.hidden]),
    vector(`${embeddings}.position_embeddings`, [1, c.context, c.hidden]),
    ...layer(patches, 'table', [c.hidden, channels, patch, patch]),
  ]
  for (let n = 0; n < c.layers; n++) {
    const at = `${layers}.${n}.`
    needs.push(...norm.needs(`${at}${names.norm1}`, c.hidden), ...norm.needs(`${at}${names.norm2}`, c.hidden))
    for (const name of [query, key, value]) needs.push(...layer(at + name, 'linear', [c.hidden, c.hidden], c.raw.qkv_bias !== false))
    needs.push(...layer(at + out, 'linear', [c.hidden, c.hidden]))
    needs.push(...layer(at + up, 'linear', [c.intermediate, c.hidden]), ...layer(at + down, 'linear', [c.hidden, c.intermediate]))
  }
  return [...needs, ...norm.needs('vit.layernorm', c.hidden), ...layer('classifier', 'table', [c.vocab, c.hidden])]
}

/** The input of the first block, [B · T, C]: the method's prompts, [CLS] and the patches. Prompts have no positions. */
function embedded(context: ForwardContext): Tensor {
  const { r, batch, prompts, config } = context
  const own = (name: string, rows: number) => reshape(r, context.vector(`${embeddings}.${name}`)!, [rows, config.hidden])
  const picture = prependRows(r, own('cls_token', 1), linear(context, context.patches!, patches), batch)
  const placed = add(r, picture, repeatRows(r, own('position_embeddings', config.context), batch))
  return prompts ? prependRows(r, prompts[0], placed, batch) : placed
}

/** x with the prompts of a block in place of what the block before made of its own. */
function prompted({ r, batch, prompts }: ForwardContext, x: Tensor, layer: number): Tensor {
  const own = layer > 0 ? prompts?.[layer] : undefined
  return own ? prependRows(r, own, dropRows(r, x, own.shape[0], batch), batch) : x
}

const block: Block = (context, input, layer) =>
  encoderBlock(context, prompted(context, input, layer), layer, `${layers}.${layer}.`, names, true)

export const vit: Family = {
  files,
  tensors,
  forward(context) {
    const { r, batch, length } = context
    const seen = { ...context, ranges: wholeRanges(r, batch * length, length) }
    return norm.apply(context, blocks(seen, embedded(context), block), 'vit.layernorm')
  },
  head: () => 'classifier.weight',
  headBias: 'classifier.bias',
  embedding: () => ({ name: `${patches}.weight`, scale: 1 }),
  ropeTables: () => [],
  linears: [query, key, value, out, up, down],
  feedForward: [up, down],
  sublayers: { attention: 'attention', feedForward: 'output' },
  keysAndValues: [key, value],
}
