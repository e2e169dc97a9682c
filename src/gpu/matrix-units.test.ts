// Which subgroup matrices of an adapter's list products use, and that only devices that list some are asked for them.
import { describe, expect, it } from 'vitest'
import { sentence } from '../config/phrase'
import { Gpu } from './gpu'
import { type MatrixSource, isOneOf, matrixForms, triedOn } from './matrix-units'

type Config = [factors: string, sums: string, m: number, n: number, k: number]

function source(configs: readonly Config[], change: Partial<MatrixSource> = {}): MatrixSource {
  return {
    configs: configs.map(([componentType, resultComponentType, M, N, K]) => ({ componentType, resultComponentType, M, N, K })),
    subgroupMinSize: 32,
    subgroupMaxSize: 32,
    sizeControl: true,
    limits: { maxComputeWorkgroupStorageSize: 32_768, maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupSizeX: 256 },
    ...change,
  }
}

const apple: Config[] = [
  ['f32', 'f32', 8, 8, 8],
  ['f16', 'f16', 8, 8, 8],
  ['f16', 'f32', 8, 8, 8],
]
const nvidia: Config[] = [
  ['f16', 'f32', 16, 16, 16],
  ['f16', 'f32', 16, 8, 16],
  ['f16', 'f16', 16, 16, 16],
  ['u8', 'u32', 16, 16, 32],
]
const names = (from: MatrixSource) => matrixForms(from).map(({ factors, m, n, k, rows }) => `${factors} ${m}x${n}x${k} ${rows}`)

describe('forms of products', () => {
  it('have sums in f32, and factors in f16 or f32', () => {
    expect(names(source(apple))).toEqual(['f32 8x8x8 32', 'f32 8x8x8 64', 'f16 8x8x8 32', 'f16 8x8x8 64'])
    expect(names(source(nvidia))).toEqual(['f16 16x16x16 32', 'f16 16x16x16 64', 'f16 16x8x16 32', 'f16 16x8x16 64'])
  })

  it('fit into tiles and workgroup memory', () => {
    const odd: Config[] = [
      ['f16', 'f32', 24, 8, 8],
      ['f16', 'f32', 64, 8, 8],
      ['f32', 'f32', 8, 8, 32],
    ]
    expect(names(source(odd))).toEqual([])
    const limits = { ...source([]).limits, maxComputeWorkgroupStorageSize: 16_384 }
    expect(names(source([...apple, ...nvidia], { limits }))).toEqual(['f32 8x8x8 32', 'f16 8x8x8 32'])
  })

  it('have four subgroups of the largest size in a workgroup, and ask for that size where there are others', () => {
    expect(matrixForms(source(apple))[0]).toMatchObject({ lanes: 32, pinned: false })
    expect(matrixForms(source(apple, { subgroupMinSize: 8 }))[0]).toMatchObject({ lanes: 32, pinned: true })
    expect(matrixForms(source(apple, { subgroupMinSize: 8, sizeControl: false }))[0]).toMatchObject({ lanes: 32, pinned: false })
    expect(matrixForms(source(apple, { subgroupMinSize: 32, subgroupMaxSize: 64 }))[0]).toMatchObject({ lanes: 64, pinned: true })
    expect(names(source(apple, { subgroupMaxSize: 128 }))).toEqual([])
    expect(names(source(apple, { subgroupMaxSize: NaN }))).toEqual([])
  })

  it('are known again after they were stored, and not if the device no longer lists them', () => {
    const forms = matrixForms(source(apple))
    expect(isOneOf(forms, JSON.parse(JSON.stringify(forms[1])))).toBe(true)
    expect(isOneOf(matrixForms(source(nvidia)), forms[1])).toBe(false)
    for (const other of [undefined, null, 'f16', {}]) expect(isOneOf(forms, other)).toBe(false)
  })

  it('say where their shape was tried; a shape that nobody knows was not', () => {
    expect(sentence(triedOn({ factors: 'f16', m: 8, n: 8, k: 8 })!)).toContain('lavapipe')
    for (const m of [16, 32]) expect(triedOn({ factors: 'f16', m, n: 16, k: 16 })).toBeUndefined()
  })
})

/** A device that records what it was asked for. */
async function opened(features: readonly string[], configs?: readonly Config[]) {
  const asked: GPUDeviceDescriptor[] = []
  const { limits: workgroup } = source([])
  const limits = { maxStorageBufferBindingSize: 2 ** 20, maxBufferSize: 2 ** 20, ...workgroup }
  const device = {
    limits,
    features: new Set(features),
    lost: new Promise(() => undefined),
    addEventListener: () => undefined,
    destroy: () => undefined,
  }
  const adapter = {
    info: {
      vendor: 'a test',
      subgroupMinSize: 32,
      subgroupMaxSize: 32,
      ...(configs && { subgroupMatrixConfigs: source(configs).configs }),
    },
    limits,
    features: device.features,
    requestDevice: async (descriptor: GPUDeviceDescriptor) => (asked.push(descriptor), device),
  }
  const gpu = await Gpu.open({ requestAdapter: async () => adapter } as unknown as GPU)
  return { gpu, asked: { features: [...asked[0]!.requiredFeatures!], limits: Object.keys(asked[0]!.requiredLimits!) } }
}

describe('a device', () => {
  const matrices = 'chromium-experimental-subgroup-matrix'
  const all = ['subgroups', 'shader-f16', 'subgroup-size-control']

  it('is asked for subgroup matrices where the adapter lists them', async () => {
    const { gpu, asked } = await opened([...all, matrices], apple)
    expect(asked.features).toEqual(expect.arrayContaining([matrices, 'subgroup-size-control']))
    expect(asked.limits).toContain('maxComputeWorkgroupStorageSize')
    expect(gpu.matrices).toHaveLength(4)
    // Only tuning chooses them.
    expect(gpu.profile.matrices).toBeUndefined()
  })

  it('is asked for nothing else where it does not', async () => {
    const { gpu, asked } = await opened(all, apple)
    expect(asked).toEqual({ features: ['subgroups', 'shader-f16'], limits: ['maxBufferSize', 'maxStorageBufferBindingSize'] })
    expect(gpu.matrices).toEqual([])
  })

  it('has only those of f32 without f16, and none without subgroups or a list', async () => {
    const without = async (feature: string) =>
      (
        await opened(
          [...all, matrices].filter((f) => f !== feature),
          apple,
        )
      ).gpu.matrices
    expect((await without('shader-f16')).map(({ factors }) => factors)).toEqual(['f32', 'f32'])
    expect(await without('subgroups')).toEqual([])
    expect((await opened([...all, matrices])).gpu.matrices).toEqual([])
  })
})
