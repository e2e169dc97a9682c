// GELU in its tanh form (Hendrycks & Gimpel 2016, arXiv 1606.08415, section 2): gelu_new and gelu_pytorch_tanh in transformers.
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { threads, vectors } from './grid'

const parts = ['common/index', 'common/gelu']

/** gelu(x), elementwise. */
export function gelu(r: Recorder, x: Tensor): Tensor {
  const n = vectors(x)
  const y = r.empty('gelu', x.shape)
  r.launch({ file: 'gelu', parts }, [x, y], [n], threads(n), n * 40)
  r.record([y], [x], () => {
    const dx = r.empty('d gelu', x.shape)
    r.launch({ file: 'gelu_backward', parts }, [x, r.grad(y), dx], [n], threads(n), n * 60)
    r.passGrad(x, dx)
  })
  return y
}
