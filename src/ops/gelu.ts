// GELU in its tanh form (Hendrycks & Gimpel 2016, arXiv 1606.08415, section 2): gelu_new and gelu_pytorch_tanh in transformers.
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { elementwise } from './grid'

const parts = ['common/gelu']

/** gelu(x), elementwise. */
export function gelu(r: Recorder, x: Tensor): Tensor {
  const y = r.empty('gelu', x.shape)
  elementwise(r, 'gelu', [x, y], y, { parts, flops: 40 })
  r.record([y], [x], () => {
    const dx = r.empty('d gelu', x.shape)
    elementwise(r, 'gelu_backward', [x, r.grad(y), dx], x, { parts, flops: 60 })
    r.passGrad(x, dx)
  })
  return y
}
