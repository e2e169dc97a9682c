// A pass over recorded launches. A low-rank product (LoRA's) becomes part of a large product if it adds to the matrix that the large
// one has just written or adds to next. The matrix is then written once instead of twice, with one dispatch less.
import type { Kernel } from '../gpu/kernel'
import type { Launch } from '../tensor/recorder'
import type { Product } from '../tensor/role'

/** The snippet of a kernel that could include a low-rank product. */
export const noLowRank = 'common/no_low_rank'

const mostRank = 64

/** A product in the list of launches. It is computed by `launches[first]` to `launches[end - 1]`. */
interface Place {
  product: Product
  first: number
  end: number
}

/** Whether it may become part of another product. A kernel writes to the arena, and a buffer that it writes to cannot also be bound for reading. */
function isLowRank({ f32, whole, inner, left, matrix }: Product): boolean {
  return f32 && whole && inner <= mostRank && inner % 4 === 0 && left.shape[1] === inner && matrix.space.kind !== 'arena'
}

function takesLowRank({ product, first }: Place, launches: readonly Launch[]): boolean {
  return product.whole && (launches[first].kernel.parts?.includes(noLowRank) ?? false)
}

/**
 * The product that last wrote `into` before `launches[end]`, under the same condition, and the additions to it since then. Undefined
 * if anything else has touched its space since then.
 */
function lastProduct(
  launches: readonly Launch[],
  end: number,
  { into }: Product,
  condition: number | undefined,
): (Place & { additions: Launch[] }) | undefined {
  if (into.space.kind !== 'arena') return
  const additions: Launch[] = []
  for (let at = end - 1; at >= 0; at--) {
    const { role, tensors, beyondSupervised } = launches[at]
    if (!tensors.some((t) => t.space === into.space)) continue
    if (beyondSupervised !== condition) return
    if (role?.kind === 'addition') {
      additions.unshift(launches[at])
      continue
    }
    // A view of some rows may begin at the same place as the whole matrix.
    const same = role?.kind === 'product' && role.into.offset === into.offset && role.into.shape[0] === into.shape[0]
    return same ? { product: role, first: at + 1 - role.launches, end: at + 1, additions } : undefined
  }
  return
}

function withLowRank(kernel: Kernel): Kernel {
  return { ...kernel, parts: kernel.parts?.map((part) => (part === noLowRank ? 'common/low_rank' : part)) }
}

/** The launches of `large` with `small` as part of them. */
function withUpdate([product, ...sum]: readonly Launch[], large: Product, small: Product, accumulate: boolean): Launch[] {
  const fused: Launch = {
    ...product,
    kernel: withLowRank(product.kernel),
    tensors: [...product.tensors, small.left, small.matrix],
    params: {
      ...product.params,
      accumulate: accumulate && !sum.length,
      extra: small.inner,
      extra_scale: small.scale / large.scale,
    },
    flops: product.flops + 2 * small.left.shape[0] * small.inner * small.into.shape[1],
    role: undefined,
  }
  return [fused, ...sum.map((launch) => ({ ...launch, params: { ...launch.params, accumulate }, role: undefined }))]
}

/** Fuses the last product of the list with an earlier one, if they fit. Additions in between then come after it. */
function joinLast(launches: Launch[], next: Product): void {
  const end = launches.length
  const first = end - next.launches
  const before = next.accumulate ? lastProduct(launches, first, next, launches[end - 1].beyondSupervised) : undefined
  if (!before || before.product.direction !== next.direction) return
  const last: Place = { product: next, first, end }
  const [large, small] = next.inner < before.product.inner ? [before, last] : [last, before]
  if (!isLowRank(small.product) || !takesLowRank(large, launches)) return
  const fused = withUpdate(launches.slice(large.first, large.end), large.product, small.product, before.product.accumulate)
  const between = launches.slice(before.end, first).filter((launch) => !before.additions.includes(launch))
  launches.splice(before.first, end, ...between, ...fused, ...before.additions)
}

/** The list with low-rank products fused into large ones. All other launches stay the same objects. */
export function fuseLowRank(launches: readonly Launch[]): Launch[] {
  const done: Launch[] = []
  for (const launch of launches) {
    done.push(launch)
    if (launch.role?.kind === 'product') joinLast(done, launch.role)
  }
  return done
}
