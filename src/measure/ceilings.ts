// Measures the ceilings of the graphics adapter: multiply-adds in registers, and copying.
import type { Gpu } from '../gpu/gpu'
import { copyInto } from '../ops/add'
import { threads } from '../ops/grid'
import { Bed } from './launches'
import { type Timer, steadyMs } from './timer'

/** The amount of work per second of wall time in units of 10⁹, and per steady millisecond (`steadyMs`). */
export interface Rate {
  perSecond: number
  perMs: number
}

export interface Ceilings {
  /** Counts multiply-adds × 2. */
  multiplyAdd: Rate
  /** Counts bytes read and written. */
  copy: Rate
  /** See `launchMs`. */
  launchMs: number
}

const emptyLaunches = 128

/** Steady milliseconds of a launch with almost no work, each of which waits for the one before. */
export async function launchMs(gpu: Gpu, timer: Timer): Promise<number> {
  const bed = new Bed(gpu)
  const [x, y] = [bed.tensor('x', [64]), bed.tensor('y', [64])]
  for (let i = 0; i < emptyLaunches; i += 2) {
    copyInto(bed.r, x, y)
    copyInto(bed.r, y, x)
  }
  return steadyMs(await bed.time(timer)) / emptyLaunches
}

/** Keeps a real GPU busy for `warmMs` milliseconds before it is measured, since an idle GPU has a low clock rate. */
export async function warmUp(gpu: Gpu, warmMs = 400): Promise<void> {
  if (gpu.software || warmMs === 0) return
  const bed = new Bed(gpu)
  launchMultiplyAdds(bed, 2 ** 18, 512)
  const start = performance.now()
  while (performance.now() - start < warmMs) await bed.values([])
}

async function rateOf(bed: Bed, timer: Timer, amount: number): Promise<Rate> {
  const time = await bed.time(timer)
  return { perSecond: amount / time.ms / 1e6, perMs: amount / steadyMs(time) }
}

/** Multiply-adds per thread and step of shaders/multiply_add.wgsl. */
const perStep = 256

export async function multiplyAddRate(gpu: Gpu, timer: Timer): Promise<Rate> {
  const [lanes, steps] = gpu.software ? [4096, 512] : [2 ** 20, 512]
  const bed = new Bed(gpu)
  return rateOf(bed, timer, launchMultiplyAdds(bed, lanes, steps))
}

/** Returns the FLOPs of the launch. */
function launchMultiplyAdds(bed: Bed, lanes: number, steps: number): number {
  const flops = lanes * steps * perStep * 2
  bed.r.launch({
    kernel: { file: 'multiply_add', parts: ['common/index'] },
    tensors: [bed.tensor('y', [lanes])],
    params: { threads: lanes, steps },
    workgroups: threads(lanes),
    flops,
  })
  return flops
}

/** Measures a kernel that copies 4-vectors. On a GPU the tensors are larger than its caches; on a processor they fit into them, where copying is fastest. */
export async function copyRate(gpu: Gpu, timer: Timer): Promise<Rate> {
  const values = gpu.software ? 2 ** 19 : 2 ** 25
  const bed = new Bed(gpu)
  copyInto(bed.r, bed.tensor('x', [values]), bed.tensor('y', [values]))
  return rateOf(bed, timer, values * 8)
}
