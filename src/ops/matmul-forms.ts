// Chooses the kernel of a product and its workgroups by shape and adapter.
import type { Kernel, KernelConstant } from '../gpu/kernel'
import { type MatrixForm, turnOf } from '../gpu/matrix-units'
import type { Params } from '../gpu/params'
import type { Profile, Tile } from '../gpu/profile'
import type { Recorder } from '../tensor/recorder'
import { rowGroups, rowParts, threads } from './grid'
import { noLowRank } from './low-rank'
import { type Weight, type WeightPart, readerParts, remainder, sharedReaderParts } from './weight'

export interface Form {
  kernel: Kernel
  groups: [number, number, number]
  /** Parameters in addition to the matrix's shape and the use of the result. */
  place: Params
  /** Parts of the sum. Each is a matrix, and the caller adds them up; absent = 1. */
  splits?: number
  /** The kernel reads the left factor as `rowHalves` packs it. */
  packsLeft?: boolean
}

const ceil = (a: number, b: number) => Math.ceil(a / b)

/** Thin, odd or small products use the register form on every adapter, since a tile would be mostly idle. */
function useTiles(r: Recorder, rows: number, width: number, inner: number): boolean {
  return r.profile.matmul === 'tiled' && rows >= 32 && width >= 32 && inner >= 16
}

/**
 * Whether the products with a part of a matrix have halves as factors: only if the matrix is frozen, since a trained one would lose what
 * small steps add to it, and only if tiles are full.
 */
export function useHalves({ profile }: Pick<Recorder, 'profile'>, weight: Weight, part: WeightPart, rows: number): boolean {
  const k = weight.shape[1]
  return profile.halves !== undefined && !weight.trainable && Math.min(rows, part.rows, k) >= 32 && k % 16 === 0
}

/** A few outputs with long sums would leave a GPU idle, so lanes share each sum. */
function useShared(r: Recorder, width: number, inner: number): boolean {
  return r.profile.lanes > 1 && width <= 32 && inner >= 128
}

/** Large tiles read less; for few outputs, small ones keep an adapter busy. */
const smallTile: Tile = { ty: 8, rows: 4, cols: 4 }

const down = (t: Tile) => t.ty * t.rows
const across = (t: Tile) => 8 * t.cols

function tileFor(r: Recorder, rows: number, width: number): Tile {
  const { largeTile, largeTiles } = r.profile
  return ceil(rows, down(largeTile)) * ceil(width, across(largeTile)) >= largeTiles ? largeTile : smallTile
}

function tileConstants({ ty, rows, cols }: Tile): Record<string, KernelConstant> {
  const shape = { TY: ty, ROWS: rows, COLS: cols, VECTORS: cols / 4 }
  return { ...shape, X_LOADS: rows / 2, W_LOADS: (2 * cols) / ty }
}

/** The kernel `matmul` or `matmul_input` in tiles: with factors as halves, or in f32. */
function tiledKernel(file: string, { halves }: Profile, weight: Weight, tile: Tile, asHalves: boolean): Kernel {
  const constants = { ...remainder(weight), ...tileConstants(tile) }
  const parts = ['common/product', 'common/add_product', noLowRank, ...sharedReaderParts(weight), `common/${file}_tiles`]
  if (!asHalves) return { file: `${file}_tiled`, parts, constants }
  const factors = halves === 'multiplied' ? 'common/factors_f16' : 'common/factors_widened'
  // A lane fetches eight numbers of the left factor at once, instead of four.
  return { file: `${file}_halves`, parts: [...parts, factors, 'common/halves'], constants: { ...constants, X_LOADS: tile.rows / 4 } }
}

function weightTileConstants({ ty, rows, cols }: Tile): Record<string, KernelConstant> {
  const shape = { TY: ty, ROWS: rows, ROW_VECTORS: rows / 4, COLS: cols, VECTORS: cols / 4 }
  return { ...shape, DY_LOADS: rows / 2, X_LOADS: (4 * cols) / ty }
}

/** Splits of a long sum, each a multiple of `turn` and at least 256 long, if there are at most half of the tiles that keep the adapter busy. */
function splitSum(r: Recorder, groups: number, inner: number, turn = 16): { splits: number; split: number } {
  const wanted = Math.min(Math.floor(r.profile.busyGroups / groups), Math.floor(inner / 256))
  const split = turn * ceil(inner, turn * Math.max(1, wanted))
  return { splits: ceil(inner, split), split }
}

interface Sizes {
  rows: number
  width: number
  inner: number
}

/** The subgroup matrices for a product, if the profile has some for its precision and its sizes fill a tile. */
function matricesFor(r: Recorder, asHalves: boolean, { rows, width, inner }: Sizes): MatrixForm | undefined {
  const { halves, matrices } = r.profile
  if (!matrices || Math.min(rows, width) < 32 || inner < 16 || useShared(r, width, inner)) return
  return asHalves ? (halves === 'multiplied' ? matrices.fast : undefined) : matrices.exact
}

/** The product by subgroup matrices: `width` outputs of each of `rows` rows, sums `inner` long. */
function matrixProduct(
  r: Recorder,
  form: MatrixForm,
  direction: 'forward' | 'input',
  weight: Weight,
  { rows, width, inner, whole }: Sizes & { whole: boolean },
): Pick<Form, 'kernel' | 'groups' | 'splits' | 'packsLeft'> & { split: number } {
  const { turn, pad } = turnOf(form)
  const [threads, pieces] = [4 * form.lanes, turn / 8]
  const [across_, down_] = [ceil(width, 64), ceil(rows, 2 * form.rows)]
  const { splits, split } = whole ? splitSum(r, across_ * down_, inner, turn) : { splits: 1, split: inner }
  const halves = form.factors === 'f16'
  const product = ['common/product', 'common/add_product', noLowRank, ...sharedReaderParts(weight)]
  const place =
    direction === 'forward' ? ['common/matrix_forward', 'common/matmul_tiles'] : ['common/matrix_input', 'common/matmul_input_tiles']
  const factors = halves ? ['common/factors_f16', 'common/halves', 'common/matrix_f16'] : ['common/matrix_f32']
  const parts = [...product, ...place, ...factors, ...(form.pinned ? ['common/pinned_subgroups'] : [])]
  const constants: Record<string, KernelConstant> = {
    ...remainder(weight),
    // common/matmul_input_tiles counts columns by it for other kernels.
    COLS: 8,
    MAT_M: form.m,
    MAT_N: form.n,
    MAT_K: form.k,
    DOWN: form.rows / form.m,
    ACROSS: 32 / form.n,
    TURN: turn,
    PAD: pad,
    THREADS: threads,
    LANES: form.lanes,
    A_LOADS: ceil(2 * form.rows * pieces, threads),
    B_LOADS: ceil(64 * pieces, threads),
  }
  return { kernel: { file: 'matmul_matrix', parts, constants }, groups: [across_, down_, splits], splits, split, packsLeft: halves }
}

/** Products by four or eight lanes that share what they load. */
const isShared = ({ matmul }: Profile): boolean => matmul === 'quad' || matmul === 'octet'

/** With fewer rows, lanes of a quad would be idle, and a quad stores whole vectors. */
export function useQuads(r: Recorder, rows: number, part: WeightPart, stride: number): boolean {
  return isShared(r.profile) && rows >= 16 && part.rows % 4 === 0 && part.firstRow % 4 === 0 && stride % 4 === 0
}

/** Eight lanes make `down` × `across` outputs, which thin products do not fill. */
const octet = { down: 32, across: 32 }

function useOctets(r: Recorder, rows: number, width: number): boolean {
  return r.profile.matmul === 'octet' && rows >= octet.down && width >= octet.across
}

/** Loads before the arithmetic of a turn make lavapipe's quads up to twice as fast, and SwiftShader's 6 to 8 % slower. */
function sharedConstants({ profile }: Recorder, file: string, accumulate: boolean): Record<string, KernelConstant> {
  return { ACCUMULATE: accumulate, ...(file.endsWith('_quad') && { AHEAD: profile.matmul === 'octet' }) }
}

/** The inputs of a product by quads or octets. */
function quadParts(parts: readonly string[], { tensor }: WeightPart): string[] {
  return [...parts, 'common/plus_product', tensor.space.kind === 'arena' ? 'common/weights_unpacked' : 'common/weights_packed']
}

/** The parameters of common/product; `split`: the length of the sum that one split takes. */
export function placeOf(rows: number, stride: number, first: number, split = 0): Params {
  return { rows, stride, first, split, extra: 0, extra_scale: 0 }
}

/** For y [rows, stride] from x [rows, K] by a part of the matrix. */
export function forwardForm(r: Recorder, weight: Weight, part: WeightPart, rows: number, stride: number, accumulate: boolean): Form {
  const constants = remainder(weight)
  const k = weight.shape[1]
  const reader = readerParts(r.profile, weight)
  const plain = ['common/product', 'common/index', ...reader]
  if (k % 4)
    return {
      kernel: { file: 'matmul_any', parts: plain, constants },
      groups: threads(rows * part.rows),
      place: placeOf(rows, stride, part.firstRow),
    }
  if (rows < 4) {
    const [x, y] = rowGroups(r.profile, part.rows)
    return {
      kernel: { file: 'matvec', parts: [...reader, rowParts(r.profile)], constants: { ...constants, ROWS: rows } },
      groups: [x, y, 1],
      place: { stride, first: part.firstRow },
    }
  }
  const parts = ['common/product', ...reader]
  const place = placeOf(rows, stride, part.firstRow)
  const halves = useHalves(r, weight, part, rows)
  const sizes = { rows, width: part.rows, inner: k }
  const matrices = k % 16 ? undefined : matricesFor(r, halves, sizes)
  if (matrices) {
    const { split, ...form } = matrixProduct(r, matrices, 'forward', weight, { ...sizes, whole: part.rows === stride })
    return { ...form, place: placeOf(rows, stride, part.firstRow, split) }
  }
  if (!halves && useQuads(r, rows, part, stride)) {
    const [file, width] = useOctets(r, rows, part.rows) ? ['matmul_octet', octet.across] : ['matmul_quad', 64]
    return {
      kernel: { file, parts: quadParts(parts, part), constants: { ...constants, ...sharedConstants(r, file, accumulate) } },
      groups: [ceil(rows, 32), ceil(part.rows, width), 1],
      place,
    }
  }
  if (useShared(r, part.rows, k))
    return {
      kernel: { file: 'matmul_thin', parts: [...parts, 'common/sum_lanes'], constants },
      groups: [ceil(part.rows, 8), ceil(rows, 4), 1],
      place,
    }
  if (!halves && (!useTiles(r, rows, part.rows, k) || k % 16))
    return { kernel: { file: 'matmul', parts, constants }, groups: [ceil(part.rows, 32), ceil(rows, 64), 1], place }
  const tile = tileFor(r, rows, part.rows)
  const [across_, down_] = [ceil(part.rows, across(tile)), ceil(rows, down(tile))]
  // Parts of a sum are stored without gaps.
  const { splits, split } = part.rows === stride ? splitSum(r, across_ * down_, k) : { splits: 1, split: k }
  const kernel = tiledKernel('matmul', r.profile, weight, tile, halves)
  return { kernel, groups: [across_, down_, splits], place: placeOf(rows, stride, part.firstRow, split), splits }
}

/** For dx [rows, K] from dy [rows, stride] by a part of the matrix. */
export function inputForm(r: Recorder, weight: Weight, part: WeightPart, rows: number, stride: number, accumulate: boolean): Form {
  const constants = remainder(weight)
  const k = weight.shape[1]
  const parts = ['common/product', ...readerParts(r.profile, weight)]
  const place = placeOf(rows, stride, part.firstRow)
  const halves = useHalves(r, weight, part, rows)
  if (k % 4 || stride % 4)
    return {
      kernel: { file: 'matmul_input_any', parts: ['common/index', ...parts], constants },
      groups: threads(rows * ceil(k, 4)),
      place,
    }
  const sizes = { rows, width: k, inner: part.rows }
  const matrices = k % 8 ? undefined : matricesFor(r, halves, sizes)
  if (matrices) {
    const { split, ...form } = matrixProduct(r, matrices, 'input', weight, { ...sizes, whole: true })
    return { ...form, place: placeOf(rows, stride, part.firstRow, split) }
  }
  if (!halves && useQuads(r, rows, part, stride)) {
    const [file, width] = useOctets(r, rows, k) ? ['matmul_input_octet', octet.across] : ['matmul_input_quad', 64]
    return {
      kernel: { file, parts: quadParts(parts, part), constants: { ...constants, ...sharedConstants(r, file, accumulate) } },
      groups: [ceil(k, width), ceil(rows, 32), 1],
      place,
    }
  }
  if (useShared(r, k, part.rows))
    return {
      kernel: { file: 'matmul_input_thin', parts: [...parts, 'common/sum_lanes'], constants },
      groups: [ceil(k, 8), ceil(rows, 4), 1],
      place,
    }
  if (!halves && (!useTiles(r, rows, k, part.rows) || k % 8))
    return { kernel: { file: 'matmul_input', parts, constants }, groups: [ceil(k, 64), ceil(rows, 32), 1], place }
  const tile = tileFor(r, rows, k)
  const [across_, down_] = [ceil(k, across(tile)), ceil(rows, down(tile))]
  const { splits, split } = splitSum(r, across_ * down_, part.rows)
  const kernel = tiledKernel('matmul_input', r.profile, weight, tile, halves)
  return { kernel, groups: [across_, down_, splits], place: placeOf(rows, stride, part.firstRow, split), splits }
}

/** Tiles, and enough splits of the rows to keep the adapter busy, with at least 64 rows each. */
function splitGroups(r: Recorder, rows: number, x: number, y: number): [number, number, number] {
  const splits = Math.min(ceil(r.profile.busyGroups, x * y), Math.floor(rows / 64), 64)
  return [x, y, Math.max(1, splits)]
}

/** SwiftShader runs every 16th workgroup in sequence. In this order, these share the data that they read. */
const turn = 16

/** The parameters of all its forms. */
const weightProduct = 'common/weight_product'

/** For dW [n, k] from dy [rows, stride] and x [rows, k]; `splits`: of the rows. */
export function weightForm(
  r: Recorder,
  rows: number,
  stride: number,
  n: number,
  k: number,
  accumulate: boolean,
): Pick<Form, 'kernel' | 'groups'> & { splits: number } {
  const whole = n % 4 === 0 && k % 4 === 0 && stride % 4 === 0
  if (whole && useOctets(r, n, k)) {
    const groups = splitGroups(r, rows, ceil(k, octet.across), ceil(n, octet.down))
    const constants = { ACCUMULATE: accumulate && groups[2] === 1 }
    return { kernel: { file: 'matmul_weight_octet', parts: [weightProduct, 'common/plus_product'], constants }, groups, splits: groups[2] }
  }
  if (whole && isShared(r.profile)) {
    // On wide tiles, a thin matrix would leave lanes idle.
    const vectors = n < 32 ? 1 : 2
    const [x, y, splits] = splitGroups(r, rows, ceil(k, 64), ceil(n, 16 * vectors))
    const constants = { VECTORS: vectors, ROWS: 4 * vectors, ACCUMULATE: accumulate && splits === 1 }
    // A few workgroups would not fill all turns.
    const turns = y >= 4 * turn ? turn : 1
    return {
      kernel: { file: 'matmul_weight_quad', parts: [weightProduct, 'common/plus_product'], constants },
      groups: [turns, x * splits, ceil(y, turns)],
      splits,
    }
  }
  if (whole && useTiles(r, n, k, rows)) {
    const tile = tileFor(r, n, k)
    const groups = splitGroups(r, rows, ceil(k, across(tile)), ceil(n, down(tile)))
    const constants = weightTileConstants(tile)
    return { kernel: { file: 'matmul_weight_tiled', parts: [weightProduct], constants }, groups, splits: groups[2] }
  }
  const groups = splitGroups(r, rows, ceil(k, 32), ceil(n, 32))
  return { kernel: { file: 'matmul_weight', parts: [weightProduct] }, groups, splits: groups[2] }
}
