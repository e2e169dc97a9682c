// The head and its loss in tiles over the trained-on positions: logits of the whole sequence never exist.
// (the idea of fused linear cross-entropy: Hsu 2024, Liger Kernel, arXiv 2410.10989, section 3.2)
import type { Recorder } from '../tensor/recorder'
import { type Tensor, rowsOf } from '../tensor/tensor'
import { gatherRows } from './gather'
import { rowGroups, rowParts, rowVectors, threads, vectors } from './grid'
import { productInput, productInto, productWeight } from './matmul'
import type { Weight } from './weight'

export interface LossInputs {
  /** Positions trained on, first `supervised` of [M]. */
  rows: Tensor
  /** Where a position stands among them, [M]; 0xffffffff = not trained on. */
  place: Tensor
  /** Next token ids, [M]; −1 = none, −2 = padding. */
  targets: Tensor
  state: Tensor
  metrics: Tensor
}

/** Rows of logits that exist at once: at most 32 MiB, a multiple of 64. */
export function logitRows(positions: number, vocab: number): number {
  const rows = Math.floor((32 * 2 ** 20) / (vocab * 4) / 64) * 64
  return Math.min(positions, Math.max(64, rows))
}

/**
 * metrics[slot] += mean loss of hidden [M, C] under `head` [V, C]; sets hidden's gradient when one is wanted.
 * The gradient is made in the forward pass, tile by tile. With `cap` the logits are soft-capped: cap · tanh(logits / cap).
 */
export function headLoss(r: Recorder, hidden: Tensor, head: Weight, inputs: LossInputs, gradient: boolean, slot = 0, cap = 0): void {
  const positions = hidden.shape[0]
  const [vocab] = head.shape
  const stride = Math.ceil(vocab / 4) * 4
  const tile = logitRows(positions, vocab)
  const loss = r.empty('losses', [positions])
  const wanted = gradient && hidden.requiresGrad
  const dhidden = wanted ? r.empty('d picked', hidden.shape) : undefined
  const parts = [rowParts(r.profile), 'common/step_state']
  const lossParts = [...parts, 'common/soft_cap']
  for (let first = 0; first < positions; first += tile) {
    const rows = Math.min(tile, positions - first)
    r.beyondSupervised(first, () => {
      const picked = gatherRows(r, hidden, inputs.rows, rows, first)
      const logits = r.empty('logits', [rows, stride])
      productInto(r, picked, head, logits, false)
      r.launch(
        { file: 'cross_entropy', parts: lossParts, constants: { GRADIENT: gradient, CAP: { f32: cap } } },
        [inputs.rows, inputs.targets, inputs.state, logits, loss],
        [first, rows, vocab, stride],
        rowGroups(r.profile, rows),
        rows * vocab * 10,
      )
      if (dhidden) productInput(r, logits, head, rowsOf(dhidden, first, rows), false)
      if (gradient && head.trainable?.requiresGrad) productWeight(r, logits, picked, r.gradTarget(head.trainable).tensor, true)
    })
  }
  r.launch({ file: 'loss_sum', parts }, [inputs.state, loss, inputs.metrics], [slot], [1, 1, 1])
  if (!dhidden) return
  const to = r.gradTarget(hidden)
  r.launch(
    { file: 'scatter_rows', parts: ['common/index'] },
    [inputs.place, dhidden, to.tensor],
    [vectors(hidden), rowVectors(hidden), to.accumulate ? 1 : 0],
    threads(vectors(hidden)),
  )
}
