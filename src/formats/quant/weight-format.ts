// The contract between a packed weight format, the loader and the WGSL readers.
import type { OddWeight } from './finite'
import type { WeightFormatId } from './format-id'

/**
 * A matrix [rows, cols] (or one part of it, cut by rows) lies on the GPU in ONE buffer of u32 words.
 * Blocks whose size is no multiple of 4 bytes are split into aligned streams, e.g. Q4_0:
 * all 16-byte nibble groups, then all f16 scales. Same number of bytes (rounded up to 4).
 *
 * The reader, shaders/quant/<id>.wgsl, defines
 *     fn weight4(row: u32, col: u32) -> vec4<f32>   // weights [row, col … col+3], col a multiple of 4
 *     fn weight8(row: u32, col: u32) -> array<vec4<f32>, 2>   // 8 from col, col a multiple of 8 (fewer scale reads)
 *     alias Word = u32;   // what it reads at once; or a vector of them
 * and may use, provided by whoever composes the kernel:
 *     var<storage, read> weights: array<Word>;  W_ROWS, W_COLS: u32 (of this part);  const COLS_MOD_8: u32 = W_COLS % 8
 */
export interface WeightFormat {
  id: WeightFormatId
  /** For people: `Q4_K`, `NF4 double-quantised`. */
  label: string
  /** Weights in a block; rows of a file-side format hold whole blocks. */
  blockWeights: number
  /** Bytes of a block in a file; 0 where the format is only made by us while loading (nf4, nf4-dq). */
  blockBytes: number
  /** The WGSL reader of a matrix with rows of `cols` weights: snippets under shaders, in order. */
  reader(cols: number): readonly string[]
  /** Bytes of the GPU buffer of a part of `rows` × `cols`, a multiple of 4. */
  gpuBytes(rows: number, cols: number): number
  /**
   * Where whole rows go. `bytes` are file-side rows [rowStart, rowStart + rowCount) of a part of `rows` × `cols`;
   * the result are the pieces to write into the GPU buffer. Offsets and lengths are multiples of 4
   * (callers choose row counts so that this can hold: multiples of 32 rows, or the rest).
   */
  pack(
    bytes: Uint8Array<ArrayBuffer>,
    part: { rows: number; cols: number },
    rowStart: number,
    rowCount: number,
  ): { offset: number; bytes: Uint8Array<ArrayBuffer> }[]
  /**
   * The first weight among `count` (whole rows, file-side bytes) that is NaN or infinite; of packed weights their scales say it, and the
   * first of the block stands for it. undefined = all are finite.
   */
  oddWeight(bytes: Uint8Array<ArrayBuffer>, count: number): OddWeight | undefined
  /** Values of whole blocks in float32, straight from file-side bytes: the CPU's reference, used for exports and tests. */
  decode(bytes: Uint8Array<ArrayBuffer>, count: number): Float32Array<ArrayBuffer>
}

/** A format that is made from f32 values while loading. Quantising needs all absmax first for double quantisation, so it takes a whole part. */
export interface Quantiser {
  id: WeightFormatId
  /**
   * Takes the matrix's rows in order and gives back its GPU bytes. Working memory beside the input chunk: the packed result.
   * Blocks run over the flattened matrix, as bitsandbytes does it.
   */
  start(rows: number, cols: number): { add(values: Float32Array): void; finish(): Uint8Array<ArrayBuffer> }
}
