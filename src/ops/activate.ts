// Activation functions of feed-forwards without a gate. Each is a snippet, shaders/common/activate_*. GELU in its tanh form is in gelu.ts.
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { elementwise } from './grid'

function activated(r: Recorder, x: Tensor, name: 'gelu' | 'quick_gelu' | 'relu' | 'relu_squared' | 'silu', flops: number): Tensor {
  const parts = [`common/activate_${name}`]
  const y = r.empty(name, x.shape)
  elementwise(r, 'activate', [x, y], y, { parts, flops })
  r.record([y], [x], () => {
    const dx = r.empty(`d ${name}`, x.shape)
    elementwise(r, 'activate_backward', [x, r.grad(y), dx], x, { parts, flops: 2 * flops })
    r.passGrad(x, dx)
  })
  return y
}

/** x · Φ(x), elementwise: GELU by the normal distribution (`gelu` in transformers). */
export const exactGelu = (r: Recorder, x: Tensor): Tensor => activated(r, x, 'gelu', 100)

/** x · σ(1.702 x), elementwise (`quick_gelu` in transformers). */
export const quickGelu = (r: Recorder, x: Tensor): Tensor => activated(r, x, 'quick_gelu', 24)

/** max(x, 0), elementwise. `relu` writes over x; this keeps x, as a feed-forward's hooks need. */
export const reluOf = (r: Recorder, x: Tensor): Tensor => activated(r, x, 'relu', 8)

/** max(x, 0)², elementwise (`relu2` in transformers). */
export const squaredRelu = (r: Recorder, x: Tensor): Tensor => activated(r, x, 'relu_squared', 12)

/** x · σ(x), elementwise (`silu` and `swish` in transformers). */
export const silu = (r: Recorder, x: Tensor): Tensor => activated(r, x, 'silu', 24)
