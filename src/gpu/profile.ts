// How kernels are shaped for an adapter. The plain shapes run everywhere; this only picks what is fast.

export interface Profile {
  /** A software adapter: barriers and loads are dear, registers cheap. */
  software: boolean
  /** Threads that share a row in row-wise kernels: 1 needs no workgroup memory. */
  lanes: 1 | 64
  /** Matrix products: register tiles straight from storage, or tiles staged in workgroup memory. */
  matmul: 'register' | 'tiled'
  /** Products and attention whose four neighbouring lanes share what they load; needs subgroups. */
  quads: boolean
  /** Queries (or keys) one thread of the attention kernels holds. */
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
export function profileFor(source: ProfileSource): Profile {
  return source.software
    ? { ...source, lanes: 1, matmul: 'register', attentionRows: 4 }
    : { ...source, lanes: 64, matmul: 'tiled', quads: false, attentionRows: 1 }
}
