// A studio on the fake engine, for tests of stores.
import { unzipBlob } from '../storage/unzip'
import type { Unzip } from '../store/imports'
import { memoryKeeping } from '../store/keeping'
import { memoryLiving } from '../store/living'
import { type Studio, createStudio } from '../store/studio'
import type { EngineApi, PickedFile } from '../worker/api'
import { WorkbenchHost } from '../worker/workbench-host'
import { createFakeEngine } from './fake-engine'

export const rows = Array.from({ length: 40 }, (_, i) => JSON.stringify({ prompt: `Say ${i}`, completion: `number ${i}` })).join('\n')
export const modelFiles: PickedFile[] = ['tiny/config.json', 'tiny/model.safetensors'].map((path) => ({
  path,
  file: new File(['{}'], path),
}))
export const dataFile = (text = rows): PickedFile => ({ path: 'rows.jsonl', file: new File([text], 'rows.jsonl') })
const demoPlan = {
  model: ['config.json', 'model.safetensors'],
  train: 'train.jsonl',
  heldout: 'heldout.jsonl',
  method: 'lora',
  methodSettings: { r: 4 },
  training: { steps: 6, maxLength: 64 },
  base: 'native',
}

/** What tabs share beside storage; absent = a single tab. */
type Beside = Pick<
  Parameters<typeof createStudio>[0],
  'turns' | 'channel' | 'keptFiles' | 'preferences' | 'benchKeeping' | 'chatRecords'
> & {
  unzip?: Unzip
}

export function makeStudio(
  change: Partial<EngineApi> = {},
  keeping = memoryKeeping(),
  living = memoryLiving(),
  beside: Beside = {},
): Studio {
  return createStudio({
    unzip: unzipBlob,
    ...beside,
    engine: { ...createFakeEngine({ beatMs: 0 }), ...change },
    keeping,
    living,
    workbench: new WorkbenchHost(),
    fetchDemoFile: async (path) => new File([path === 'demo.json' ? JSON.stringify(demoPlan) : rows], path),
  })
}

/** What keeps a run from starting, by its name. */
export const missingOf = (studio: Studio) => studio.readiness.getState().obstacle?.missing

export async function until(condition: () => boolean): Promise<void> {
  // Shorter than a test may take, and long enough for a machine with other work.
  const end = Date.now() + 60_000
  while (!condition()) {
    if (Date.now() > end) throw new Error('waited too long')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

export async function readyStudio(
  keeping = memoryKeeping(),
  change: Partial<EngineApi> = {},
  living = memoryLiving(),
  beside: Beside = {},
): Promise<Studio> {
  const studio = makeStudio(change, keeping, living, beside)
  await studio.device.check({ secure: true, hasWebGpu: true })
  await studio.openModel(modelFiles)
  await studio.openData(dataFile())
  studio.setup.setTrainingValue('steps', 12)
  await until(() => missingOf(studio) === undefined)
  return studio
}
