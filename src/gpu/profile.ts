// How kernels are shaped for an adapter. The plain shapes run everywhere; this only picks what is fast.

export interface Profile {
  /** A software adapter: barriers and loads are dear, registers cheap. */
  software: boolean
  /** Threads that share a row in row-wise kernels: 1 needs no workgroup memory. */
  lanes: 1 | 64
  /** Matrix products: register tiles straight from storage, such tiles shared by the four lanes of a quad, or tiles staged in workgroup memory. */
  matmul: 'register' | 'quad' | 'tiled'
  /** Workgroups that keep the adapter busy: products are cut smaller while there are fewer. */
  busyGroups: number
  /** Attention by single threads, by quads that share what they load (they need subgroups), or by tiles staged in workgroup memory. */
  attention: 'plain' | 'quad' | 'tiled'
  /** Queries (or keys) one thread of the plain attention kernels holds. */
  attentionRows: 1 | 4
  maxBindingBytes: number
  maxBufferBytes: number
}

export interface ProfileSource {
  software: boolean
  /** The adapter has subgroups of four lanes or more. */
  quads: boolean
  maxBindingBytes: number
  maxBufferBytes: number
}

/** The shapes that measured best for the kind of adapter; `docs/benchmarks.md` has the numbers. */
export function profileFor({ quads, ...source }: ProfileSource): Profile {
  if (!source.software) return { ...source, lanes: 64, matmul: 'tiled', busyGroups: 256, attention: 'tiled', attentionRows: 1 }
  return { ...source, lanes: 1, matmul: quads ? 'quad' : 'register', busyGroups: 32, attention: quads ? 'quad' : 'plain', attentionRows: 4 }
}
