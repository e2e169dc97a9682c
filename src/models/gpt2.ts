// GPT-2 (Radford 2019): layer norms, learned positions, one matrix for q, k and v, biases everywhere, GELU without a gate.
// The publisher's files hold linear layers as [in, out]. Readers transpose them (formats/conv1d.ts).
import { gpt2 as files } from '../formats/families/gpt2'
import { setting } from '../formats/families/setting'
import type { ModelConfig } from '../formats/model-file'
import { exactGelu } from '../ops/activate'
import { add } from '../ops/add'
import { embedding } from '../ops/embedding'
import { gelu } from '../ops/gelu'
import { layerNorm } from '../ops/layer-norm'
import { splitColumns } from '../ops/shape'
import type { Tensor } from '../tensor/tensor'
import { type Block, attend, blocks, embedTokens, join, linear } from './decoder'
import type { Family, TensorNeed } from './family'
import type { ForwardContext } from './hooks'

const tokens = 'transformer.wte.weight'
const positions = 'transformer.wpe.weight'
const linears = ['attn.c_attn', 'attn.c_proj', 'mlp.c_fc', 'mlp.c_proj'] as const

function tensors(c: ModelConfig): TensorNeed[] {
  const shapes = {
    'attn.c_attn': [3 * c.hidden, c.hidden],
    'attn.c_proj': [c.hidden, c.hidden],
    'mlp.c_fc': [c.intermediate, c.hidden],
    'mlp.c_proj': [c.hidden, c.intermediate],
  }
  const vector = (name: string, size: number): TensorNeed => ({ name, kind: 'vector', shape: [size] })
  const normOf = (name: string) => [vector(`${name}.weight`, c.hidden), vector(`${name}.bias`, c.hidden)]
  const needs: TensorNeed[] = [
    { name: tokens, kind: 'table', shape: [c.vocab, c.hidden] },
    { name: positions, kind: 'table', shape: [c.context, c.hidden] },
  ]
  for (let layer = 0; layer < c.layers; layer++) {
    const at = `transformer.h.${layer}`
    needs.push(...normOf(`${at}.ln_1`), ...normOf(`${at}.ln_2`))
    for (const name of linears)
      needs.push({ name: `${at}.${name}.weight`, kind: 'linear', shape: shapes[name] }, vector(`${at}.${name}.bias`, shapes[name][0]))
  }
  needs.push(...normOf('transformer.ln_f'))
  if (!c.tied) needs.push({ name: 'lm_head.weight', kind: 'table', shape: [c.vocab, c.hidden] })
  return needs
}

function norm(context: ForwardContext, x: Tensor, name: string): Tensor {
  return layerNorm(context.r, x, context.vector(`${name}.weight`)!, context.vector(`${name}.bias`)!, context.config.normEpsilon)
}

function scaleOf(c: ModelConfig, layer: number): number {
  const byHead = setting(c, 'scale_attn_weights', 'none') === false ? 1 : 1 / Math.sqrt(c.headDim)
  return setting(c, 'scale_attn_by_inverse_layer_idx', 'none') === true ? byHead / (layer + 1) : byHead
}

const block: Block = (context, x, layer) => {
  const { r, config: c } = context
  const at = `transformer.h.${layer}`
  const headsOf = (from: Tensor) => splitColumns(r, linear(context, from, `${at}.attn.c_attn`), [c.hidden, c.hidden, c.hidden])
  const [q, k, v] = headsOf(norm(context, x, `${at}.ln_1`))
  const keysOf = (from: Tensor) => {
    const [, promptK, promptV] = headsOf(from)
    return { k: promptK, v: promptV }
  }
  const heads = attend(context, layer, q, { k, v }, keysOf, { scale: scaleOf(c, layer) })
  const attended = join(context, x, linear(context, heads, `${at}.attn.c_proj`), `${at}.attn`)
  const activation = c.hiddenAct === 'gelu' ? exactGelu : gelu
  const inner = activation(r, linear(context, norm(context, attended, `${at}.ln_2`), `${at}.mlp.c_fc`))
  return join(context, attended, linear(context, inner, `${at}.mlp.c_proj`), `${at}.mlp`)
}

export const gpt2: Family = {
  files,
  tensors,
  forward(context) {
    const { r } = context
    const x = embedTokens(context, { name: tokens, scale: 1 })
    const placed = add(r, embedding(r, context.positions, context.matrix(positions)), x)
    return norm(context, blocks(context, placed, block), 'transformer.ln_f')
  },
  head: (config) => (config.tied ? tokens : 'lm_head.weight'),
  embedding: () => ({ name: tokens, scale: 1 }),
  ropeTables: () => [],
  linears,
  feedForward: ['mlp.c_fc', 'mlp.c_proj'],
  keysAndValues: ['attn.c_attn'],
  promptsBehindOutput: true,
}
