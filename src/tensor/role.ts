// What a launch does to its tensors. An op describes it as data, for passes over the recorded list (ops/low-rank.ts).
import type { Tensor } from './tensor'

/** into [M, W] (+)= scale · left [M, inner] times a matrix. */
export interface Product {
  kind: 'product'
  /** `forward`: the sum runs along the matrix's rows, as in x Wᵀ; `input`: along its columns, as in dy W. */
  direction: 'forward' | 'input'
  left: Tensor
  matrix: Tensor
  into: Tensor
  /** Length of the sum. */
  inner: number
  /** The matrix is f32, and its rows are a multiple of 4 long. */
  f32: boolean
  /** The matrix is in one buffer, not divided over several. */
  whole: boolean
  accumulate: boolean
  scale: number
  /** How many consecutive launches compute it: two if the second one adds up the parts of a split sum. The last one has this role. */
  launches: 1 | 2
}

/** Adds to its last tensor in place and does not use that tensor otherwise. So additions to the same matrix may change their order. */
interface Addition {
  kind: 'addition'
}

export type Role = Product | Addition
