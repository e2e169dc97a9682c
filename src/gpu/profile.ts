// How kernels are shaped for an adapter. The plain shapes run everywhere; this only picks what is fast.

/** A workgroup of 8 × `ty` threads makes `ty` · `rows` × 8 · `cols` outputs of a product. */
export interface Tile {
  ty: 8 | 16
  rows: 4 | 8
  cols: 4 | 8
}

/** Large tiles to choose from. */
export const tiles: readonly Tile[] = [
  { ty: 16, rows: 4, cols: 8 },
  { ty: 8, rows: 8, cols: 8 },
  { ty: 16, rows: 8, cols: 8 },
]

export interface Profile {
  /** A software adapter: barriers and loads are dear, registers cheap. */
  software: boolean
  /** Threads that share a row in row-wise kernels: 1 needs no workgroup memory. */
  lanes: 1 | 64
  /** Matrix products: register tiles straight from storage, such tiles shared by the four lanes of a quad, or tiles staged in workgroup memory. */
  matmul: 'register' | 'quad' | 'tiled'
  /** From how many rows on a product by quads unpacks its matrix first and reads it as f32. */
  unpackRows: number
  /** The large one of two sizes of tiles, and from how many of them on they beat small ones. */
  largeTile: Tile
  largeTiles: number
  /** Workgroups that keep the adapter busy: sums are split while there are fewer. */
  busyGroups: number
  /** Attention by single threads, by quads that share what they load (they need subgroups), or by tiles staged in workgroup memory. */
  attention: 'plain' | 'quad' | 'tiled'
  /** Queries (or keys) one thread of the plain attention kernels holds. */
  attentionRows: 1 | 4
  /** Bytes of logits that exist at once: few rows of a large vocabulary leave a GPU idle, many take memory. */
  logitBytes: number
  maxBindingBytes: number
  maxBufferBytes: number
}

interface ProfileSource {
  software: boolean
  /** The adapter has subgroups of four lanes or more. */
  quads: boolean
  /** Each lane's numbers are fetched one by one: what many read is best read plain. */
  scalarLoads: boolean
  maxBindingBytes: number
  maxBufferBytes: number
}

/** The shapes that measured best for the kind of adapter; `docs/benchmarks.md` has the numbers. */
export function profileFor({ quads, scalarLoads, ...source }: ProfileSource): Profile {
  const tile = { largeTile: tiles[0], largeTiles: 128 }
  const logitBytes = (source.software ? 32 : 96) * 2 ** 20
  if (!source.software)
    return {
      ...source,
      ...tile,
      logitBytes,
      lanes: 64,
      matmul: 'tiled',
      unpackRows: Infinity,
      busyGroups: 512,
      attention: 'tiled',
      attentionRows: 1,
    }
  const forms = { matmul: quads ? 'quad' : 'register', attention: quads ? 'quad' : 'plain' } as const
  return { ...source, ...tile, ...forms, logitBytes, lanes: 1, unpackRows: scalarLoads ? 96 : Infinity, busyGroups: 32, attentionRows: 4 }
}
