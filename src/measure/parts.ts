// The parts of a step: which launches belong to which, how long each takes, and what limits it.
import type { BenchBound, BenchPart, BenchPartName } from '../config/bench-models'
import type { KernelTime } from '../tensor/program'
import type { Launch } from '../tensor/recorder'
import type { Ceilings, Rate } from './ceilings'

/** The kernels whose name begins so belong to a part. Products are divided by their matrix first. */
const kernels: readonly (readonly [string, BenchPartName])[] = [
  ['matmul_weight', 'adapter'],
  ['matmul_input', 'products to the input'],
  ['matmul', 'products forward'],
  ['unpack_weights', 'products forward'],
  ['attention', 'attention'],
  ['cross_entropy', 'head and loss'],
  ['loss_sum', 'head and loss'],
  ['gather_rows', 'head and loss'],
  ['scatter_rows', 'head and loss'],
  ['grad_norm', 'optimizer'],
  ['adamw', 'optimizer'],
]

/** The part of a launch of LoRA. `head`: the name of the head's matrix, which may also be the embedding. */
export function partOf({ kernel: { file }, tensors }: Launch, head: string): BenchPartName {
  const product = file.startsWith('matmul')
  const matrix = tensors[1]
  if (product && matrix.label === head) return 'head and loss'
  if (product && matrix.space.kind === 'slot' && matrix.space.slot.purpose === 'adapter') return 'adapter'
  return kernels.find(([name]) => file.startsWith(name))?.[1] ?? 'norms, activations and sums'
}

function partRow(part: BenchPartName, { launches, ms, flops, bytes }: KernelTime, ceilings: Ceilings, product: Rate): BenchPart {
  const least: Record<Exclude<BenchBound, 'host'>, number> = {
    arithmetic: flops / product.perMs,
    memory: bytes / ceilings.copy.perMs,
    launches: launches * ceilings.launchMs,
  }
  const [bound, leastMs] = (['arithmetic', 'memory', 'launches'] as const)
    .map((name) => [name, least[name]] as const)
    .reduce((most, one) => (one[1] > most[1] ? one : most))
  return { part, launches, ms, gflop: flops / 1e9, gb: bytes / 1e9, share: leastMs / ms, bound }
}

/** The rows of a step that took `stepMs`, the longest first. What no kernel took is one of them. */
export function partRows(table: ReadonlyMap<BenchPartName, KernelTime>, stepMs: number, ceilings: Ceilings, product: Rate): BenchPart[] {
  const rows = [...table].map(([part, time]) => partRow(part, time, ceilings, product))
  const ms = stepMs - rows.reduce((sum, row) => sum + row.ms, 0)
  const outside: BenchPart[] = ms > 0 ? [{ part: 'outside kernels', launches: 0, ms, gflop: 0, gb: 0, share: 1, bound: 'host' }] : []
  return [...rows, ...outside].sort((a, b) => b.ms - a.ms)
}
