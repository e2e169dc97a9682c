// Soft cap of logits (Gemma Team 2024, arXiv 2408.00118, section 2).
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { threads, vectors } from './grid'

/** cap · tanh(x / cap), over x. Not differentiable by itself: the loss and attention cap in their own kernels. */
export function softCapInto(r: Recorder, x: Tensor, cap: number): void {
  const n = vectors(x)
  r.launch({ file: 'soft_cap', parts: ['common/index', 'common/soft_cap'] }, [x], [n, { f32: cap }], threads(n), n * 40)
}
