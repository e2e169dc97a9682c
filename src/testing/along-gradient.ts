// A run's whole gradient against central differences of its loss: all trained tensors move at once, each along its own gradient.
import type { MicroBatch } from '../data/micro-batch'
import type { Gpu } from '../gpu/gpu'
import type { Run } from '../train/run'

type Values = Map<string, Float32Array<ArrayBuffer>>

/** How much the loss goes up and down in all, as a share of it: above rounding, and too little to bend. */
const changes = [1e-3, 1e-4]
/** Steps of the optimizer between two places to look from. */
const places = 4
/** Closer than this is right; with n tensors one that is wrong shows as 1 / n. */
export const slopeTolerance = 3e-3

const norm = (v: Float32Array) => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0))

function put(gpu: Gpu, run: Run, values: Values): void {
  for (const [name, v] of values) {
    const { space, offset } = run.parameters.tensor(name)
    if (space.kind === 'slot') gpu.device.queue.writeBuffer(space.slot.buffer!, offset, v)
  }
}

/** |measured slope / slope by the gradients − 1| from where the run stands, the smallest of those tried. The run stays there. */
async function errorHere(gpu: Gpu, run: Run, batch: MicroBatch, kept: (moved: Values) => Values): Promise<number> {
  const loss = await run.session.gradients(gpu, [batch])
  const gradients = await run.parameters.read(gpu, 'gradients')
  const start = await run.parameters.read(gpu)
  const lengths = new Map([...gradients].map(([name, g]) => [name, norm(g)]))
  const floor = Math.max(...lengths.values()) / 20
  const shares = [...lengths].map(([name, length]) => [name, length / Math.max(length, floor)] as const)
  const total = shares.reduce((sum, [, share]) => sum + share, 0)
  const lossAt = async (step: number) => {
    const moved: Values = new Map(start)
    for (const [name, share] of shares) {
      const [g, length] = [gradients.get(name)!, lengths.get(name)!]
      // Along g / ‖g‖ by step / ‖g‖: the loss changes by step.
      if (length)
        moved.set(
          name,
          start.get(name)!.map((v, i) => v + (step * share * g[i]) / (length * length)),
        )
    }
    put(gpu, run, kept(moved))
    return run.session.gradients(gpu, [batch])
  }
  let least = Number.POSITIVE_INFINITY
  for (const change of changes) {
    const step = (change * loss) / 2 / total
    const slope = ((await lossAt(step)) - (await lossAt(-step))) / (2 * step)
    least = Math.min(least, Math.abs(slope / total - 1))
    if (least < slopeTolerance) break
  }
  put(gpu, run, start)
  return least
}

/**
 * How far the run's gradient is from the slope of its loss, relatively. Tensors share in the slope about evenly (those with less than a
 * twentieth of the largest gradient less), so that one wrong tensor among n shows as about 1 / n. Where a kink lies within reach
 * (a ReLU, another choice of experts) the run takes another step and looks again: a wrong gradient is wrong everywhere.
 * `kept` changes what depends on the moved tensors and is held fixed by the method, given where they stand.
 */
export async function slopeError(
  gpu: Gpu,
  run: Run,
  batch: MicroBatch,
  kept: (gpu: Gpu, run: Run) => Promise<(moved: Values) => Values> = async () => (moved) => moved,
): Promise<number> {
  let least = await errorHere(gpu, run, batch, await kept(gpu, run))
  for (let place = 1; place < places && least >= slopeTolerance; place++) {
    await run.session.step(gpu, [batch], run.plan.training.learningRate, place)
    least = Math.min(least, await errorHere(gpu, run, batch, await kept(gpu, run)))
  }
  return least
}
