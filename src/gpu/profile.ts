// Chooses the shapes of kernels for an adapter. The plain shapes run everywhere; this only chooses fast ones.

import type { MatrixForm } from './matrix-units'

/** A workgroup of 8 × `ty` threads computes `ty` · `rows` × 8 · `cols` outputs of a product. */
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
  /** A software adapter, on which barriers and loads are slow and registers are fast. */
  software: boolean
  /** The device computes in f16 (WebGPU's shader-f16). Absent in snapshots of older versions. */
  f16?: boolean
  /** How many threads share a row in row-wise kernels. 1 needs no workgroup memory. */
  lanes: 1 | 64
  /** Matrix products: register tiles read from storage, such tiles shared by four or eight lanes, or tiles in workgroup memory. */
  matmul: 'register' | 'quad' | 'octet' | 'tiled'
  /** The number of rows from which a product by quads or octets unpacks its matrix first and reads it as f32. */
  unpackRows: number
  /** The larger of two tile sizes, and the number of such tiles from which they are faster than small ones. */
  largeTile: Tile
  largeTiles: number
  /**
   * How products with frozen matrices hold their factors in workgroup memory: as halves that are multiplied in f16, or as halves that are
   * widened before they are multiplied in f32. Absent = in f32.
   */
  halves?: 'multiplied' | 'widened'
  /**
   * Subgroup matrices in tiled products: for exact ones, with factors in f32, and for fast ones in place of `halves`. Absent = none. Only
   * tuning chooses them.
   */
  matrices?: { exact?: MatrixForm; fast?: MatrixForm }
  /** How many workgroups keep the adapter busy. With fewer, sums are split. */
  busyGroups: number
  /** Attention by single threads, by quads that share what they load (they need subgroups), or by tiles staged in workgroup memory. */
  attention: 'plain' | 'quad' | 'tiled'
  /** How many queries (or keys) a thread of the plain attention kernels holds. */
  attentionRows: 1 | 4
  /** Bytes of logits that exist at once. Few rows of a large vocabulary leave a GPU idle, and many take memory. */
  logitBytes: number
  maxBindingBytes: number
  maxBufferBytes: number
}

interface ProfileSource {
  software: boolean
  f16?: boolean
  /** Lanes of the adapter's smallest subgroup; 1 = it has none. */
  subgroup: number
  /** The numbers of each lane are loaded one by one, so weights that many rows read are best unpacked first. */
  scalarLoads: boolean
  maxBindingBytes: number
  maxBufferBytes: number
}

/** The same shapes with halves in products with frozen matrices. Software adapters convert every number around each operation in f16. */
export function withHalves(profile: Profile): Profile {
  return { ...profile, halves: profile.software ? 'widened' : 'multiplied' }
}

/** The shapes that were fastest on the kind of adapter. `docs/benchmarks.md` has the numbers. */
export function profileFor({ subgroup, scalarLoads, ...source }: ProfileSource): Profile {
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
  const quads = subgroup >= 4
  // In larger subgroups, some lanes of an octet's would be idle.
  const forms = { matmul: subgroup === 8 ? 'octet' : quads ? 'quad' : 'register', attention: quads ? 'quad' : 'plain' } as const
  return { ...source, ...tile, ...forms, logitBytes, lanes: 1, unpackRows: scalarLoads ? 96 : Infinity, busyGroups: 32, attentionRows: 4 }
}
