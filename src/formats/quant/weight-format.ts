// The contract between a packed weight format, the loader and the WGSL readers.
import type { OddWeight } from './finite'
import type { WeightFormatId } from './format-id'

/**
 * A matrix [rows, cols], or one part of it cut by rows, is ONE buffer of u32 words on the GPU.
 * Blocks whose size is not a multiple of 4 bytes are split into aligned streams. For Q4_0 these are
 * all 16-byte nibble groups, then all f16 scales. The number of bytes stays the same (rounded up to 4).
 *
 * The reader, shaders/quant/<id>.wgsl, defines
 *     fn weight4(row: u32, col: u32) -> vec4<f32>   // weights [row, col … col+3], col a multiple of 4
 *     fn weight8(row: u32, col: u32) -> array<vec4<f32>, 2>   // 8 from col, col a multiple of 8 (fewer scale reads)
 *     alias Word = u32;   // what it reads at once; may be a vector
 * and may use these, which the composed kernel provides:
 *     var<storage, read> weights: array<Word>;  W_ROWS, W_COLS: u32 (of this part);  const COLS_MOD_8: u32 = W_COLS % 8
 */
export interface WeightFormat {
  id: WeightFormatId
  /** Name for people: `Q4_K`, `NF4 double-quantised`. */
  label: string
  /** Weights in a block. Rows of a file-side format have whole blocks. */
  blockWeights: number
  /** Bytes of a block in a file; 0 for formats that are only made while loading (nf4, nf4-dq). */
  blockBytes: number
  /** The WGSL reader of a matrix with rows of `cols` weights: snippets under shaders, in order. */
  reader(cols: number): readonly string[]
  /** Bytes of the GPU buffer of a part of `rows` × `cols`, a multiple of 4. */
  gpuBytes(rows: number, cols: number): number
  /**
   * Places whole rows. `bytes` are file-side rows [rowStart, rowStart + rowCount) of a part of `rows` × `cols`;
   * the result is the pieces to write into the GPU buffer. Offsets and lengths are multiples of 4
   * (callers choose row counts that make this possible: multiples of 32 rows, or the rest).
   */
  pack(
    bytes: Uint8Array<ArrayBuffer>,
    part: { rows: number; cols: number },
    rowStart: number,
    rowCount: number,
  ): { offset: number; bytes: Uint8Array<ArrayBuffer> }[]
  /**
   * The first weight among `count` (whole rows, file-side bytes) that is NaN or infinite. For packed weights the scales are checked, and
   * the result is the first weight of the block. undefined = all are finite.
   */
  oddWeight(bytes: Uint8Array<ArrayBuffer>, count: number): OddWeight | undefined
  /** Values of whole blocks in float32, from file-side bytes, on the CPU. Exports and tests use this. */
  decode(bytes: Uint8Array<ArrayBuffer>, count: number): Float32Array<ArrayBuffer>
  /** Quantises whole blocks as the format's reference does, to file-side bytes. Absent if no base becomes this format block by block. */
  encode?(values: Float32Array): Uint8Array<ArrayBuffer>
}

/** A format that is made from f32 values while loading. It takes a whole part, because double quantisation needs all absmax first. */
export interface Quantiser {
  id: WeightFormatId
  /**
   * Takes the matrix's rows in order and returns its GPU bytes. Beside the input chunk it needs memory for the packed result.
   * Blocks run over the flattened matrix, like bitsandbytes'.
   */
  start(rows: number, cols: number): { add(values: Float32Array): void; finish(): Uint8Array<ArrayBuffer> }
}
