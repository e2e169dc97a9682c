// The GPU of a test file, opened once for each way of shaping kernels: as software adapters and as real GPUs get them.
import { afterAll, beforeAll } from 'vitest'
import { Gpu, type GpuOptions } from '../gpu/gpu'
import type { Profile } from '../gpu/profile'
import { nodeGpu } from './node-gpu'

/** What `profileFor` picks for the two kinds of adapter, so that both are checked on whichever is here. */
export const testProfiles = {
  software: { software: true, lanes: 1, matmul: 'register', attentionRows: 4 },
  hardware: { software: false, lanes: 64, matmul: 'tiled', attentionRows: 1 },
} as const satisfies Record<string, Partial<Profile>>

export interface TestGpu {
  /** Of the profile; failures name it. */
  name: string
  gpu: Gpu
}

/** The adapter of this machine under `options`. Destroy it after the tests. */
export async function openTestGpu(options: GpuOptions = {}): Promise<Gpu> {
  return Gpu.open(await nodeGpu(), options)
}

/** Both profiles, opened before the tests of the calling file and destroyed after them. */
export function testGpus(): readonly TestGpu[] {
  const opened: TestGpu[] = []
  beforeAll(async () => {
    for (const [name, profile] of Object.entries(testProfiles)) opened.push({ name, gpu: await openTestGpu({ profile }) })
  })
  afterAll(() => {
    for (const { gpu } of opened) gpu.destroy()
  })
  return opened
}
