// A mixture of experts in place of a feed-forward (Shazeer 2017, arXiv 1701.06538): a router's probabilities choose a few experts for each
// token, and weigh their outputs. The loss that balances the experts' load is not computed (docs/models.md).
import { expertName, stackName } from '../formats/expert-tensors'
import type { ExpertMatrix, FamilyFiles, Mixture } from '../formats/families/family-files'
import { layersName } from '../formats/hf-names'
import type { ModelConfig } from '../formats/model-file'
import { type Routing, expertProduct, fromExperts, route, toExperts } from '../ops/mixture'
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { linear } from './decoder'
import type { TensorNeed } from './family'
import type { ForwardContext } from './hooks'

const matrices: readonly ExpertMatrix[] = ['gate', 'up', 'down']

/** The mixture of a layer; undefined for a layer with a feed-forward. */
export function mixtureIn({ experts }: FamilyFiles, config: ModelConfig, layer: number): Mixture | undefined {
  if (!experts || !(experts.in?.(config, layer) ?? true)) return undefined
  return experts.mixture(config)
}

/** [out, in] of an expert's matrix. */
const shapeOf = ({ hidden }: ModelConfig, inner: number, matrix: ExpertMatrix): readonly [number, number] =>
  matrix === 'down' ? [hidden, inner] : [inner, hidden]

/** The tensors of a layer's mixture: the router keeps the file's format, as llama.cpp keeps it, and the experts get the base precision. */
export function mixtureTensors(
  { name: family, experts: files }: FamilyFiles,
  config: ModelConfig,
  layer: number,
  mixture: Mixture,
): TensorNeed[] {
  const { count, inner } = mixture
  const router = `${layersName(family)}.${layer}.${files!.router}`
  const needs: TensorNeed[] = [{ name: `${router}.weight`, kind: 'table', shape: [count, config.hidden], router: true }]
  for (const matrix of matrices)
    for (let e = 0; e < count; e++)
      needs.push({
        name: expertName(family, layer, e, matrix),
        kind: 'linear',
        shape: shapeOf(config, inner, matrix),
        expert: { stack: stackName(family, layer, matrix), index: e },
      })
  return needs
}

/** One linear layer of every expert, with the method's hook, on rows x [S, in] sorted by expert. */
function expertLinear(context: ForwardContext, x: Tensor, routing: Routing, layer: number, matrix: ExpertMatrix): Tensor {
  const { r, config, hooks } = context
  const { family } = config
  const names = Array.from({ length: routing.experts }, (_, e) => expertName(family, layer, e, matrix))
  const weight = context.experts(stackName(family, layer, matrix), names)
  const y = expertProduct(r, x, weight, routing)
  const site = { names: names.map((name) => name.replace(/\.weight$/, '')), weight }
  return hooks.experts?.(r, site, routing, x, y) ?? y
}

/** Σ over each token's experts of gate · down (gated(gate x, up x)), for normed x [M, C]. */
export function mixtureOutput(
  context: ForwardContext,
  { name: family, experts: files }: FamilyFiles,
  { perToken, normalised }: Mixture,
  x: Tensor,
  layer: number,
  gated: (r: Recorder, gate: Tensor, up: Tensor) => Tensor,
): Tensor {
  const { r } = context
  const z = linear(context, x, `${layersName(family)}.${layer}.${files!.router}`)
  const routing = route(r, z, { topK: perToken, normalised })
  const rows = toExperts(r, x, routing)
  const product = (input: Tensor, matrix: ExpertMatrix) => expertLinear(context, input, routing, layer, matrix)
  const inner = gated(r, product(rows, 'gate'), product(rows, 'up'))
  return fromExperts(r, product(inner, 'down'), routing)
}
