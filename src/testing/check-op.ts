// Checks an op: forward against a float64 reference, backward against central differences of that reference.
import { elementwise } from '../ops/grid'
import { tapeKernels } from '../ops/add'
import { Recorder } from '../tensor/recorder'
import { type Tensor, count } from '../tensor/tensor'
import { assertClose, backwardTolerance, forwardTolerance } from './closeness'
import type { TestGpu } from './device'
import { normals, randomNumbers } from './random'
import { type Held, type Numbers, type Placing, held, runRecorded } from './run-recorded'

export interface OpInput {
  shape: readonly number[]
  values: Numbers
  /** The inputs whose gradient is wanted. Parameters always have their own buffer; activations may also be in the arena. */
  gradient?: 'activation' | 'parameter'
}

interface OpCase<Name extends string> {
  inputs: Record<Name, OpInput>
  record(r: Recorder, tensors: Record<Name, Tensor>): Tensor
  /** The output (or its first values) in float64, independent of the kernels. */
  reference(inputs: Record<Name, Float64Array>): Float64Array
  /** The output's first value is a loss, and the op itself starts the backward pass. */
  isLoss?: boolean
  /** Supervised rows of the batch, if launches depend on them. */
  supervised?: number
}

/** ∂loss/∂input along directions: single elements, and all elements at once with random signs. */
interface Probe {
  /** The factor of each element. A number is the index of the only element that moves. */
  direction: number | Float64Array
  slope: number
}

const singles = 24
const directions = 6

function slope<N extends string>(
  op: OpCase<N>,
  weights: Float64Array,
  at: Record<N, Float64Array>,
  name: N,
  direction: Probe['direction'],
): number {
  const start = at[name]
  const size = Math.sqrt(start.reduce((sum, v) => sum + v * v, 0) / start.length)
  const step = size * (typeof direction === 'number' ? 1e-4 : 1e-3 / Math.sqrt(start.length))
  const loss = (sign: 1 | -1) => {
    const moved = start.slice()
    if (typeof direction === 'number') moved[direction] += sign * step
    else direction.forEach((d, i) => (moved[i] += sign * step * d))
    return op.reference({ ...at, [name]: moved }).reduce((sum, y, i) => sum + y * weights[i], 0)
  }
  return (loss(1) - loss(-1)) / (2 * step)
}

function probes<N extends string>(op: OpCase<N>, weights: Float64Array, at: Record<N, Float64Array>, name: N): Probe[] {
  const n = at[name].length
  const random = randomNumbers(n)
  const picked = n <= 2 * singles ? [...at[name].keys()] : [0, n - 1, ...Array.from({ length: singles }, () => Math.floor(random() * n))]
  const signs = Array.from({ length: n <= 2 * singles ? 0 : directions }, () =>
    Float64Array.from({ length: n }, () => (random() < 0.5 ? -1 : 1)),
  )
  return [...picked, ...signs].map((direction) => ({ direction, slope: slope(op, weights, at, name, direction) }))
}

/**
 * Along a direction of signs, errors and gradients add up like lengths, so the bound is relative to the gradient's length. One element
 * that is wrong by its own size is noticed among a million.
 */
function assertGradient(what: string, got: Float64Array, found: readonly Probe[], shape: readonly number[]): void {
  const length = Math.sqrt(got.reduce((sum, g) => sum + g * g, 0))
  for (const { direction, slope } of found) {
    if (typeof direction === 'number') {
      assertClose(`${what} [element ${direction} of ${shape.join(' × ')}]`, [got[direction]], [slope], backwardTolerance)
      continue
    }
    const along = got.reduce((sum, g, i) => sum + g * direction[i], 0)
    const allowed = backwardTolerance.rtol * length + backwardTolerance.atol
    if (!(Math.abs(along - slope) <= allowed))
      throw new Error(`${what}: expected ${slope} along random signs, got ${along}, further than ${allowed}.`)
  }
}

interface Run {
  placing: Placing
  /** Activations are first copied into the arena, so that their gradients are there too. */
  copied: boolean
  /** The values of the gradients before the run. */
  before: number
}

const runs: readonly Run[] = [
  { placing: 'apart', copied: false, before: 0 },
  { placing: 'apart', copied: true, before: 0 },
  { placing: 'planned', copied: true, before: 0.75 },
  { placing: 'planned', copied: false, before: -1.5 },
]

function copyIntoArena(r: Recorder, x: Tensor): Tensor {
  const y = r.empty(`copy of ${x.label}`, x.shape)
  elementwise(r, 'copy', [x, y], y)
  r.record([y], [x], () => r.passGrad(x, r.grad(y)))
  return y
}

async function runOnce<N extends string>(
  op: OpCase<N>,
  { gpu }: TestGpu,
  run: Run,
  weights: Float64Array,
): Promise<{ output?: Float32Array; gradients: Map<N, Float64Array> }> {
  const names = Object.keys(op.inputs) as N[]
  const inputs = names.map((name) => held(name, op.inputs[name].shape, op.inputs[name].values))
  const gradients = new Map<N, Held>()
  const r = new Recorder(gpu.profile, tapeKernels)
  const tensors = {} as Record<N, Tensor>
  names.forEach((name, i) => {
    const { gradient, shape } = op.inputs[name]
    const tensor = inputs[i].tensor
    if (gradient) {
      const d = held(`d ${name}`, shape, new Float32Array(count(shape)).fill(run.before))
      gradients.set(name, d)
      tensor.requiresGrad = true
      tensor.grad = d.tensor
    }
    tensors[name] = run.copied && gradient === 'activation' && count(shape) % 4 === 0 ? copyIntoArena(r, tensor) : tensor
  })
  const output = op.record(r, tensors)
  const seed = op.isLoss ? [] : [held('seed', output.shape, Float32Array.from(weights))]
  if (gradients.size && !op.isLoss) r.passGrad(output, seed[0].tensor)
  if (gradients.size) r.backward()
  const read = await runRecorded(gpu, r.launches, [...inputs, ...seed, ...gradients.values()], run.placing, op.supervised)
  return {
    output: output.space.kind === 'slot' ? read(output) : undefined,
    gradients: new Map([...gradients].map(([name, { tensor }]) => [name, Float64Array.from(read(tensor), (g) => g - run.before)])),
  }
}

/**
 * Runs the op on every GPU, with separate and with planned tensors, with gradients that start at zero and at other values, and compares it
 * with the reference.
 * @throws Error naming profile, tensor, worst place, got and expected.
 */
export async function checkOp<N extends string>(gpus: readonly TestGpu[], op: OpCase<N>): Promise<void> {
  const at = Object.fromEntries(
    Object.entries<OpInput>(op.inputs).map(([name, input]) => [name, Float64Array.from(input.values)]),
  ) as Record<N, Float64Array>
  const expected = op.reference(at)
  const weights = op.isLoss ? new Float64Array([1]) : Float64Array.from(normals(1, expected.length))
  const wanted = (Object.keys(op.inputs) as N[]).filter((name) => op.inputs[name].gradient)
  const found = new Map(wanted.map((name) => [name, probes(op, weights, at, name)]))
  for (const test of gpus) {
    for (const run of runs) {
      const where = `${test.name} profile, tensors ${run.placing}${run.copied ? ', copied' : ''}`
      const { output, gradients } = await runOnce(op, test, run, weights)
      if (output) assertClose(`output (${where})`, output.subarray(0, expected.length), expected, forwardTolerance)
      for (const name of wanted) assertGradient(`d ${name} (${where})`, gradients.get(name)!, found.get(name)!, op.inputs[name].shape)
    }
  }
}
