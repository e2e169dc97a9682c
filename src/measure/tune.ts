// Finds the fastest shapes of kernels for this device. Fixed shapes lose a fifth on average and more than half at worst (llama.cpp
// PR 22241). Takes a few seconds, once per device; the result is stored.
import type { Gpu } from '../gpu/gpu'
import { isOneOf } from '../gpu/matrix-units'
import { type Profile, type Tile, tiles } from '../gpu/profile'
import { attention } from '../ops/attention'
import { matmul, productInput } from '../ops/matmul'
import { trainableWeight } from '../ops/weight'
import { warmUp } from './ceilings'
import { Bed } from './launches'
import { Timer, steadyMs } from './timer'
import { causalRanges, check, checker, plainForms } from './tune-checks'
import { matrixTrials, quickestMatrices } from './tune-matrices'

export type Tuning = Pick<Profile, 'matmul' | 'largeTile' | 'largeTiles' | 'matrices' | 'busyGroups' | 'attention' | 'attentionRows'>

/** Keeps tunings by device. */
export interface TuningStore {
  get(key: string): Promise<unknown>
  set(key: string, tuning: Tuning): Promise<void>
}

interface TuneOptions {
  /** Sides of square products, in rising order; the last one decides between forms. */
  sides?: readonly number[]
  /** Length of the sum with which splitting is tried. */
  long?: number
  /** Milliseconds of warm-up, in which clock rates may rise. */
  warmMs?: number
  attention?: { heads: number; length: number; headDim: number }
  onUpdate?: (fraction: number) => void
  signal?: AbortSignal
}

/** Increased when kernels or trials change, so that older tunings are not used. */
const version = 5
const never = 1024
/** Workgroups up to which sums may be split: for a small, a medium and a large GPU. */
const groups = [128, 512, 2048] as const
const plainTiles = { largeTile: tiles[0], largeTiles: never, busyGroups: groups[0] }

/** x Wᵀ and both gradients, with square matrices. */
function products(gpu: Gpu, side: number, profile: Partial<Profile>): Bed {
  const bed = new Bed(gpu.under(profile))
  const square = [side, side]
  bed.backward(matmul(bed.r, bed.active('x', square), trainableWeight(bed.trained('w', square))))
  return bed
}

/** Compiles all kernels of `beds` at once; one after another would take most of the tuning time. */
async function compile(gpu: Gpu, beds: readonly Bed[]): Promise<void> {
  await Promise.all(beds.flatMap(({ launches }) => launches.map(({ kernel }) => gpu.pipeline(kernel))))
}

/** A product with few outputs and a long sum, like the gradient that the head passes back. */
function longProduct(gpu: Gpu, long: number, profile: Partial<Profile>): Bed {
  const bed = new Bed(gpu.under(profile))
  productInput(bed.r, bed.tensor('dy', [128, long]), trainableWeight(bed.tensor('w', [long, 512])), bed.tensor('dx', [128, 512]), false)
  return bed
}

/** Attention, forward and backward. */
function attentionBed(gpu: Gpu, shape: Required<TuneOptions>['attention'], profile: Partial<Profile>): Bed {
  const { heads, length, headDim } = shape
  const bed = new Bed(gpu.under(profile))
  const ranges = causalRanges(bed, length)
  const wide = () => bed.active('heads', [length, heads * headDim])
  bed.backward(attention(bed.r, wide(), wide(), wide(), ranges, { batch: 1, length, keys: length, heads, kvHeads: heads, headDim }))
  return bed
}

/** The fastest of the `forms` that are `sound`; undefined if none is. */
async function quickest<F>(
  forms: readonly F[],
  time: (form: F) => Promise<number>,
  sound: (form: F) => Promise<boolean>,
): Promise<{ form: F; ms: number } | undefined> {
  let best: { form: F; ms: number } | undefined
  for (const form of forms) {
    const ms = await time(form)
    if (ms < (best?.ms ?? Infinity) && (await sound(form))) best = { form, ms }
  }
  return best
}

/** Measures forms and returns the fastest. @throws the signal's reason if it is stopped; DeviceError */
async function tune(gpu: Gpu, options: TuneOptions = {}): Promise<Tuning> {
  const { sides = [256, 512, 1024], long = 8192, attention: heads = { heads: 8, length: 512, headDim: 64 } } = options
  const quads = gpu.subgroup >= 4
  const last = sides[sides.length - 1]
  const timer = new Timer(gpu)
  const total = tiles.length + 2 * sides.length + groups.length + (quads ? 5 : 3) + matrixTrials(gpu)
  let done = 0
  const measured = async (bed: Bed) => {
    const ms = steadyMs(await bed.time(timer))
    options.onUpdate?.(++done / total)
    options.signal?.throwIfAborted()
    return ms
  }
  try {
    options.signal?.throwIfAborted()
    const tiled = { matmul: 'tiled', busyGroups: 1 } as const
    const forms: Pick<Tuning, 'attention' | 'attentionRows'>[] = [
      { attention: 'plain', attentionRows: 1 },
      { attention: 'plain', attentionRows: 4 },
      { attention: 'tiled', attentionRows: 1 },
      ...(quads ? [{ attention: 'quad', attentionRows: 1 } as const] : []),
    ]
    await compile(gpu, [
      ...[1, never].flatMap((largeTiles) => tiles.map((largeTile) => products(gpu, sides[0], { ...tiled, largeTile, largeTiles }))),
      ...forms.map((form) => attentionBed(gpu, { ...heads, length: 32 }, form)),
      ...(quads ? [products(gpu, sides[0], { matmul: 'quad' })] : []),
      ...[plainForms, tiled].map((form) => check(gpu, 'products', form).bed),
      ...[plainForms, ...forms].map((form) => check(gpu, 'attention', form).bed),
    ])
    await warmUp(gpu, options.warmMs)
    const [soundProducts, soundAttention] = [checker(gpu, 'products'), checker(gpu, 'attention')]
    const tile = await quickest(
      tiles.map((largeTile) => ({ ...tiled, largeTile, largeTiles: 1 })),
      (form) => measured(products(gpu, last, form)),
      soundProducts,
    )
    let found: Pick<Tuning, 'matmul' | 'largeTile' | 'largeTiles' | 'busyGroups'> = { ...plainTiles, matmul: plainForms.matmul }
    const sound = tile && (await soundProducts({ ...tile.form, largeTiles: never }))
    if (sound) {
      const { largeTile } = tile.form
      const largeTiles = await tileThreshold(largeTile, sides, (side, largeTiles) =>
        measured(products(gpu, side, { ...tiled, largeTile, largeTiles })),
      )
      const split = await quickest(
        groups.map((busyGroups) => ({ matmul: 'tiled' as const, largeTile, largeTiles, busyGroups })),
        (form) => measured(longProduct(gpu, long, form)),
        soundProducts,
      )
      found = split?.form ?? { ...tiled, largeTile, largeTiles }
    }
    if (quads) {
      const form = { ...found, matmul: 'quad' } as const
      const ms = await measured(products(gpu, last, form))
      if (ms < (sound ? tile.ms : Infinity) && (await soundProducts(form))) found = form
    }
    const matrices = gpu.matrices.length ? await quickestMatrices(gpu, found, last, measured) : undefined
    const best = await quickest(forms, (form) => measured(attentionBed(gpu, heads, form)), soundAttention)
    options.onUpdate?.(1)
    return {
      ...found,
      ...(matrices && { matrices }),
      ...(best?.form ?? { attention: plainForms.attention, attentionRows: plainForms.attentionRows }),
    }
  } finally {
    timer.release()
  }
}

/** The number of large tiles from which they are faster than small ones. */
async function tileThreshold(
  { ty, rows, cols }: Tile,
  sides: readonly number[],
  time: (side: number, largeTiles: number) => Promise<number>,
): Promise<number> {
  let threshold: number | undefined
  for (const side of sides) {
    const count = Math.ceil(side / (ty * rows)) * Math.ceil(side / (8 * cols))
    const [small, large] = [await time(side, count + 1), await time(side, count)]
    threshold = large < small ? (threshold ?? count) : undefined
  }
  return threshold ?? never
}

function isTuning(gpu: Gpu, found: unknown): found is Tuning {
  const t = found as Partial<Tuning> | undefined | null
  return (
    typeof t?.matmul === 'string' &&
    tiles.some((tile) => JSON.stringify(tile) === JSON.stringify(t.largeTile)) &&
    typeof t.largeTiles === 'number' &&
    Object.values(t.matrices ?? {}).every((form) => isOneOf(gpu.matrices, form)) &&
    typeof t.busyGroups === 'number' &&
    typeof t.attention === 'string' &&
    typeof t.attentionRows === 'number'
  )
}

/** Sets the kernel shapes of a real GPU: the stored ones, or else measures them. Software adapters keep their fixed shapes, which were measured during development. */
export async function tuneOnce(gpu: Gpu, store: TuningStore, options: TuneOptions = {}): Promise<void> {
  if (gpu.software || gpu.tuned) return
  const shapes = [...new Set(gpu.matrices.map(({ factors, m, n, k }) => ` ${factors} ${m}x${n}x${k}`))]
  const key = `tuning ${version} ${gpu.name} ${gpu.subgroup >= 4 ? 'quads' : ''}${shapes.join('')}`
  const kept = await store.get(key)
  const tuning = isTuning(gpu, kept) ? kept : await tune(gpu, options)
  if (!isTuning(gpu, kept)) await store.set(key, tuning)
  gpu.tune(tuning)
}
