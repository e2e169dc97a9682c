// The tape: gradients that several ops share or add to, and checkpointed segments.
import { describe, expect, it } from 'vitest'
import { add, tapeKernels } from '../ops/add'
import { addBias } from '../ops/bias'
import { dropout } from '../ops/dropout'
import { matmul } from '../ops/matmul'
import { rmsNorm } from '../ops/rms-norm'
import { rope, ropeTable } from '../ops/rope'
import { swiglu } from '../ops/swiglu'
import { trainableWeight } from '../ops/weight'
import { checkOp } from '../testing/check-op'
import { assertSameBits } from '../testing/closeness'
import { type TestGpu, testGpus } from '../testing/device'
import { normals } from '../testing/random'
import { addBiasReference } from '../testing/reference/bias'
import { matmulReference } from '../testing/reference/matmul'
import { rmsNormReference } from '../testing/reference/rms-norm'
import { ropeReference } from '../testing/reference/rope'
import { swigluReference } from '../testing/reference/swiglu'
import { type Held, held, runRecorded } from '../testing/run-recorded'
import { stepState } from '../testing/step-state'
import { planArena } from './plan'
import { Recorder } from './recorder'
import { type Tensor, count } from './tensor'

const gpus = testGpus()
const [rows, width] = [33, 24]
const input = (seed: number, shape: readonly number[], gradient?: 'activation' | 'parameter') => ({
  shape,
  values: normals(seed, count(shape), shape.length > 1 && gradient === 'parameter' ? 0.2 : 1),
  gradient,
})
const plus = (a: Float64Array, b: Float64Array) => a.map((v, i) => v + b[i])

describe('gradients that are shared', () => {
  it('a + f(a)', () =>
    checkOp(gpus, {
      inputs: { a: input(1, [rows, width], 'activation'), w: input(2, [width, width], 'parameter') },
      record: (r, { a, w }) => add(r, a, matmul(r, a, trainableWeight(w))),
      reference: ({ a, w }) => plus(a, matmulReference(a, w, width)),
    }))

  it('a + f(a), f ends with an op that turns its gradient in place', async () => {
    const positions = Uint32Array.from({ length: rows }, (_, i) => i)
    await checkOp(gpus, {
      inputs: {
        a: input(3, [rows, width], 'activation'),
        w: input(4, [width, width], 'parameter'),
        positions: { shape: [rows], values: positions },
        table: { shape: [rows, 8], values: ropeTable(rows, 8, 100) },
      },
      record: (r, { a, w, positions, table }) => add(r, a, rope(r, matmul(r, a, trainableWeight(w)), positions, table, { headDim: 8 })),
      reference: ({ a, w }) => plus(a, ropeReference(matmulReference(a, w, width), positions, { headDim: 8, heads: 3, theta: 100 })),
    })
  })

  it('two blocks of norm, two branches, bias and residual', async () => {
    const block = (r: Recorder, x: Tensor, t: { n: Tensor; g: Tensor; u: Tensor; d: Tensor; b: Tensor }) => {
      const inner = rmsNorm(r, x, t.n, 1e-5)
      const act = swiglu(r, matmul(r, inner, trainableWeight(t.g)), addBias(r, matmul(r, inner, trainableWeight(t.u)), t.b))
      return add(r, x, matmul(r, act, trainableWeight(t.d)))
    }
    const blockReference = (x: Float64Array, t: Record<'n' | 'g' | 'u' | 'd' | 'b', Float64Array>) => {
      const inner = rmsNormReference(x, t.n, 1e-5)
      const act = swigluReference(matmulReference(inner, t.g, width), addBiasReference(matmulReference(inner, t.u, width), t.b))
      return plus(x, matmulReference(act, t.d, 12))
    }
    // Both blocks use the same parameters, whose gradients must therefore add up.
    await checkOp(gpus, {
      inputs: {
        x: input(5, [rows, width], 'activation'),
        n: input(6, [width], 'parameter'),
        g: input(7, [12, width], 'parameter'),
        u: input(8, [12, width], 'parameter'),
        d: input(9, [width, 12], 'parameter'),
        b: input(10, [12], 'parameter'),
      },
      record: (r, { x, ...t }) => block(r, block(r, x, t), t),
      reference: ({ x, ...t }) => blockReference(blockReference(x, t), t),
    })
  })

  it('an unused branch gets no gradient and allocates none', () =>
    checkOp(gpus, {
      inputs: { a: input(11, [rows, width], 'activation'), w: input(12, [width, width], 'parameter') },
      record(r, { a, w }) {
        matmul(r, a, trainableWeight(w), { label: 'unused' })
        return matmul(r, a, trainableWeight(w))
      },
      reference: ({ a, w }) => matmulReference(a, w, width),
    }))

  it('frozen inputs leave nothing on the tape', () => {
    const r = new Recorder(gpus[0].gpu.profile, tapeKernels)
    const y = rmsNorm(r, r.empty('x', [4, 4]), r.empty('w', [4]), 1e-5)
    const forward = r.launches.length
    r.backward()
    expect([y.requiresGrad, r.launches.length]).toEqual([false, forward])
  })
})

interface Layer {
  norm: Held
  gate: Held
  up: Held
  down: Held
}

const depth = 4

/** How many blocks are in a segment that is dropped, and whether each is dropped again within it. */
interface Dropped {
  blocks: number
  nested?: boolean
}

/** A stack of residual blocks with dropout; gradients of everything. */
async function trainStack({ gpu }: TestGpu, dropped: Dropped | undefined) {
  const made: Held[] = []
  const parameter = (label: string, seed: number, shape: readonly number[], deviation: number): Held => {
    const value = held(label, shape, normals(seed, count(shape), deviation))
    const gradient = held(`d ${label}`, shape, new Float32Array(count(shape)))
    value.tensor.requiresGrad = true
    value.tensor.grad = gradient.tensor
    made.push(value, gradient)
    return value
  }
  const x = parameter('x', 20, [rows, width], 1)
  const layers = Array.from({ length: depth }, (_, i): Layer => ({
    norm: parameter(`norm ${i}`, 30 + i, [width], 1),
    gate: parameter(`gate ${i}`, 40 + i, [2 * width, width], 0.2),
    up: parameter(`up ${i}`, 45 + i, [2 * width, width], 0.2),
    down: parameter(`down ${i}`, 50 + i, [width, 2 * width], 0.2),
  }))
  const state = held('state', [64], stepState({ seed: 9 }))
  const seed = held('seed', [rows, width], normals(60, rows * width))
  made.push(state, seed)
  const r = new Recorder(gpu.profile, tapeKernels)
  const block = (before: Tensor, i: number): Tensor => {
    const { norm, gate, up, down } = layers[i]
    const inner = dropout(r, rmsNorm(r, before, norm.tensor, 1e-5), 0.25, i, state.tensor)
    const act = swiglu(r, matmul(r, inner, trainableWeight(gate.tensor)), matmul(r, inner, trainableWeight(up.tensor)))
    return add(r, before, matmul(r, act, trainableWeight(down.tensor)))
  }
  const segment = (input: Tensor, from: number, end: number): Tensor => {
    let out = input
    for (let i = from; i < end; i++) {
      const before = out
      out = dropped?.nested ? r.checkpoint([before], () => block(before, i)) : block(before, i)
    }
    return out
  }
  let y: Tensor = x.tensor
  const size = dropped?.blocks ?? depth
  for (let from = 0; from < depth; from += size) {
    const input = y
    const run = () => segment(input, from, Math.min(from + size, depth))
    y = dropped ? r.checkpoint([input], run) : run()
  }
  r.passGrad(y, seed.tensor)
  r.backward()
  const planBytes = planArena(r.launches, 2 ** 31).chunkBytes.reduce((a, b) => a + b, 0)
  const read = await runRecorded(gpu, r.launches, made, 'planned')
  return { planBytes, gradients: made.filter((h) => h.tensor.grad).map((h) => ({ label: h.tensor.label, values: read(h.tensor.grad!) })) }
}

describe('checkpointing', () => {
  it('gives the same bits as without it, from a smaller plan', async () => {
    for (const gpu of gpus) {
      const plain = await trainStack(gpu, undefined)
      for (const how of [{ blocks: 1 }, { blocks: 3 }, { blocks: 3, nested: true }]) {
        const dropped = await trainStack(gpu, how)
        plain.gradients.forEach(({ label, values }, i) => {
          expect(
            values.some((v) => v !== 0),
            label,
          ).toBe(true)
          assertSameBits(`d ${label} (${gpu.name}, ${JSON.stringify(how)})`, dropped.gradients[i].values, values)
        })
        expect(dropped.planBytes).toBeLessThan((how.blocks > 1 && !how.nested ? 1 : 0.7) * plain.planBytes)
      }
    }
  })
})
