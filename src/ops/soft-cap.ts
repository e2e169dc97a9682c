// Soft cap of logits (Gemma Team 2024, arXiv 2408.00118, section 2).
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { elementwise } from './grid'

/** cap · tanh(x / cap), over x. Not differentiable by itself: the loss and attention cap in their own kernels. */
export function softCapInto(r: Recorder, x: Tensor, cap: number): void {
  elementwise(r, 'soft_cap', [x], x, { params: { cap }, parts: ['common/soft_cap'], flops: 40 })
}
