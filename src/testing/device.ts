// The GPU of a test file under each profile of kernels: those of software adapters and those of real GPUs.
import { afterAll, beforeAll } from 'vitest'
import { Gpu, type GpuOptions } from '../gpu/gpu'
import { type Profile, tiles } from '../gpu/profile'
import { smallForms } from './fast-products'
import { oneDeviceGpu } from './one-device'

const tile = { largeTile: tiles[0], largeTiles: 4, logitBytes: 2 ** 25 } as const

/** The choices of `profileFor` for each kind of adapter, so that both are checked on any adapter. */
export const testProfiles = {
  // So few rows that the tests' products are unpacked.
  software: { ...tile, software: true, lanes: 1, matmul: 'quad', unpackRows: 64, busyGroups: 32, attention: 'quad', attentionRows: 4 },
  'software without subgroups': {
    ...tile,
    software: true,
    lanes: 1,
    matmul: 'register',
    unpackRows: Infinity,
    busyGroups: 32,
    attention: 'plain',
    attentionRows: 4,
  },
  // So few tiles that the tests' small products use both sizes, and enough groups that they split sums.
  hardware: {
    ...tile,
    software: false,
    lanes: 64,
    matmul: 'tiled',
    unpackRows: Infinity,
    busyGroups: 16,
    attention: 'tiled',
    attentionRows: 1,
  },
} as const satisfies Record<string, Partial<Profile>>

/** Software adapters with subgroups of eight lanes. */
export const octets = { ...testProfiles.software, matmul: 'octet', unpackRows: Infinity } as const satisfies Partial<Profile>
const byOctets = 'software with octets'

export interface TestGpu {
  /** The name of the profile, for failures. */
  name: string
  gpu: Gpu
}

/** The profile of TABTUNE_TEST_PROFILE with the device's subgroup matrices in exact products, or in fast ones. */
const byMatrices = 'subgroup matrices'

/**
 * The profile that TABTUNE_TEST_PROFILE names, or none: then the adapter's own is used. @throws Error for an unknown name, or if `gpu` lacks
 * the subgroups that it names
 */
function chosenProfile(gpu?: Gpu): Partial<Profile> | undefined {
  const name = process.env.TABTUNE_TEST_PROFILE
  if (!name) return
  if (name === byMatrices && gpu) {
    const [exact, fast] = [smallForms(gpu, 'f32').at(0), smallForms(gpu, 'f16').at(0)]
    if (!exact && !fast) throw new Error(`TABTUNE_TEST_PROFILE: expected a device with subgroup matrices, got ${gpu.name}.`)
    return { ...testProfiles.hardware, matrices: { ...(exact && { exact }), ...(fast && { fast }) } }
  }
  if (name === byOctets && gpu) {
    if (gpu.subgroup < 8) throw new Error(`TABTUNE_TEST_PROFILE: expected a device with subgroups of eight lanes, got ${gpu.name}.`)
    return octets
  }
  const found = Object.entries(testProfiles).find(([key]) => key === name)
  if (found) return found[1]
  throw new Error(`TABTUNE_TEST_PROFILE: expected one of ${[...Object.keys(testProfiles), byOctets, byMatrices].join(', ')}, got ${name}.`)
}

let shared: Gpu | undefined

/** The device of this process. After a loss or a failure it is opened again. */
async function sharedGpu(): Promise<Gpu> {
  // lavapipe compiles subgroup matrices for seconds when they run for the first time, and many kernels may run at once.
  const patience = process.env.TABTUNE_MATRIX_UNITS === '1' ? { laterMs: 600_000 } : undefined
  if (!shared || shared.failure) shared = await Gpu.open(await oneDeviceGpu(), { patience })
  return shared
}

/** `gpu` under `profile`, which counts its own bytes. Its `destroy` frees its buffers and keeps the device. */
function borrowed(gpu: Gpu, profile: Partial<Profile> | undefined): Gpu {
  const view = gpu.under(profile ?? {})
  const buffers = new Set<GPUBuffer>()
  view.buffer = (...args) => {
    const buffer = gpu.buffer.apply(view, args)
    buffers.add(buffer)
    return buffer
  }
  view.release = (buffer) => {
    buffers.delete(buffer)
    gpu.release.call(view, buffer)
  }
  view.destroy = () => {
    for (const buffer of buffers) view.release(buffer)
  }
  return view
}

/**
 * The device of this process under `options`, or else under the profile of TABTUNE_TEST_PROFILE. All test files use one device, because most
 * kernels are then compiled once. Call `destroy` after the tests. Tests that tune their device use `openOwnGpu`.
 */
export async function openTestGpu(options: GpuOptions = {}): Promise<Gpu> {
  const gpu = await sharedGpu()
  return borrowed(gpu, options.profile ?? chosenProfile(gpu))
}

/** A device with kernel shapes and counts that only the caller uses. Destroy it after the tests. */
export async function openOwnGpu(options: GpuOptions = {}): Promise<Gpu> {
  return Gpu.open(await oneDeviceGpu(), { profile: chosenProfile(), ...options })
}

/** The profiles with exact products by subgroup matrices that the device can run; few devices have any. */
function exactMatrices(gpu: Gpu): Record<string, Partial<Profile>> {
  const forms = smallForms(gpu, 'f32')
  return Object.fromEntries(
    forms.map((exact) => [`hardware with ${JSON.stringify(exact)}`, { ...testProfiles.hardware, matrices: { exact } }]),
  )
}

/** The device under all profiles and those of `more`, from before the tests of the calling file until after them. */
export function testGpus(more: Readonly<Record<string, Partial<Profile>>> = {}): readonly TestGpu[] {
  const views: TestGpu[] = []
  beforeAll(async () => {
    const gpu = await sharedGpu()
    for (const [name, profile] of Object.entries({
      ...testProfiles,
      ...more,
      ...(gpu.subgroup >= 8 && { [byOctets]: octets }),
      ...exactMatrices(gpu),
    }))
      views.push({ name, gpu: borrowed(gpu, profile) })
  })
  afterAll(() => {
    for (const { gpu } of views) gpu.destroy()
  })
  return views
}
