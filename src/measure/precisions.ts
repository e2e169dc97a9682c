// The precisions of training that the benchmark of real models measures. A new one is a line here.
import type { Gpu } from '../gpu/gpu'
import type { Workload } from './workloads'

interface Precision {
  name: string
  /** Whether a device can compute in it. */
  offered(gpu: Gpu): boolean
  of: Pick<Workload, 'precision'>
}

export const precisions: readonly Precision[] = [
  { name: 'exact', offered: () => true, of: {} },
  { name: 'fast', offered: ({ profile }) => profile.f16 === true, of: { precision: 'fast' } },
]
