// Measures kernel by kernel: products over every packed format, LoRA's products of low rank, attention, and the kernels between them.
import type { BenchKernel } from '../config/bench-report'
import { defaultTraining } from '../config/run-config'
import type { WeightFormatId } from '../formats/quant/format-id'
import { weightFormats } from '../formats/quant/registry'
import type { Gpu } from '../gpu/gpu'
import { loadMatrices, planBase, slotsOf } from '../models/base-model'
import { randomModel } from '../models/random-model'
import { attention } from '../ops/attention'
import { headLoss } from '../ops/cross-entropy'
import { matmul, productInput, productInto, productWeight } from '../ops/matmul'
import { optimizerStep } from '../ops/optimizer'
import { rmsNorm } from '../ops/rms-norm'
import { rope, ropeTable } from '../ops/rope'
import { swiglu } from '../ops/swiglu'
import { type Weight, trainableWeight } from '../ops/weight'
import { Parameters } from '../tensor/parameters'
import { release } from '../tensor/program'
import type { Tensor } from '../tensor/tensor'
import { packState } from '../ops/step-state'
import type { Ceilings, Rate } from './ceilings'
import { Bed } from './launches'
import { type Time, type Timer, steadyMs } from './timer'
import { plainShape } from './workloads'

/** The work of one launch of a case, counted by hand from the formula rather than from the kernel. */
interface Case {
  kernel: string
  shape: string
  /** Multiply-adds × 2 (or other operations on numbers). */
  flops: number
  /** Every input read once and every output written once. */
  bytes: number
  measure(gpu: Gpu, timer: Timer): Promise<Time>
}

interface KernelSizes {
  /** Rows and both sides of square products; a multiple of 256, the largest block. */
  side: number
  attention: { heads: number; length: number; headDim: number }
  vocab: number
  parameters: number
}

/** Sizes large enough to use the whole graphics adapter, and small enough that all cases together take minutes. */
function sizesFor(gpu: Gpu): KernelSizes {
  return gpu.software
    ? { side: 512, attention: { heads: 8, length: 512, headDim: 64 }, vocab: 8192, parameters: 2 ** 20 }
    : { side: 2048, attention: { heads: 16, length: 2048, headDim: 64 }, vocab: 32_768, parameters: 2 ** 25 }
}

/** Loads a square matrix of a base model in `format` and frees it after `use`. */
async function withWeight<T>(gpu: Gpu, format: WeightFormatId, side: number, use: (weight: Weight) => Promise<T>): Promise<T> {
  const ours = format === 'nf4' || format === 'nf4-dq' || format === 'fp4'
  const shape = plainShape(1, side, side, side / 64, 512)
  const file = randomModel('benchmark', shape, { format: ours ? 'f32' : format })
  const plan = planBase(file, ours ? format : 'native', gpu.profile.maxBindingBytes)
  const weight = plan.matrices.get('model.layers.0.self_attn.q_proj.weight')!
  await loadMatrices(gpu, plan, [weight])
  try {
    return await use(weight)
  } finally {
    release(gpu, slotsOf([weight]))
  }
}

function productCases({ side }: KernelSizes): Case[] {
  const flops = 2 * side ** 3
  const shape = `${side} × ${side} × ${side}`
  const activations = 2 * side * side * 4
  const cases = weightFormats.flatMap(({ id, label, gpuBytes }): Case[] => {
    const bytes = activations + gpuBytes(side, side)
    return [
      {
        kernel: `${label} product`,
        shape,
        flops,
        bytes,
        measure: (gpu, timer) =>
          withWeight(gpu, id, side, (weight) => {
            const bed = new Bed(gpu)
            productInto(bed.r, bed.tensor('x', [side, side]), weight, bed.tensor('y', [side, side]), false)
            return bed.time(timer)
          }),
      },
      {
        kernel: `${label} product to the input`,
        shape,
        flops,
        bytes,
        measure: (gpu, timer) =>
          withWeight(gpu, id, side, (weight) => {
            const bed = new Bed(gpu)
            productInput(bed.r, bed.tensor('dy', [side, side]), weight, bed.tensor('dx', [side, side]), false)
            return bed.time(timer)
          }),
      },
    ]
  })
  const square = [side, side]
  cases.splice(2, 0, {
    kernel: 'F32 product to the weight',
    shape,
    flops,
    bytes: activations + side * side * 4,
    measure: (gpu, timer) => {
      const bed = new Bed(gpu)
      productWeight(bed.r, bed.tensor('dy', square), bed.tensor('x', square), bed.tensor('dw', square), false)
      return bed.time(timer)
    },
  })
  return cases
}

interface Work {
  flops: number
  bytes: number
}

/** Two cases: the launches of `record`, and those of its backward pass. */
function pair(kernel: string, shape: string, record: (bed: Bed) => Tensor, forward: Work, backward: Work): Case[] {
  return [
    {
      kernel,
      shape,
      ...forward,
      measure: (gpu, timer) => {
        const bed = new Bed(gpu)
        record(bed)
        return bed.time(timer)
      },
    },
    {
      kernel: `${kernel} backward`,
      shape,
      ...backward,
      measure: (gpu, timer) => {
        const bed = new Bed(gpu)
        const y = record(bed)
        const forward = bed.launches.length
        bed.backward(y)
        return bed.time(timer, (_, place) => place >= forward)
      },
    },
  ]
}

/** y + 2 x Aᵀ Bᵀ, as LoRA adds it to the output of a linear layer. */
function loraCases({ side }: KernelSizes): Case[] {
  const rank = 8
  const thin = 2 * side * side * rank
  const [activation, matrices] = [side * side * 4, 2 * rank * side * 4]
  return pair(
    'LoRA products',
    `${side} × ${side}, rank ${rank}`,
    (bed) => {
      const [x, into] = [bed.active('x', [side, side]), bed.active('y', [side, side])]
      const [a, b] = [bed.trained('A', [rank, side]), bed.trained('B', [side, rank])]
      return matmul(bed.r, matmul(bed.r, x, trainableWeight(a)), trainableWeight(b), { scale: 2, into })
    },
    { flops: 2 * thin, bytes: 3 * activation + matrices },
    { flops: 4 * thin, bytes: 4 * activation + 3 * matrices },
  )
}

function attentionCases({ attention: { heads, length, headDim } }: KernelSizes): Case[] {
  const width = heads * headDim
  // Counts the half below the diagonal: two products forward, five backward.
  const product = heads * length * length * headDim
  return pair(
    'attention',
    `${length} × ${heads} × ${headDim}, causal`,
    (bed) => {
      const [q, k, v] = ['q', 'k', 'v'].map((label) => bed.active(label, [length, width]))
      const ranges = Uint32Array.from({ length: 2 * length }, (_, i) => (i % 2 ? (i + 1) / 2 : 0))
      const seen = bed.tensor('ranges', [length, 2], ranges, 'u32')
      return attention(bed.r, q, k, v, seen, { batch: 1, length, keys: length, heads, kvHeads: heads, headDim })
    },
    { flops: 2 * product, bytes: 4 * length * width * 4 },
    { flops: 5 * product, bytes: 8 * length * width * 4 },
  )
}

/** Cases bound by memory, which read and write tensors [rows, width]. */
function elementwiseCases({ side }: KernelSizes): Case[] {
  const headDim = 64
  const work = (flops: number, tensors: number): Work => ({ flops: flops * side * side, bytes: tensors * side * side * 4 })
  const shape = `${side} × ${side}`
  const norm = (bed: Bed) => rmsNorm(bed.r, bed.active('x', [side, side]), bed.tensor('w', [side]), 1e-5)
  const gated = (bed: Bed) => swiglu(bed.r, bed.active('gate', [side, side]), bed.active('up', [side, side]))
  const rotated = (bed: Bed) => {
    const positions = bed.tensor(
      'positions',
      [side],
      Uint32Array.from({ length: side }, (_, i) => i),
      'u32',
    )
    const table = bed.tensor('table', [side, headDim], ropeTable(side, headDim, 10_000))
    return rope(bed.r, bed.active('x', [side, side]), positions, table, { headDim })
  }
  return [
    ...pair('RMS norm', shape, norm, work(4, 2), work(8, 3)),
    ...pair('rotary embedding', shape, rotated, work(3, 2), work(3, 2)),
    ...pair('SwiGLU', shape, gated, work(5, 3), work(10, 5)),
  ]
}

/** State and metrics of a step without NaN. */
function stepTensors(bed: Bed, rows: number): { state: Tensor; metrics: Tensor } {
  const state = packState(defaultTraining(), { lossScale: 1 / rows, supervised: rows })
  return { state: bed.tensor('state', [state.length], state, 'u32'), metrics: bed.tensor('metrics', [8], new Float32Array(8)) }
}

function lossCase({ side, vocab }: KernelSizes): Case {
  const rows = side / 4
  return {
    kernel: 'cross-entropy with its gradient',
    shape: `${rows} × ${vocab}`,
    flops: rows * vocab * 10,
    bytes: 2 * rows * vocab * 4,
    measure: (gpu, timer) => {
      const bed = new Bed(gpu)
      const each = (label: string, of: (i: number) => number) =>
        bed.tensor(
          label,
          [rows],
          Uint32Array.from({ length: rows }, (_, i) => of(i)),
          'u32',
        )
      const inputs = {
        rows: each('rows', (i) => i),
        place: each('place', (i) => i),
        targets: bed.tensor(
          'targets',
          [rows],
          Int32Array.from({ length: rows }, (_, i) => (i * 7919) % vocab),
          'i32',
        ),
        ...stepTensors(bed, rows),
      }
      headLoss(bed.r, bed.active('hidden', [rows, 64]), trainableWeight(bed.tensor('head', [vocab, 64])), inputs, true)
      return bed.time(timer, (launch) => launch.kernel.file === 'cross_entropy')
    },
  }
}

function optimizerCase({ parameters: size }: KernelSizes): Case {
  return {
    kernel: 'gradient norm and AdamW',
    shape: `${size} values`,
    flops: size * 14,
    // The norm reads the gradients; AdamW reads four numbers per value and writes three.
    bytes: size * 8 * 4,
    measure: (gpu, timer) => {
      const bed = new Bed(gpu)
      const parameters = new Parameters(true, gpu.profile.maxBindingBytes)
      parameters.add({ name: 'p', shape: [size], values: () => new Float32Array(size), decay: true })
      for (const slot of parameters.slots) bed.hold(slot)
      const { state, metrics } = stepTensors(bed, 1)
      optimizerStep(bed.r, parameters, state, metrics)
      return bed.time(timer)
    },
  }
}

/** All kernels that are measured on their own. */
export function kernelCases(
  gpu: Gpu,
  sizes = sizesFor(gpu),
): { kernel: string; run(timer: Timer, ceilings: Ceilings): Promise<BenchKernel & Pick<Rate, 'perMs'>> }[] {
  const cases = [
    ...productCases(sizes),
    ...loraCases(sizes),
    ...attentionCases(sizes),
    ...elementwiseCases(sizes),
    lossCase(sizes),
    optimizerCase(sizes),
  ]
  return cases.map((c) => ({
    kernel: c.kernel,
    async run(timer, ceilings) {
      const time = await c.measure(gpu, timer)
      const steady = steadyMs(time)
      const [arithmetic, memory] = [c.flops / steady / ceilings.multiplyAdd.perMs, c.bytes / steady / ceilings.copy.perMs]
      return {
        kernel: c.kernel,
        shape: c.shape,
        ...time,
        gflops: c.flops / time.ms / 1e6,
        gbps: c.bytes / time.ms / 1e6,
        share: Math.max(arithmetic, memory),
        bound: arithmetic >= memory ? 'arithmetic' : 'memory',
        perMs: c.flops / steady,
      }
    },
  }))
}
