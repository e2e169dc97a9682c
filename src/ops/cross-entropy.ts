// The head and its loss, in tiles over the trained-on positions. The logits of a whole sequence never exist.
// (the idea of fused linear cross-entropy: Hsu 2024, Liger Kernel, arXiv 2410.10989, section 3.2)
import type { Profile } from '../gpu/profile'
import type { Recorder } from '../tensor/recorder'
import { type Tensor, rowsOf } from '../tensor/tensor'
import { copyInto } from './add'
import { addBias } from './bias'
import { countRight } from './count-right'
import { gatherRows } from './gather'
import { rowGroups, rowParts, rowVectors, threads } from './grid'
import { widened } from './heads'
import { productInput, productInto, productWeight } from './matmul'
import { stepMetricsPart } from './step-metrics'
import type { Weight } from './weight'

export interface LossInputs {
  /** Positions trained on, first `supervised` of [M]. */
  rows: Tensor
  /** The index of a position among them, [M]; 0xffffffff = not trained on. */
  place: Tensor
  /** Next token ids, [M]; −1 = none, −2 = padding. */
  targets: Tensor
  state: Tensor
  metrics: Tensor
}

/** Rows of logits that exist at once: a multiple of 64 that fits the adapter's bytes for logits. */
export function logitRows({ logitBytes }: Pick<Profile, 'logitBytes'>, positions: number, vocab: number): number {
  const rows = Math.floor(logitBytes / (vocab * 4) / 64) * 64
  return Math.min(positions, Math.max(64, rows))
}

/** Vectors of a row of logits per workgroup, if several workgroups share a row. */
const pieceVectors = 1024

/** losses [M] of the `rows` rows of `logits` from position `first` on, and their gradient in place where one is wanted. */
function crossEntropy(r: Recorder, inputs: LossInputs, logits: Tensor, loss: Tensor, place: LossPlace): void {
  const { first, rows, vocab, gradient, cap } = place
  const stride = logits.shape[1]
  const constants = { GRADIENT: gradient, CAP: { f32: cap } }
  const parts = [rowParts(r.profile), 'common/soft_cap', 'common/capped_logits']
  const read = [inputs.rows, inputs.targets, inputs.state, logits]
  const flops = rows * vocab * 10
  const pieces = Math.ceil(stride / 4 / pieceVectors)
  if (r.profile.lanes === 1 || pieces === 1) {
    const kernel = { file: 'cross_entropy', parts: [...parts, 'common/step_state'], constants }
    r.launch({ kernel, tensors: [...read, loss], params: { first, rows, vocab, stride }, workgroups: rowGroups(r.profile, rows), flops })
    return
  }
  const found = r.empty('loss parts', [rows, pieces, 2])
  const groups: [number, number, number] = [pieces, rows, 1]
  r.launch({
    kernel: { file: 'cross_entropy_parts', parts, constants },
    tensors: [logits, found],
    params: { rows, vocab, stride, pieces, vectors: pieceVectors },
    workgroups: groups,
    flops,
  })
  r.launch({
    kernel: { file: 'cross_entropy_whole', parts: [...parts, 'common/step_state'], constants },
    tensors: [...read, found, loss],
    params: { first, rows, vocab, stride, pieces, vectors: pieceVectors },
    workgroups: groups,
    flops,
  })
}

interface LossPlace {
  first: number
  rows: number
  vocab: number
  gradient: boolean
  cap: number
}

/** What is done to the head's logits: the bias of some families, and what a method changes. */
export interface HeadChange {
  /** [V] */
  bias?: Tensor
  /** Number of columns of the logits. It exceeds the head's rows if tokens were added. */
  vocab: number
  /** Logits [R, stride ≥ vocab] of hidden states x [R, C], which it may overwrite; `tile` is the number of the tile. */
  alter(r: Recorder, x: Tensor, logits: Tensor, tile: number): Tensor
}

/** Logits [R, stride ≥ V] of x [R, C] with `head` [V, C], on the tape, including what the method changes. Columns after V are not written. */
export function headLogits(r: Recorder, x: Tensor, head: Weight, logits: Tensor, change?: HeadChange, tile = 0): Tensor {
  productInto(r, x, head, logits, false)
  const trained = head.trainable
  r.record([logits], [x, ...(trained ? [trained] : [])], () => {
    const dy = r.grad(logits)
    if (x.requiresGrad) {
      const dx = r.gradTarget(x)
      productInput(r, dy, head, dx.tensor, dx.accumulate)
    }
    if (trained?.requiresGrad) productWeight(r, dy, x, r.gradTarget(trained).tensor, true)
  })
  const biased = change?.bias ? addBias(r, logits, widened(r, change.bias, logits.shape[1])) : logits
  return change?.alter(r, x, biased, tile) ?? biased
}

/** metrics.loss += mean of the losses of supervised rows. */
function addLosses(r: Recorder, { state, metrics }: Pick<LossInputs, 'state' | 'metrics'>, loss: Tensor, rows: number): void {
  r.launch({
    kernel: { file: 'loss_sum', parts: [rowParts(r.profile), 'common/step_state', stepMetricsPart] },
    tensors: [state, loss, metrics],
    params: { rows },
    workgroups: [1, 1, 1],
  })
}

/**
 * metrics.loss += mean cross-entropy of scores, and metrics.right += rows with the right class. Scores: [B, stride ≥ classes], a multiple of 4, whose rows are the supervised ones in order. With
 * `gradient`, sets the gradient of the scores, in their place.
 */
export function scoresLoss(r: Recorder, scores: Tensor, classes: number, inputs: LossInputs, gradient: boolean): void {
  const [rows] = scores.shape
  const loss = r.empty('losses', [rows])
  countRight(r, inputs, scores, { first: 0, rows, classes })
  crossEntropy(r, inputs, scores, loss, { first: 0, rows, vocab: classes, gradient, cap: 0 })
  if (gradient) r.passGrad(scores, scores)
  addLosses(r, inputs, loss, rows)
}

interface LossOptions {
  /** Logits are soft-capped: cap · tanh(logits / cap). */
  cap?: number
  change?: HeadChange
  /** Also counts rows with the right class: metrics.right. */
  counts?: boolean
}

/**
 * metrics.loss += mean loss of hidden [M, C] with `head` [V, C]. Sets the gradient of hidden if it is needed.
 * The gradient is computed in the forward pass, tile by tile, in place of the logits.
 */
export function headLoss(
  r: Recorder,
  hidden: Tensor,
  head: Weight,
  inputs: LossInputs,
  gradient: boolean,
  { cap = 0, change, counts }: LossOptions = {},
): void {
  const positions = hidden.shape[0]
  const vocab = change?.vocab ?? head.shape[0]
  const stride = Math.ceil(vocab / 4) * 4
  const tile = logitRows(r.profile, positions, vocab)
  const loss = r.empty('losses', [positions])
  const dhidden = gradient && hidden.requiresGrad ? r.empty('d picked', hidden.shape) : undefined
  const oneTile = (first: number) => {
    const rows = Math.min(tile, positions - first)
    const picked = gatherRows(r, hidden, inputs.rows, rows, first)
    if (dhidden) r.record([picked], [hidden], () => copyInto(r, r.grad(picked), rowsOf(dhidden, first, rows)))
    const logits = headLogits(r, picked, head, r.empty('logits', [rows, stride]), change, first / tile)
    // A cap keeps the order of logits.
    if (counts) countRight(r, inputs, logits, { first, rows, classes: vocab })
    crossEntropy(r, inputs, logits, loss, { first, rows, vocab, gradient, cap })
    if (gradient) r.passGrad(logits, logits)
  }
  for (let first = 0; first < positions; first += tile) r.beyondSupervised(first, () => r.atOnce(() => oneTile(first)))
  addLosses(r, inputs, loss, positions)
  if (!dhidden) return
  const to = r.gradTarget(hidden)
  const { n, row, parts } = rowVectors(hidden)
  r.launch({
    kernel: { file: 'scatter_rows', parts },
    tensors: [inputs.place, dhidden, to.tensor],
    params: { vectors: n, row_vectors: row, accumulate: to.accumulate },
    workgroups: threads(n),
  })
}
