// Every operation of a save fails once, in every way that storage fails. The snapshot before must be readable, or the new one if it was
// acknowledged; and the log of metrics must have every record that was acknowledged.
import { metricLog } from '../../src/storage/metric-log'
import type { Snapshot } from '../../src/storage/snapshot'
import { snapshotSlots } from '../../src/storage/snapshot-slots'
import { type Fault, Operations, faultKinds, memoryFolder } from '../../src/testing/memory-folder'
import type { EndurePart } from './part'

type Files = Map<string, Uint8Array<ArrayBuffer>>

const noise = Uint8Array.from({ length: 3 * 2 ** 20 }, (_, i) => (i * 2654435761) >>> 13)

/** A snapshot whose bytes follow from its step. */
export function snapshotAt(step: number, sizeBytes = 2 ** 20 + 300): Snapshot {
  return {
    about: { step },
    parts: [
      { name: 'values', sizeBytes },
      { name: 'states', sizeBytes: 1000 },
    ],
    read: async (name, at, length) => noise.slice(at + step + name.length, at + step + name.length + length),
  }
}

/** Whether every byte is that of the step that the snapshot claims. */
export async function isWhole(snapshot: Snapshot): Promise<boolean> {
  const expected = snapshotAt((snapshot.about as { step: number }).step)
  for (const { name, sizeBytes } of snapshot.parts) {
    const [got, wanted] = [await snapshot.read(name, 0, sizeBytes), await expected.read(name, 0, sizeBytes)]
    if (Buffer.compare(got, wanted) !== 0) return false
  }
  return true
}

interface Tried {
  operations: number
  acknowledged: boolean
  problem?: string
}

/** Saves step 9 over steps 1 and 2 and logs a record, with a fault. */
async function saveWith(start: Files, fault?: Fault): Promise<Tried> {
  const files: Files = new Map(start)
  const operations = new Operations(fault)
  const folder = memoryFolder(files, operations)
  let [acknowledged, logged] = [false, false]
  try {
    await metricLog(folder, 'metrics').append([{ step: 9 }])
    logged = true
    await snapshotSlots(folder).save(snapshotAt(9))
    acknowledged = true
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'FormatError')
      return { operations: operations.count, acknowledged, problem: `threw ${String(error)}` }
  }
  const tried = { operations: operations.count, acknowledged }
  const found = await snapshotSlots(memoryFolder(files)).newest()
  if (!found) return { ...tried, problem: 'no snapshot is left' }
  const { step } = found.snapshot.about as { step: number }
  if (acknowledged && step !== 9) return { ...tried, problem: `acknowledged step 9, read step ${step}` }
  if (step !== 9 && step !== 2) return { ...tried, problem: `read step ${step}` }
  if (!(await isWhole(found.snapshot))) return { ...tried, problem: `step ${step} has other bytes` }
  const { values } = await metricLog(memoryFolder(files), 'metrics').read()
  // A write that is lost without a word cannot be acknowledged rightly. It leaves a torn record, which is cut.
  const needed = fault?.kind === 'lost' ? 2 : logged ? 3 : 2
  return values.length >= needed ? tried : { ...tried, problem: `${values.length} of ${needed} records are left` }
}

export const part: EndurePart = {
  name: 'storage-faults',
  shows: 'a save whose storage fails keeps the snapshot before',
  unit: 'faults',
  counts: { sample: 60, usual: 500, long: 5000 },
  async run({ count, seed, report }) {
    const start: Files = new Map()
    const slots = snapshotSlots(memoryFolder(start))
    for (const step of [1, 2]) await slots.save(snapshotAt(step))
    await metricLog(memoryFolder(start), 'metrics').append([{ step: 1 }, { step: 2 }])
    const { operations } = await saveWith(start)
    const failures: { case: number; problem: string }[] = []
    let acknowledged = 0
    for (let i = 0; i < count; i++) {
      const n = seed + i
      const fault: Fault = { kind: faultKinds[n % faultKinds.length], at: (Math.floor(n / faultKinds.length) % operations) + 1 }
      const tried = await saveWith(start, fault)
      if (tried.acknowledged) acknowledged++
      if (tried.problem) failures.push({ case: i, problem: `operation ${fault.at} of ${operations}, ${fault.kind}: ${tried.problem}` })
      report(i + 1)
    }
    return { figures: [`${operations} operations in a save`, `${acknowledged} saves acknowledged all the same`], failures }
  },
}
