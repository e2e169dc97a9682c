// Picks the shapes of kernels that are quickest on the device at hand: fixed ones lose a fifth on average and more than half
// at worst (llama.cpp PR 22241). A few seconds, once for a device; what was found is remembered.
import type { Gpu } from '../gpu/gpu'
import type { Profile } from '../gpu/profile'
import { attention } from '../ops/attention'
import { copyInto } from '../ops/add'
import { matmul, productInput, productInto, productWeight } from '../ops/matmul'
import { trainableWeight } from '../ops/weight'
import type { Tensor } from '../tensor/tensor'
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
const version = 2
const never = 1024
const plainForms = { matmul: 'register', attention: 'plain', attentionRows: 1 } as const

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

function causalRanges(bed: Bed, length: number): Tensor {
  return bed.tensor(
    'ranges',
    [length, 2],
    Uint32Array.from({ length: 2 * length }, (_, i) => (i % 2 ? (i + 1) / 2 : 0)),
    'u32',
  )
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

/** Everything that products, or attention, give under a profile, on small shapes whose ends are ragged. */
async function outcomes(gpu: Gpu, what: 'products' | 'attention', profile: Partial<Profile>): Promise<Float32Array[]> {
  const bed = new Bed(withProfile(gpu, profile))
  if (what === 'products') {
    const [rows, n, k] = [72, 68, 80]
    const [x, w, dy] = [bed.tensor('x', [rows, k]), bed.tensor('w', [n, k]), bed.tensor('dy', [rows, n])]
    const [y, dx, dw] = [bed.tensor('y', [rows, n]), bed.tensor('dx', [rows, k]), bed.tensor('dw', [n, k])]
    productInto(bed.r, x, trainableWeight(w), y, false)
    productInput(bed.r, dy, trainableWeight(w), dx, false)
    productWeight(bed.r, dy, x, dw, false)
    return bed.values([y, dx, dw])
  }
  const shape = { batch: 1, length: 40, keys: 40, heads: 2, kvHeads: 1, headDim: 16 }
  const [q, k, v] = [bed.trained('q', [40, 32]), bed.trained('k', [40, 16]), bed.trained('v', [40, 16])]
  const y = attention(bed.r, q, k, v, causalRanges(bed, 40), shape)
  const kept = bed.tensor('y', y.shape)
  copyInto(bed.r, y, kept)
  bed.backward(y)
  return bed.values([kept, q.grad!, k.grad!, v.grad!])
}

/** Whether a form gives what the plain one gives: some drivers' subgroups do not (ncnn issue 6778). */
async function holds(gpu: Gpu, what: 'products' | 'attention', profile: Partial<Profile>): Promise<boolean> {
  const [expected, got] = [await outcomes(gpu, what, plainForms), await outcomes(gpu, what, profile)]
  return expected.every((values, t) => values.every((v, i) => Math.abs(v - got[t][i]) <= 1e-4 * Math.max(1, Math.abs(v))))
}

/** Measures, and gives what is quickest. @throws the signal's reason where it is stopped; DeviceError */
export async function tune(gpu: Gpu, options: TuneOptions = {}): Promise<Tuning> {
  const { sides = [256, 512, 1024], attention: heads = { heads: 8, length: 512, headDim: 64 } } = options
  const { quads } = gpu
  const timer = new Timer(gpu)
  const total = 2 * sides.length + (quads ? 5 : 3)
  let done = 0
  const measured = async (measure: () => Promise<number>) => {
    options.signal?.throwIfAborted()
    const ms = await measure()
    options.onUpdate?.(++done / total)
    return ms
  }
  try {
    const tiles = await tileThreshold(
      (side, busyGroups) => measured(() => productMs(gpu, timer, side, { matmul: 'tiled', busyGroups })),
      sides,
    )
    let products: Pick<Tuning, 'matmul' | 'busyGroups'> = { matmul: 'tiled', busyGroups: tiles.threshold }
    if (quads) {
      const form = { matmul: 'quad', busyGroups: gpu.profile.busyGroups } as const
      const ms = await measured(() => productMs(gpu, timer, sides[sides.length - 1], form))
      if (ms < tiles.ms && (await holds(gpu, 'products', form))) products = form
    }
    const forms: Pick<Tuning, 'attention' | 'attentionRows'>[] = [
      { attention: 'plain', attentionRows: 1 },
      { attention: 'plain', attentionRows: 4 },
      { attention: 'tiled', attentionRows: 1 },
      ...(quads ? [{ attention: 'quad', attentionRows: 1 } as const] : []),
    ]
    let best = { ms: Infinity, form: forms[0] }
    for (const form of forms) {
      const ms = await measured(() => attentionMs(gpu, timer, heads, form))
      if (ms < best.ms && (form === forms[0] || (await holds(gpu, 'attention', form)))) best = { ms, form }
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
