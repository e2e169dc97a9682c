// xIELU, an activation function with trained slopes (Huang & Schlag 2024, arXiv 2411.13010, section 3). The formula is in shaders/common/xielu.wgsl.
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { dotGradient } from './dot'
import { elementwise } from './grid'

/** Its numbers, [1] each. `alphaP` and `alphaN` are in front of softplus and may be trained. */
interface XieluNumbers {
  alphaP: Tensor
  alphaN: Tensor
  beta: Tensor
  epsilon: Tensor
}

/** xIELU of x, elementwise, of any shape. */
export function xielu(r: Recorder, x: Tensor, { alphaP, alphaN, beta, epsilon }: XieluNumbers): Tensor {
  const parts = ['common/xielu']
  const numbers = [alphaP, alphaN, beta, epsilon]
  const y = r.empty('xielu', x.shape)
  elementwise(r, 'xielu', [...numbers, x, y], y, { parts, flops: 80 })
  r.record([y], [x, alphaP, alphaN], () => {
    const dy = r.grad(y)
    if (alphaP.requiresGrad || alphaN.requiresGrad) {
      const [up, down] = [r.empty('xielu up', x.shape), r.empty('xielu down', x.shape)]
      elementwise(r, 'xielu_shares', [...numbers, x, up, down], x, { parts, flops: 80 })
      if (alphaP.requiresGrad) dotGradient(r, dy, up, alphaP)
      if (alphaN.requiresGrad) dotGradient(r, dy, down, alphaN)
    }
    if (!x.requiresGrad) return
    const dx = r.empty('d xielu', x.shape)
    elementwise(r, 'xielu_backward', [...numbers, x, dy, dx], x, { parts, flops: 90 })
    r.passGrad(x, dx)
  })
  return y
}
