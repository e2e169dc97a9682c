import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Gpu } from '../gpu/gpu'
import type { KernelConstant } from '../gpu/kernel'
import { tiles } from '../gpu/profile'
import { openOwnGpu } from '../testing/device'
import { lacksMatrices, smallForms } from '../testing/fast-products'
import { type Tuning, type TuningStore, tuneOnce } from './tune'
import { quickestMatrices } from './tune-matrices'

let gpu: Gpu
beforeAll(async () => {
  gpu = await openOwnGpu({
    profile: { software: false, lanes: 64, matmul: 'tiled', busyGroups: 256, largeTiles: 128, attention: 'plain', attentionRows: 1 },
    // lavapipe compiles subgroup matrices for seconds when they run for the first time, longer on a busy machine.
    patience: { laterMs: 600_000 },
  })
})
afterAll(() => gpu?.destroy())

const small = { sides: [64, 128], long: 512, warmMs: 0, attention: { heads: 1, length: 32, headDim: 8 } }

/** The device, presented as a real GPU that was never measured. */
function asHardware(): Gpu {
  return Object.create(gpu, {
    software: { value: false },
    tuned: { value: false, writable: true },
    shapes: { value: gpu.profile, writable: true },
  }) as Gpu
}

function kept(values = new Map<string, unknown>()): TuningStore & { values: Map<string, unknown> } {
  return { values, get: (key) => Promise.resolve(values.get(key)), set: (key, value) => Promise.resolve(void values.set(key, value)) }
}

describe('tuning', () => {
  it('measures a device once, stores the result, and uses it from then on', async () => {
    const store = kept()
    const fractions: number[] = []
    const first = asHardware()
    await tuneOnce(first, store, { ...small, onUpdate: (f) => fractions.push(f) })
    expect(fractions.at(-1)).toBe(1)
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b))
    const [tuning] = [...store.values.values()] as Tuning[]
    expect(['tiled', 'quad']).toContain(tuning.matmul)
    expect(['plain', 'quad', 'tiled']).toContain(tuning.attention)
    expect(first.profile).toMatchObject(tuning)
    expect(first.profile.lanes).toBe(64)

    const [key] = store.values.keys()
    const found: Tuning = { matmul: 'tiled', largeTile: tiles[1], largeTiles: 9, busyGroups: 7, attention: 'plain', attentionRows: 4 }
    store.values.set(key, found)
    const second = asHardware()
    await tuneOnce(second, store, { onUpdate: () => expect.unreachable('it was measured before') })
    expect(second.profile).toMatchObject(found)
    expect(second.tuned).toBe(true)
  })

  it('measures again if the stored result cannot be read', async () => {
    const store = kept()
    await tuneOnce(asHardware(), store, small)
    const [key] = store.values.keys()
    store.values.set(key, { matmul: 3 })
    const again = asHardware()
    await tuneOnce(again, store, small)
    expect(again.profile).toMatchObject(store.values.get(key) as Tuning)
    expect(again.tuned).toBe(true)
  })

  it('does not use a form that is fast but wrong, as subgroups are with some drivers', async () => {
    const lying = asHardware()
    lying.pipeline = ({ file, parts, constants }) => {
      if (file === 'matmul_quad') return gpu.pipeline({ file: 'matmul_input_quad', parts, constants })
      if (file === 'attention_quad' || file === 'attention_tiled')
        return gpu.pipeline({ file, parts, constants: { ...constants, CAP: { f32: 0.01 } } })
      return gpu.pipeline({ file, parts, constants })
    }
    const store = kept()
    await tuneOnce(lying, store, small)
    expect([...store.values.values()]).toMatchObject([{ matmul: 'tiled', attention: 'plain' }])
  })

  it('falls back to the plainest forms if tiles in workgroup memory are wrong, including the first one', async () => {
    const lying = asHardware()
    lying.pipeline = ({ file, parts, constants }) => {
      if (file === 'matmul_quad') return gpu.pipeline({ file: 'matmul_input_quad', parts, constants })
      const swapped = parts?.map((part) => (part === 'common/matmul_tiles' ? 'common/matmul_input_tiles' : part))
      if (file === 'matmul_tiled') return gpu.pipeline({ file: 'matmul_input_tiled', parts: swapped, constants })
      if (file === 'attention_quad' || file === 'attention_tiled' || (file === 'attention' && constants?.ROWS === 4))
        return gpu.pipeline({ file, parts, constants: { ...constants, CAP: { f32: 0.01 } } })
      return gpu.pipeline({ file, parts, constants })
    }
    const store = kept()
    await tuneOnce(lying, store, small)
    expect([...store.values.values()]).toMatchObject([{ matmul: 'register', attention: 'plain', attentionRows: 1 }])
  })

  it.each(['common/low_rank', 'quant/code_shared'])('checks %s too, which only LoRA over NF4 needs', async (part) => {
    const lying = asHardware()
    const misread = (parts: readonly string[]) =>
      parts.includes(part) ? parts.map((p) => (p === 'quant/nf4_code' ? 'quant/fp4_code' : p)) : parts
    lying.pipeline = ({ file, parts, constants }) => gpu.pipeline({ file, parts: parts && misread(parts), constants })
    const store = kept()
    await tuneOnce(lying, store, small)
    expect([...store.values.values()][0]).not.toMatchObject({ matmul: 'tiled' })
  })

  /** A device whose subgroups hold one line of matrices, which a software adapter compiles soonest. */
  function asMatrixHardware(): Gpu {
    const matrices = (['f16', 'f32'] as const).flatMap((factors) => smallForms(gpu, factors).map((form) => ({ ...form, rows: form.m })))
    return Object.create(asHardware(), { matrices: { value: matrices } }) as Gpu
  }
  const trial = (device: Gpu) => {
    const plain = { matmul: 'tiled', largeTile: tiles[0], largeTiles: 4, busyGroups: 8 } as const
    // Each trial is faster than the one before, so only wrong results keep a form from being chosen.
    let ms = 1000
    return quickestMatrices(device, plain, 64, async () => --ms)
  }

  it('chooses subgroup matrices for exact and for fast products from those that the device lists', async ({ skip }) => {
    if (lacksMatrices(gpu, 'f16')) return skip(lacksMatrices(gpu, 'f16'))
    const device = asMatrixHardware()
    const chosen = await trial(device)
    expect(chosen).toEqual({
      ...(device.matrices.some(({ factors }) => factors === 'f32') && { exact: device.matrices.at(-1) }),
      fast: device.matrices.at(-1),
    })
    // Not where other kernels are faster.
    let ms = 0
    expect(await quickestMatrices(device, {}, 64, async () => ++ms)).toBeUndefined()
  })

  it('does not choose subgroup matrices whose results are wrong: half of the threads, half of the sums, kernels that do not compile', async ({
    skip,
  }) => {
    if (lacksMatrices(gpu, 'f16')) return skip(lacksMatrices(gpu, 'f16'))
    const liars: ((constants: Record<string, KernelConstant>) => Record<string, KernelConstant>)[] = [
      (constants) => ({ ...constants, THREADS: Number(constants.THREADS) / 2 }),
      (constants) => ({ ...constants, ACROSS: 2 }),
      (constants) => ({ ...constants, MAT_K: 3 }),
    ]
    for (const lie of liars) {
      const device = asMatrixHardware()
      device.pipeline = (kernel) =>
        gpu.pipeline(kernel.file === 'matmul_matrix' ? { ...kernel, constants: lie({ ...kernel.constants }) } : kernel)
      expect(await trial(device)).toBeUndefined()
      expect(gpu.failure).toBeUndefined()
    }
  })

  it('stops on an abort signal, and leaves software adapters unchanged', async () => {
    const stop = AbortSignal.abort(new Error('stopped'))
    await expect(tuneOnce(asHardware(), kept(), { ...small, signal: stop })).rejects.toThrow('stopped')
    const store = kept()
    await tuneOnce(gpu, store, small)
    expect(store.values.size).toBe(0)
    expect(gpu.tuned).toBe(false)
  })
})
