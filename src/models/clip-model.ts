// CLIP (Radford et al. 2021, arXiv 2103.00020, section 2.4): a ViT with a norm in front of its blocks, and a decoder-like tower that reads
// texts. Features of a picture are those of [CLS], features of a text those of its last token; both are projected and made as long as 1.
import { clip as files } from '../formats/families/clip-model'
import type { ModelConfig, TextConfig } from '../formats/model-file'
import { add } from '../ops/add'
import { headLogits } from '../ops/cross-entropy'
import { embedding } from '../ops/embedding'
import { matmul } from '../ops/matmul'
import { pairScores } from '../ops/pair-scores'
import { addBlocks, firstRows, pickRows, prependRows, repeatRows } from '../ops/rows'
import { reshape } from '../ops/shape'
import { unitRows } from '../ops/unit-rows'
import { trainableWeight } from '../ops/weight'
import { wholeRanges } from '../ops/whole-ranges'
import { type Tensor, rowsOf } from '../tensor/tensor'
import { type Block, blocks, linear } from './decoder'
import { type EncoderNames, encoderBlock } from './encoder'
import type { Family, TensorNeed } from './family'
import type { ForwardContext } from './hooks'
import { layered } from './norms'

const [seeing, reading] = ['vision_model', 'text_model']
const scale = 'logit_scale'
const names: EncoderNames = {
  norm1: 'layer_norm1',
  query: 'self_attn.q_proj',
  key: 'self_attn.k_proj',
  value: 'self_attn.v_proj',
  out: 'self_attn.out_proj',
  norm2: 'layer_norm2',
  up: 'mlp.fc1',
  down: 'mlp.fc2',
  attention: 'self_attn',
  feedForward: 'mlp',
}
const attentionLayers = [names.query, names.key, names.value, names.out]
const norm = layered()

const vector = (name: string, shape: readonly number[]): TensorNeed => ({ name, kind: 'vector', shape })
const table = (name: string, shape: readonly number[]): TensorNeed => ({ name: `${name}.weight`, kind: 'table', shape })

/** The tensors of a tower's blocks. */
function blockNeeds(
  tower: string,
  { layers, hidden, intermediate }: Pick<ModelConfig, 'layers' | 'hidden' | 'intermediate'>,
): TensorNeed[] {
  const needs: TensorNeed[] = []
  const layer = (name: string, shape: readonly [number, number]) =>
    needs.push({ name: `${name}.weight`, kind: 'linear', shape }, vector(`${name}.bias`, [shape[0]]))
  for (let n = 0; n < layers; n++) {
    const at = `${tower}.encoder.layers.${n}.`
    needs.push(...norm.needs(at + names.norm1, hidden), ...norm.needs(at + names.norm2, hidden))
    for (const name of attentionLayers) layer(at + name, [hidden, hidden])
    layer(at + names.up, [intermediate, hidden])
    layer(at + names.down, [hidden, intermediate])
  }
  return needs
}

function tensors(config: ModelConfig): TensorNeed[] {
  const { hidden, context, vision, text } = config
  const { channels, patch } = vision!
  const { projection, ...read } = text!
  return [
    vector(scale, []),
    vector(`${seeing}.embeddings.class_embedding`, [hidden]),
    table(`${seeing}.embeddings.patch_embedding`, [hidden, channels, patch, patch]),
    vector(`${seeing}.embeddings.position_embedding.weight`, [context, hidden]),
    ...norm.needs(`${seeing}.pre_layrnorm`, hidden),
    ...blockNeeds(seeing, config),
    ...norm.needs(`${seeing}.post_layernorm`, hidden),
    table('visual_projection', [projection, hidden]),
    table(`${reading}.embeddings.token_embedding`, [read.vocab, read.hidden]),
    vector(`${reading}.embeddings.position_embedding.weight`, [read.context, read.hidden]),
    ...blockNeeds(reading, read),
    ...norm.needs(`${reading}.final_layer_norm`, read.hidden),
    table('text_projection', [projection, read.hidden]),
  ]
}

const block =
  (tower: string, whole: boolean): Block =>
  (context, x, layer) =>
    encoderBlock(context, x, layer, `${tower}.encoder.layers.${layer}.`, names, whole)

/** Pictures as they are before the projection, [B, C]. */
function seen(context: ForwardContext): Tensor {
  const { r, batch, config } = context
  const at = `${seeing}.embeddings`
  const patches = linear(context, context.patches!, `${at}.patch_embedding`)
  const first = reshape(r, context.vector(`${at}.class_embedding`)!, [1, config.hidden])
  const picture = prependRows(r, first, patches, batch)
  const placed = add(r, picture, repeatRows(r, context.vector(`${at}.position_embedding.weight`)!, batch))
  const whole = { ...context, length: config.context, ranges: wholeRanges(r, batch * config.context, config.context) }
  const x = blocks(whole, norm.apply(context, placed, `${seeing}.pre_layrnorm`), block(seeing, true))
  return norm.apply(context, firstRows(r, x, batch), `${seeing}.post_layernorm`)
}

/** Features of texts as long as 1: [K, P], or [B · K, P] if each picture has texts of its own. */
function read(context: ForwardContext, text: TextConfig, picture: Tensor | undefined): Tensor {
  const { r, hooks } = context
  const { ids, ranges, ends, place, places, count, length, templates } = context.texts!
  const at = `${reading}.embeddings`
  const words = embedding(r, ids, context.matrix(`${at}.token_embedding.weight`))
  const x = hooks.textRows?.(r, words, places, picture) ?? words
  const positions = repeatRows(r, rowsOf(context.vector(`${at}.position_embedding.weight`)!, 0, length), count)
  const own = { ...context, config: { ...context.config, ...text }, batch: count, length, ranges }
  const y = blocks(own, add(r, x, positions), block(reading, false))
  const last = norm.apply(own, pickRows(r, y, ends, place), `${reading}.final_layer_norm`)
  const features = unitRows(r, matmul(r, last, context.matrix('text_projection.weight')))
  // The mean of a class's features in several templates has the direction of their sum.
  return templates > 1 ? unitRows(r, addBlocks(r, features, templates)) : features
}

/** Features of pictures as long as 1, [B, P]. */
const featuresOf = (context: ForwardContext, x: Tensor): Tensor =>
  unitRows(context.r, matmul(context.r, x, context.matrix('visual_projection.weight')))

export const clip: Family = {
  files,
  tensors,
  forward: seen,
  scores(context) {
    const { r, hooks, config, batch, texts } = context
    const x = seen(context)
    const head = hooks.parameter?.('classifier.weight')
    if (head) {
      const [classes] = head.shape
      const logits = r.empty('scores', [batch, Math.ceil(classes / 4) * 4])
      const bias = hooks.parameter!('classifier.bias')
      return headLogits(r, x, trainableWeight(head), logits, { bias, vocab: classes, alter: (_r, _x, made) => made })
    }
    const picture = featuresOf(context, x)
    const text = texts!.features ?? read(context, config.text!, picture)
    return pairScores(r, picture, text, context.vector(scale)!, texts!.own)
  },
  features: {
    picture: (context) => featuresOf(context, seen(context)),
    text: (context) => read(context, context.config.text!, undefined),
    scale,
  },
  head: () => 'classifier.weight',
  embedding: () => ({ name: `${reading}.embeddings.token_embedding.weight`, scale: 1 }),
  ropeTables: () => [],
  linears: [...attentionLayers, names.up, names.down],
  feedForward: [names.up, names.down],
  keysAndValues: [names.key, names.value],
}
