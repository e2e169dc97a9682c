// Workloads on models from files, if the files exist.
import { existsSync } from 'node:fs'
import { openModel } from '../../formats/open-model'
import type { ModelFile } from '../../formats/model-file'
import { shapes, type Workload } from '../../measure/workloads'
import { sourcesAt } from '../files'

const folder = '../shared/models'
const work = { shape: shapes.s260k, batch: 4, length: 256, method: 'lora', settings: { r: 8, alpha: 16 } } as const

const candidates: readonly { path: string; workload: Workload }[] = [
  { path: `${folder}/TinyStories-656K`, workload: { ...work, name: 'tinystories-656k LoRA F32', base: 'native' } },
  { path: `${folder}/TinyStories-656K`, workload: { ...work, name: 'tinystories-656k LoRA NF4', base: 'nf4' } },
  {
    path: `${folder}/TinyStories-656K-gguf/TinyStories-656K.q4_k_m.gguf`,
    workload: { ...work, name: 'tinystories-656k LoRA Q4_K_M', base: 'native' },
  },
]

/** The workloads whose files exist on this machine. */
export function fileWorkloads(): { workload: Workload; open(): Promise<ModelFile> }[] {
  return candidates
    .filter(({ path }) => existsSync(path))
    .map(({ path, workload }) => ({ workload, open: async () => openModel(await sourcesAt(path)) }))
}
