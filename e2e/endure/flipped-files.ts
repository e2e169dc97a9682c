// Files of a run on a disk are changed: a bit is flipped, or the end is cut off. What is read must be as it was kept, and damage must be
// said or repaired from its copy.
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { diskFolder } from '../../src/cli/node/disk-folder'
import { readCheckedJson, writeCheckedJson } from '../../src/storage/checked-json'
import type { Folder } from '../../src/storage/folder'
import { metricLog } from '../../src/storage/metric-log'
import { snapshotSlots } from '../../src/storage/snapshot-slots'
import { randomNumbers } from '../../src/testing/random'
import { damage } from './damage'
import type { EndurePart } from './part'
import { isWhole, snapshotAt } from './storage-faults'

const records = 40
const record = { name: 'a run', config: { method: 'lora' } }

async function keep(folder: Folder): Promise<void> {
  const slots = snapshotSlots(folder)
  for (const step of [1, 2]) await slots.save(snapshotAt(step))
  await metricLog(folder, 'metrics').append(Array.from({ length: records }, (_, i) => ({ step: i + 1, loss: 1 / (i + 3) })))
  await writeCheckedJson(folder, 'record.json', record)
}

/** What is wrong about what is read back; undefined if it is right. `log`: the damage is in the log, which has no copy. */
async function problemOf(folder: Folder, changed: string): Promise<string | undefined> {
  const found = await snapshotSlots(folder).newest()
  if (!found) return 'no snapshot is left'
  const { step } = found.snapshot.about as { step: number }
  if (!(await isWhole(found.snapshot))) return `step ${step} has other bytes, and nothing was said`
  if (step !== 2 && found.problems.length === 0) return 'an older snapshot was given out without a word'
  const log = await metricLog(folder, 'metrics').read(records)
  const wrong = log.values.find((value) => {
    const { step: at, loss } = value as { step: number; loss: number }
    return loss !== 1 / (at + 2)
  })
  if (wrong) return `the log has ${JSON.stringify(wrong)}`
  if (log.values.length < records && log.problems.length === 0) return 'records are missing from the log without a word'
  if (changed !== 'metrics' && log.values.length < records) return 'damage elsewhere took records of the log'
  try {
    const kept = JSON.stringify(await readCheckedJson(folder, 'record.json'))
    if (kept !== JSON.stringify(record)) return `the record is ${kept}`
  } catch (error) {
    if (changed !== 'record.json') return `damage elsewhere took the record: ${String(error)}`
  }
  return undefined
}

export const part: EndurePart = {
  name: 'flipped-files',
  shows: 'changed files of a run are said or made up for',
  unit: 'files',
  counts: { sample: 20, usual: 100, long: 500 },
  async run({ count, seed, report }) {
    const failures: { case: number; problem: string }[] = []
    const per = new Map<string, number>()
    for (let i = 0; i < count; i++) {
      const random = randomNumbers(seed + i)
      const path = await mkdtemp(join(tmpdir(), 'tabtune-flipped-'))
      try {
        const folder = diskFolder(path)
        await keep(folder)
        const names = (await readdir(path)).sort()
        const name = names[Math.floor(random() * names.length)]
        const what = await damage(join(path, name), random)
        per.set(name, (per.get(name) ?? 0) + 1)
        const problem = await problemOf(folder, name)
        if (problem) failures.push({ case: i, problem: `${name}, ${what}: ${problem}` })
      } finally {
        await rm(path, { recursive: true })
      }
      report(i + 1)
    }
    const shares = [...per].sort().map(([name, files]) => `${name} ${files}`)
    return { figures: [shares.join(', ')], failures }
  },
}
