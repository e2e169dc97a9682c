// A product of low rank (LoRA's) that adds to a matrix which a large one has just written, or that a large one is about to add
// to, becomes a part of the large one: one pass over the matrix instead of two, and one dispatch.
import type { Launch, Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import type { Form } from './matmul-forms'

/** A product as it was launched: `into` [M, W] (+)= scale · left [M, inner] times `right`. */
export interface Product {
  direction: 'forward' | 'input'
  form: Form
  /** Left factor, matrix, result. */
  tensors: readonly [Tensor, Tensor, Tensor]
  /** Rows and columns of the matrix. */
  shape: readonly [number, number]
  /** The matrix is one in f32; it is not divided. */
  f32: boolean
  whole: boolean
  accumulate: boolean
  scale: number
}

export interface LowRank {
  left: Tensor
  right: Tensor
  rank: number
  scale: number
}

interface Launched {
  product: Product
  /** The launches that made it, one behind the other. */
  launches: number
}

const products = new WeakMap<Launch, Launched>()

/** Remembers what the last launches were. */
export function rememberProduct(r: Recorder, product: Product, launches: number): void {
  products.set(r.launches[r.launches.length - 1], { product, launches })
}

const additions = new WeakSet<Launch>()

/** Says that the last launch adds to its last tensor, in place, and touches it nowhere else: additions to one matrix may change places. */
export function rememberAddition(r: Recorder): void {
  additions.add(r.launches[r.launches.length - 1])
}

const mostRank = 64

const inner = ({ direction, shape: [n, k] }: Product) => (direction === 'forward' ? k : n)

/** Whether `p` may ride along. The arena is bound to be written; its parts cannot be read in the same dispatch. */
function isLowRank(p: Product): boolean {
  const rank = inner(p)
  return p.f32 && p.whole && rank <= mostRank && rank % 4 === 0 && p.tensors[0].shape[1] === rank && p.tensors[1].space.kind !== 'arena'
}

const carriers = { forward: 'matmul_tiled', input: 'matmul_input_tiled' } as const

function isCarrier({ form, whole, direction }: Product): boolean {
  return whole && form.kernel.file === carriers[direction]
}

/**
 * The product at which the last launches stand that touch what `tensor` lies in: the last of them but for additions, which may
 * come after, where all were made under the same condition.
 */
function lastAt(r: Recorder, tensor: Tensor): (Launched & { at: number; additions: number[] }) | undefined {
  if (tensor.space.kind !== 'arena') return
  const touches = (launch: Launch) => launch.tensors.some((t) => t.space === tensor.space)
  const condition = r.launches[r.launches.length - 1]?.beyondSupervised
  const added: number[] = []
  for (let at = r.launches.length - 1; at >= 0; at--) {
    const launch = r.launches[at]
    if (!touches(launch)) continue
    if (launch.beyondSupervised !== condition) return
    if (additions.has(launch)) {
      added.push(at)
      continue
    }
    const launched = products.get(launch)
    const made = launched?.product.tensors[2]
    // Some rows of a matrix begin where all of it does.
    return launched && made?.offset === tensor.offset && made.shape[0] === tensor.shape[0]
      ? { ...launched, at, additions: added }
      : undefined
  }
  return
}

/**
 * The one product that does what `next`, about to be launched, and the product before it on the same matrix do together; what
 * that launched is taken back, and what was added since then, which shall come behind. Undefined where they do not fit.
 */
export function joined(r: Recorder, next: Product): { product: Product; lowRank: LowRank; behind: Launch[] } | undefined {
  const before = next.accumulate ? lastAt(r, next.tensors[2]) : undefined
  if (!before || before.product.direction !== next.direction) return
  const [large, small] = inner(next) < inner(before.product) ? [before.product, next] : [next, before.product]
  if (!isLowRank(small) || !isCarrier(large)) return
  // From the last one on, so that places stay true.
  const behind = before.additions.flatMap((at) => r.launches.splice(at, 1)).reverse()
  r.launches.splice(before.at - before.launches + 1, before.launches)
  const [left, right] = small.tensors
  return {
    product: { ...large, accumulate: before.product.accumulate },
    lowRank: { left, right, rank: inner(small), scale: small.scale / large.scale },
    behind,
  }
}
