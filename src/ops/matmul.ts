// y = scale · x Wᵀ over packed or trainable weights, with its three products: forward, gradient of the input, gradient of the weight.
import type { Recorder } from '../tensor/recorder'
import type { Product } from '../tensor/role'
import type { Tensor } from '../tensor/tensor'
import { type Form, forwardForm, inputForm, weightForm } from './matmul-forms'
import { rowHalves } from './row-halves'
import { addParts } from './split-sum'
import { unpacked } from './unpack'
import type { Weight, WeightPart } from './weight'

interface MatmulOptions {
  scale?: number
  /** Add to this tensor [M, N] instead of making a new one; its old values must no longer be needed. */
  into?: Tensor
  label?: string
}

/** Launches the product of left [M, …] and one part of a matrix. If the sum is split, a second launch adds up its parts. */
function launchProduct(
  r: Recorder,
  { kernel, groups, place, splits = 1, packsLeft }: Form,
  weight: Weight,
  part: WeightPart,
  { direction, left, into, accumulate, scale }: Pick<Product, 'direction' | 'left' | 'into' | 'accumulate' | 'scale'>,
): void {
  const [n, k] = [part.rows, weight.shape[1]]
  const parted = splits > 1
  const to = parted ? r.empty(`${into.label} splits`, [splits, ...into.shape]) : into
  const role: Product = {
    kind: 'product',
    direction,
    left,
    matrix: part.tensor,
    into,
    inner: direction === 'forward' ? k : n,
    f32: weight.format === 'f32' && k % 4 === 0,
    whole: weight.parts.length === 1,
    accumulate,
    scale,
    launches: parted ? 2 : 1,
  }
  const first = direction === 'forward' ? 0 : part.firstRow
  const factor = packsLeft ? rowHalves(r, left, first, role.inner) : left
  r.launch({
    kernel,
    tensors: [factor, part.tensor, to],
    params: { ...place, w_rows: n, w_cols: k, accumulate: accumulate && !parted, scale },
    workgroups: groups,
    flops: 2 * left.shape[0] * n * k,
    role: parted ? undefined : role,
  })
  if (parted) addParts(r, to, into, accumulate, role)
}

/** y [M, N] at column `first` of rows `stride` long (+)= scale · x [M, K] Wᵀ, off the tape. */
export function productInto(r: Recorder, x: Tensor, weight: Weight, y: Tensor, accumulate: boolean, scale = 1): void {
  for (const packed of weight.parts) {
    const { weight: matrix, part } = unpacked(r, weight, packed, x.shape[0], y.shape[1])
    const form = forwardForm(r, matrix, part, x.shape[0], y.shape[1], accumulate)
    launchProduct(r, form, matrix, part, { direction: 'forward', left: x, into: y, accumulate, scale })
  }
}

/** dx [M, K] (+)= scale · dy [M, N] W, off the tape. */
export function productInput(r: Recorder, dy: Tensor, weight: Weight, dx: Tensor, accumulate: boolean, scale = 1): void {
  const [rows, stride] = dy.shape
  weight.parts.forEach((packed, i) => {
    const adds = accumulate || i > 0
    const { weight: matrix, part } = unpacked(r, weight, packed, rows, stride)
    const form = inputForm(r, matrix, part, rows, stride, adds)
    launchProduct(r, form, matrix, part, { direction: 'input', left: dy, into: dx, accumulate: adds, scale })
  })
}

/** dW [N, K] (+)= scale · dyᵀ x over f32 tensors, off the tape; rows of dy may be longer than N. */
export function productWeight(r: Recorder, dy: Tensor, x: Tensor, dw: Tensor, accumulate: boolean, scale = 1): void {
  const [rows, stride] = dy.shape
  const [n, k] = dw.shape
  if (thinWeight(r, dy, x, dw, accumulate, scale)) return
  const { kernel, groups, splits } = weightForm(r, rows, stride, n, k, accumulate)
  const into = splits === 1 ? dw : r.empty(`${dw.label} splits`, [splits, n, k])
  r.launch({
    kernel,
    tensors: [dy, x, into],
    params: { rows, stride, n, k, split_rows: Math.ceil(rows / splits), scale, accumulate: splits === 1 && accumulate },
    workgroups: groups,
    flops: 2 * rows * n * k,
  })
  if (splits > 1) addParts(r, into, dw, accumulate)
}

/** The same for a dW with a short side (LoRA's A and B), on adapters with many threads. It needs no splits. */
function thinWeight(r: Recorder, dy: Tensor, x: Tensor, dw: Tensor, accumulate: boolean, scale: number): boolean {
  const [n, k] = dw.shape
  const short = n <= k
  const [thin, wide] = short ? [n, k] : [k, n]
  const [thinTensor, wideTensor] = short ? [dy, x] : [x, dy]
  const strides = { thin_stride: thinTensor.shape[1], wide_stride: wideTensor.shape[1] }
  if (r.profile.lanes === 1 || thin > 32 || wide < 4 * thin || wide % 4 || Object.values(strides).some((stride) => stride % 4)) return false
  const steps = short ? { thin_step: k, wide_step: 1 } : { thin_step: 1, wide_step: k }
  // Few workgroups would leave a GPU idle, and narrow ones read the thin matrix more often.
  const lanes = wide < 4 * r.profile.busyGroups ? 2 : 4
  const groups: [number, number, number] = [Math.ceil(wide / 4 / lanes), Math.ceil(thin / 8), 1]
  r.launch({
    kernel: { file: 'matmul_weight_thin', constants: { LANES: lanes } },
    tensors: [thinTensor, wideTensor, dw],
    params: { rows: x.shape[0], thin, wide, ...strides, ...steps, accumulate, scale },
    workgroups: groups,
    flops: 2 * x.shape[0] * n * k,
  })
  return true
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
