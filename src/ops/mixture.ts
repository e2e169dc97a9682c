// A mixture of experts (Shazeer 2017, arXiv 1701.06538): a router chooses experts for each token, rows are sorted by expert, each expert's
// matrices are multiplied by its own rows only, and each token gets the sum of its experts' rows, weighted by their gates. Nothing is read
// back: a dispatch has as many tiles as any choice of experts could need, and the tiles without rows end at once.
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import type { ExpertPart, ExpertWeight } from './expert-weight'
import { rowGroups, rowParts, rowVectors, threads } from './grid'
import { readerParts } from './weight'

/** Rows in a tile, which one thread multiplies. */
const tileRows = 8

interface RouterRule {
  /** Experts for each token. */
  topK: number
  /** Whether the gates of a token's experts add up to `scale`. Else they are the experts' shares among all of them. */
  normalised: boolean
  /** Factor of the gates; 1 if absent. */
  scale?: number
}

/** Which experts M tokens go to. `slot` m · k + j is token m's j-th expert; S = M · k is the number of slots and of sorted rows. */
export interface Routing {
  topK: number
  experts: number
  /** f32 [M, k] */
  gates: Tensor
  /** u32 [S]: the sorted row of each slot. */
  place: Tensor
  /** u32 [S]: the slot of each sorted row. */
  slotOf: Tensor
  /** u32 [E + 1]: the first row of each expert. */
  starts: Tensor
  /** u32 [tiles, 3]: expert, first row, end of the rows. */
  tiles: Tensor
}

const ceil = (a: number, b: number) => Math.ceil(a / b)
const whole = (r: Recorder, label: string, shape: readonly number[]): Tensor => ({ ...r.empty(label, shape), dtype: 'u32' })

/** The most tiles that `slots` rows can need: each expert that has rows may leave one tile incomplete. */
function mostTiles(slots: number, experts: number): number {
  const used = Math.min(slots, experts)
  return used + Math.floor((slots - used) / tileRows)
}

/** Chooses experts for tokens with router logits z [M, E], and sorts their slots. Gates have a gradient, choices have none. */
export function route(r: Recorder, z: Tensor, { topK, normalised, scale = 1 }: RouterRule): Routing {
  const [rows, experts] = z.shape
  const constants = { EXPERTS: experts, TOP_K: topK, NORMALISED: normalised }
  const gates = r.empty('gates', [rows, topK])
  const chosen = whole(r, 'chosen experts', [rows, topK])
  r.launch({
    kernel: { file: 'mixture_choice', parts: ['common/index'], constants },
    tensors: [z, chosen, gates],
    params: { rows, scale },
    workgroups: threads(rows),
    flops: rows * experts * (topK + 2),
  })
  r.record([gates], [z], () => {
    const dz = r.gradTarget(z)
    r.launch({
      kernel: { file: 'mixture_choice_backward', parts: ['common/index'], constants },
      tensors: [z, chosen, gates, r.grad(gates), dz.tensor],
      params: { rows, scale, accumulate: dz.accumulate },
      workgroups: threads(rows),
      flops: rows * experts * 4,
    })
  })
  return { topK, experts, gates, ...sorted(r, chosen, experts) }
}

function sorted(r: Recorder, chosen: Tensor, experts: number): Pick<Routing, 'place' | 'slotOf' | 'starts' | 'tiles'> {
  const slots = chosen.shape[0] * chosen.shape[1]
  const tiles = mostTiles(slots, experts)
  const counts = whole(r, 'tokens of experts', [experts])
  const [place, slotOf] = [whole(r, 'sorted places', [slots]), whole(r, 'sorted slots', [slots])]
  const [starts, tileTable] = [whole(r, 'first rows of experts', [experts + 1]), whole(r, 'tiles of experts', [tiles, 3])]
  r.launch({
    kernel: { file: 'mixture_count' },
    tensors: [chosen, counts],
    params: { slots },
    workgroups: [experts, 1, 1],
    flops: slots * experts,
  })
  r.launch({
    kernel: { file: 'mixture_order', constants: { TILE: tileRows } },
    tensors: [chosen, counts, place, slotOf, starts, tileTable],
    params: { slots, experts, tiles },
    workgroups: [experts, 1, 1],
    flops: 2 * slots * experts,
  })
  return { place, slotOf, starts, tiles: tileTable }
}

/** y [S, C]: the token's row of x [M, C] for each sorted row, times its gate if `weighted`. Off the tape. */
function rowsOfSlots(r: Recorder, x: Tensor, { topK, gates, slotOf }: Routing, weighted: boolean, y: Tensor): void {
  const { n, row, parts } = rowVectors(x)
  r.launch({
    kernel: { file: 'mixture_rows', parts, constants: { TOP_K: topK, WEIGHTED: weighted } },
    tensors: [x, slotOf, gates, y],
    params: { vectors: n * topK, row_vectors: row },
    workgroups: threads(n * topK),
  })
}

/** out [M, C] (+)= the sum of a token's rows of y [S, C], times their gates if `weighted`. Off the tape. */
function sumOfSlots(r: Recorder, y: Tensor, { topK, gates, place }: Routing, weighted: boolean, out: Tensor, accumulate: boolean): void {
  const { n, row, parts } = rowVectors(out)
  r.launch({
    kernel: { file: 'mixture_sums', parts, constants: { TOP_K: topK, WEIGHTED: weighted } },
    tensors: [y, place, gates, out],
    params: { vectors: n, row_vectors: row, accumulate },
    workgroups: threads(n),
    flops: n * topK * 8,
  })
}

/** Rows of x [M, C] sorted by expert: [S, C]. */
export function toExperts(r: Recorder, x: Tensor, routing: Routing): Tensor {
  const y = r.empty('rows by expert', [x.shape[0] * routing.topK, x.shape[1]])
  rowsOfSlots(r, x, routing, false, y)
  r.record([y], [x], () => {
    const dx = r.gradTarget(x)
    sumOfSlots(r, r.grad(y), routing, false, dx.tensor, dx.accumulate)
  })
  return y
}

/** Σ_j gates[m, j] · the row of y [S, C] of slot (m, j): [M, C]. */
export function fromExperts(r: Recorder, y: Tensor, routing: Routing): Tensor {
  const { topK, gates, place } = routing
  const out = r.empty('sum of experts', [y.shape[0] / topK, y.shape[1]])
  sumOfSlots(r, y, routing, true, out, false)
  r.record([out], [y, gates], () => {
    const dout = r.grad(out)
    if (gates.requiresGrad) {
      const dgates = r.gradTarget(gates)
      const { row, part } = rowVectors(y)
      r.launch({
        kernel: { file: 'mixture_dots', parts: [part, rowParts(r.profile)], constants: { TOP_K: topK } },
        tensors: [dout, y, place, dgates.tensor],
        params: { slots: y.shape[0], row_vectors: row, accumulate: dgates.accumulate },
        workgroups: rowGroups(r.profile, y.shape[0]),
        flops: 2 * y.shape[0] * y.shape[1],
      })
    }
    if (!y.requiresGrad) return
    const dy = r.empty('d rows by expert', y.shape)
    rowsOfSlots(r, dout, routing, true, dy)
    r.passGrad(y, dy)
  })
  return out
}

/** `left` times the matrices of one part, into `into`; `input`: times their transposes. */
function launchPart(
  r: Recorder,
  weight: ExpertWeight,
  { first, experts, tensor, apart }: ExpertPart,
  { tiles }: Routing,
  { input, left, into, accumulate, scale }: { input: boolean; left: Tensor; into: Tensor; accumulate: boolean; scale: number },
): void {
  const [n, k] = weight.shape
  const count = tiles.shape[0]
  r.launch({
    kernel: {
      file: input ? 'mixture_product_input' : 'mixture_product',
      parts: ['common/mixture_product', ...readerParts(r.profile, weight)],
      constants: { COLS_MOD_8: k % 8, TILE: tileRows },
    },
    tensors: [tiles, left, tensor, into],
    params: { tiles: count, first, experts, n, w_cols: k, apart, accumulate, scale },
    workgroups: [ceil(input ? k : n, 32), ceil(count, 8), 1],
    flops: 2 * left.shape[0] * n * k * (experts / weight.parts.reduce((sum, part) => sum + part.experts, 0)),
  })
}

/** dW of every expert += scale · dyᵀ x over its rows, off the tape. */
function addWeightGradients(r: Recorder, dy: Tensor, x: Tensor, weight: ExpertWeight, { starts }: Routing, scale: number): void {
  const [n, k] = weight.shape
  for (const { first, experts, tensor, apart } of weight.parts)
    r.launch({
      kernel: { file: 'mixture_product_weight' },
      tensors: [starts, dy, x, tensor.grad!],
      params: { first, n, k, apart, scale },
      workgroups: [ceil(k, 32), ceil(n, 32), experts],
      flops: 2 * x.shape[0] * n * k,
    })
}

interface ProductOptions {
  scale?: number
  /** Add to this tensor [S, N] instead of making a new one; its old values must no longer be needed. */
  into?: Tensor
  label?: string
}

/** y [S, N] = scale · x [S, K] W_eᵀ (+ into), with e the expert of each row. */
export function expertProduct(r: Recorder, x: Tensor, weight: ExpertWeight, routing: Routing, options: ProductOptions = {}): Tensor {
  const { scale = 1, into: before, label = `${weight.name} x` } = options
  const y = before ? r.view(before) : r.empty(label, [x.shape[0], weight.shape[0]])
  // Each row is in one expert, and so in one part: parts write other rows.
  for (const part of weight.parts)
    launchPart(r, weight, part, routing, { input: false, left: x, into: y, accumulate: before !== undefined, scale })
  const trained = weight.trained ?? []
  r.record([y], [x, ...(before ? [before] : []), ...trained], () => {
    const dy = r.grad(y)
    if (x.requiresGrad) {
      const { tensor: dx, accumulate } = r.gradTarget(x)
      for (const part of weight.parts) launchPart(r, weight, part, routing, { input: true, left: dy, into: dx, accumulate, scale })
    }
    if (trained.some((t) => t.requiresGrad)) addWeightGradients(r, dy, x, weight, routing, scale)
    if (before) r.passGrad(before, dy)
  })
  return y
}
