// y = scale · x Wᵀ over packed or trainable weights, with its three products: forward, to the input, to the weight.
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { threads } from './grid'
import { forwardForm, inputForm, weightForm } from './matmul-forms'
import type { Weight } from './weight'

export interface MatmulOptions {
  scale?: number
  /** Add to this tensor [M, N] instead of making a new one; its old values must not be needed any more. */
  into?: Tensor
  label?: string
}

/** y [M, N] at column `first` of rows `stride` long (+)= scale · x [M, K] Wᵀ, off the tape. */
export function productInto(r: Recorder, x: Tensor, weight: Weight, y: Tensor, accumulate: boolean, scale = 1): void {
  const rows = x.shape[0]
  const k = weight.shape[1]
  for (const part of weight.parts) {
    const { kernel, groups, place } = forwardForm(r, weight, part, rows, y.shape[1], accumulate)
    r.launch(kernel, [x, part.tensor, y], [...place, part.rows, k, accumulate ? 1 : 0, { f32: scale }], groups, 2 * rows * part.rows * k)
  }
}

/** dx [M, K] (+)= scale · dy [M, N] W, off the tape. */
export function productInput(r: Recorder, dy: Tensor, weight: Weight, dx: Tensor, accumulate: boolean, scale = 1): void {
  const [rows, stride] = dy.shape
  const k = weight.shape[1]
  weight.parts.forEach((part, i) => {
    const adds = accumulate || i > 0
    const { kernel, groups, place } = inputForm(r, weight, part, rows, stride, adds)
    r.launch(kernel, [dy, part.tensor, dx], [...place, part.rows, k, adds ? 1 : 0, { f32: scale }], groups, 2 * rows * part.rows * k)
  })
}

/** dW [N, K] (+)= scale · dyᵀ x over f32 tensors, off the tape; rows of dy may be longer than N. */
export function productWeight(r: Recorder, dy: Tensor, x: Tensor, dw: Tensor, accumulate: boolean, scale = 1): void {
  const [rows, stride] = dy.shape
  const [n, k] = dw.shape
  const { kernel, groups } = weightForm(r, rows, stride, n, k, accumulate)
  const splits = groups[2]
  const into = splits === 1 ? dw : r.empty(`${dw.label} splits`, [splits, n, k])
  r.launch(
    kernel,
    [dy, x, into],
    [rows, stride, n, k, Math.ceil(rows / splits), { f32: scale }, splits === 1 && accumulate ? 1 : 0],
    groups,
    2 * rows * n * k,
  )
  if (splits > 1)
    r.launch(
      { file: 'split_sum', parts: ['common/index'] },
      [into, dw],
      [n * k, splits, accumulate ? 1 : 0],
      threads(n * k),
      splits * n * k,
    )
}

/** y [M, N] = scale · x [M, K] Wᵀ (+ into). */
export function matmul(r: Recorder, x: Tensor, weight: Weight, options: MatmulOptions = {}): Tensor {
  const scale = options.scale ?? 1
  const before = options.into
  const y = before ? r.view(before) : r.empty(options.label ?? `${weight.name} x`, [x.shape[0], weight.shape[0]])
  productInto(r, x, weight, y, before !== undefined, scale)
  const inputs = [x, ...(before ? [before] : []), ...(weight.trainable ? [weight.trainable] : [])]
  r.record([y], inputs, () => {
    const dy = r.grad(y)
    if (x.requiresGrad) {
      const dx = r.gradTarget(x)
      productInput(r, dy, weight, dx.tensor, dx.accumulate, scale)
    }
    if (weight.trainable?.requiresGrad) {
      const dw = r.gradTarget(weight.trainable)
      productWeight(r, dy, x, dw.tensor, dw.accumulate, scale)
    }
    if (before) r.passGrad(before, dy)
  })
  return y
}
