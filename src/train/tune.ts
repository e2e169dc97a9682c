// Picks the shapes of kernels that are quickest on the device at hand: fixed ones lose a fifth on average and more than half
// at worst (llama.cpp PR 22241). A few seconds, once for a device; what was found is remembered.
import type { Gpu } from '../gpu/gpu'
import type { Profile } from '../gpu/profile'
import { attention } from '../ops/attention'
import { matmul } from '../ops/matmul'
import { trainableWeight } from '../ops/weight'
import { Bed } from './bench/launches'
import { Timer, steadyMs } from './bench/timer'

export type Tuning = Pick<Profile, 'matmul' | 'busyGroups' | 'attention' | 'attentionRows'>

/** Where tunings are kept, by device. */
export interface TuningStore {
  get(key: string): Promise<unknown>
  set(key: string, tuning: Tuning): Promise<void>
}

export interface TuneOptions {
  /** Sides of square products, rising; the last decides between forms. */
  sides?: readonly number[]
  attention?: { heads: number; length: number; headDim: number }
  onUpdate?: (fraction: number) => void
  signal?: AbortSignal
}

/** Counts up when kernels or trials change, so that what was found before is found anew. */
const version = 1
const never = 1024

function withProfile(gpu: Gpu, profile: Partial<Profile>): Gpu {
  return Object.create(gpu, { profile: { value: { ...gpu.profile, ...profile } } }) as Gpu
}

/** Milliseconds of x Wᵀ and both its gradients, all sides alike. */
async function productMs(gpu: Gpu, timer: Timer, side: number, profile: Partial<Profile>): Promise<number> {
  const bed = new Bed(withProfile(gpu, profile))
  const square = [side, side]
  bed.backward(matmul(bed.r, bed.active('x', square), trainableWeight(bed.trained('w', square))))
  return steadyMs(await bed.time(timer))
}

/** Milliseconds of attention, forward and backward. */
async function attentionMs(gpu: Gpu, timer: Timer, shape: Required<TuneOptions>['attention'], profile: Partial<Profile>): Promise<number> {
  const { heads, length, headDim } = shape
  const bed = new Bed(withProfile(gpu, profile))
  const ranges = bed.tensor(
    'ranges',
    [length, 2],
    Uint32Array.from({ length: 2 * length }, (_, i) => ((i % 2) * (i + 1)) / 2),
    'u32',
  )
  const wide = () => bed.active('heads', [length, heads * headDim])
  bed.backward(attention(bed.r, wide(), wide(), wide(), ranges, { batch: 1, length, keys: length, heads, kvHeads: heads, headDim }))
  return steadyMs(await bed.time(timer))
}

/** Measures, and gives what is quickest. @throws the signal's reason where it is stopped; DeviceError */
export async function tune(gpu: Gpu, options: TuneOptions = {}): Promise<Tuning> {
  const { sides = [256, 512, 1024], attention: heads = { heads: 8, length: 512, headDim: 64 } } = options
  const quads = gpu.quads
  const timer = new Timer(gpu)
  const total = 2 * sides.length + (quads ? 2 : 0) + 2
  let done = 0
  const measured = async (measure: () => Promise<number>) => {
    options.signal?.throwIfAborted()
    const ms = await measure()
    options.onUpdate?.(++done / total)
    return ms
  }
  try {
    const busyGroups = await tileThreshold(
      (side, groups) => measured(() => productMs(gpu, timer, side, { matmul: 'tiled', busyGroups: groups })),
      sides,
    )
    const side = sides[sides.length - 1]
    const tiled = { matmul: 'tiled', busyGroups: busyGroups.threshold } as const
    const quad = { matmul: 'quad', busyGroups: gpu.profile.busyGroups } as const
    const products = quads && (await measured(() => productMs(gpu, timer, side, quad))) < busyGroups.ms ? quad : tiled
    const plain = { attention: 'plain', attentionRows: 1 } as const
    const several = { attention: 'plain', attentionRows: 4 } as const
    const shared = { attention: 'quad', attentionRows: 1 } as const
    let best: { ms: number; form: Pick<Tuning, 'attention' | 'attentionRows'> } = { ms: Infinity, form: plain }
    for (const form of quads ? [plain, several, shared] : [plain, several]) {
      const ms = await measured(() => attentionMs(gpu, timer, heads, form))
      if (ms < best.ms) best = { ms, form }
    }
    return { ...products, ...best.form }
  } finally {
    timer.release()
  }
}

/** From how many large tiles on they beat small ones, and the time of the better at the last side. */
async function tileThreshold(
  time: (side: number, busyGroups: number) => Promise<number>,
  sides: readonly number[],
): Promise<{ threshold: number; ms: number }> {
  let threshold: number | undefined
  let ms = Infinity
  for (const side of sides) {
    const tiles = Math.ceil(side / 64) ** 2
    const [small, large] = [await time(side, tiles + 1), await time(side, tiles)]
    threshold = large < small ? (threshold ?? tiles) : undefined
    ms = Math.min(small, large)
  }
  return { threshold: threshold ?? never, ms }
}

function isTuning(found: unknown): found is Tuning {
  const t = found as Partial<Tuning> | undefined | null
  return (
    typeof t?.matmul === 'string' &&
    typeof t.busyGroups === 'number' &&
    typeof t.attention === 'string' &&
    typeof t.attentionRows === 'number'
  )
}

/** Gives a real GPU the shapes found for it before, or finds them. Software adapters keep theirs, which were measured here. */
export async function tuneOnce(gpu: Gpu, store: TuningStore, options: TuneOptions = {}): Promise<void> {
  if (gpu.software || gpu.tuned) return
  const key = `tuning ${version} ${gpu.name} ${gpu.quads ? 'quads' : ''}`
  const kept = await store.get(key)
  const tuning = isTuning(kept) ? kept : await tune(gpu, options)
  if (!isTuning(kept)) await store.set(key, tuning)
  gpu.tune(tuning)
}
