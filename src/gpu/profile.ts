// How kernels are shaped for an adapter. The plain shapes run everywhere; this only picks what is fast.

/** A workgroup of 8 × `ty` threads makes `ty` · `rows` × 8 · `cols` outputs of a product. */
export interface Tile {
  ty: 8 | 16
  rows: 4 | 8
  cols: 4 | 8
}

export interface Profile {
  /** A software adapter: barriers and loads are dear, registers cheap. */
  software: boolean
  /** Threads that share a row in row-wise kernels: 1 needs no workgroup memory. */
  lanes: 1 | 64
  /** Matrix products: register tiles straight from storage, such tiles shared by the four lanes of a quad, or tiles staged in workgroup memory. */
  matmul: 'register' | 'quad' | 'tiled'
  /** The large one of two sizes of tiles, and from how many of them on they beat small ones. */
  largeTile: Tile
  largeTiles: number
  /** Workgroups that keep the adapter busy: sums are split while there are fewer. */
  busyGroups: number
  /** Attention by single threads, or by quads that share what they load; quads need subgroups. */
  attention: 'plain' | 'quad'
  /** Queries (or keys) one thread of the attention kernels holds. */
  attentionRows: 1 | 4
  /** Bytes of logits that exist at once: few rows of a large vocabulary leave a GPU idle, many take memory. */
  logitBytes: number
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
  const logitBytes = (source.software ? 32 : 96) * 2 ** 20
  if (!source.software)
    return {
      ...source,
      logitBytes,
      lanes: 64,
      matmul: 'tiled',
      largeTile: { ty: 16, rows: 4, cols: 8 },
      largeTiles: 128,
      busyGroups: 512,
      attention: 'plain',
      attentionRows: 1,
    }
  return {
    ...source,
    logitBytes,
    lanes: 1,
    matmul: quads ? 'quad' : 'register',
    largeTile: { ty: 16, rows: 4, cols: 8 },
    largeTiles: 128,
    busyGroups: 32,
    attention: quads ? 'quad' : 'plain',
    attentionRows: 4,
  }
}
