// A run's whole gradient against central differences of its loss: all trained tensors move at once, each along its own gradient.
import type { MicroBatch } from '../data/micro-batch'
import type { Gpu } from '../gpu/gpu'
import type { Run } from '../train/run'

type Values = Map<string, Float32Array<ArrayBuffer>>

/** The total change of the loss, as a share of it: large enough against rounding, and small enough that the loss is nearly straight. */
const changes = [1e-3, 1e-4]
/** Optimizer steps between two places where the slope is measured. */
const places = 4
/** Differences below this are accepted. With n tensors, one wrong tensor shows as 1 / n. */
export const slopeTolerance = 3e-3

const norm = (v: Float32Array) => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0))

function put(gpu: Gpu, run: Run, values: Values): void {
  for (const [name, v] of values) {
    const { space, offset } = run.parameters.tensor(name)
    if (space.kind === 'slot') gpu.device.queue.writeBuffer(space.slot.buffer!, offset, v)
  }
}

/** |measured slope / slope by the gradients − 1| at the run's current state, the smallest of several tries. The state does not change. */
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
 * The relative difference between the run's gradient and the slope of its loss. Tensors contribute to the slope about evenly (less, if
 * they have less than a twentieth of the largest gradient), so one wrong tensor among n shows as about 1 / n. Near a kink (of a ReLU,
 * or another choice of experts) the run takes another step and measures again: a wrong gradient is wrong everywhere.
 * `kept` gets the moved tensors and changes what depends on them but counts as a constant in the method.
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
