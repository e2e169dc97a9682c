import { describe, expect, it } from 'vitest'
import { sentence } from '../config/phrase'
import { type Fault, Operations, faultKinds, memoryFolder } from '../testing/memory-folder'
import { folderWithin } from './folder'
import type { Snapshot } from './snapshot'
import { snapshotSlots } from './snapshot-slots'

type Files = Map<string, Uint8Array<ArrayBuffer>>

const noise = Uint8Array.from({ length: 2 ** 20 + 400 }, (_, i) => (i * 2654435761) >>> 13)

/** A snapshot whose first part has two checksums. Its bytes follow from its step. */
function snapshotAt(step: number): Snapshot {
  const parts = [
    { name: 'values', sizeBytes: 2 ** 20 + 300 },
    { name: 'states', sizeBytes: 1000 },
    { name: 'none', sizeBytes: 0 },
  ]
  return {
    about: { step, loss: 0.1 * step },
    parts,
    read: async (name, at, sizeBytes) => noise.slice(at + step + name.length, at + step + name.length + sizeBytes),
  }
}

async function checkIs(found: Snapshot | undefined, step: number): Promise<void> {
  const expected = snapshotAt(step)
  expect(found?.about).toEqual(expected.about)
  expect(found?.parts).toEqual(expected.parts)
  for (const { name, sizeBytes } of expected.parts) {
    const bytes = await found!.read(name, 0, sizeBytes)
    expect(Buffer.compare(bytes, await expected.read(name, 0, sizeBytes)), name).toBe(0)
  }
}

async function saved(files: Files, ...steps: number[]): Promise<void> {
  const slots = snapshotSlots(memoryFolder(files))
  for (const step of steps) await slots.save(snapshotAt(step))
}

describe('snapshots', () => {
  it('come back with every byte, the newest one, also for a reader that opens the folder later', async () => {
    const files: Files = new Map()
    const slots = snapshotSlots(memoryFolder(files))
    expect(await slots.newest()).toBeUndefined()
    for (const step of [1, 2, 3]) {
      await slots.save(snapshotAt(step))
      await checkIs((await slots.newest())?.snapshot, step)
    }
    const { snapshot } = (await snapshotSlots(memoryFolder(files)).newest())!
    expect(await snapshot.read('values', 2 ** 20 - 2, 5)).toEqual(await snapshotAt(3).read('values', 2 ** 20 - 2, 5))
    await expect(snapshot.read('values', 2 ** 20, 301)).rejects.toThrow(/expected 301 bytes of values/)
    await saved(files, 4)
    await checkIs((await slots.newest())?.snapshot, 4)
    await slots.clear()
    expect(files.size).toBe(0)
    expect(await slots.newest()).toBeUndefined()
  })

  it('of several runs share a folder', async () => {
    const files: Files = new Map()
    const [a, b] = ['a.', 'b.'].map((prefix) => snapshotSlots(folderWithin(memoryFolder(files), prefix)))
    await a.save(snapshotAt(1))
    await b.save(snapshotAt(2))
    await a.clear()
    expect(await a.newest()).toBeUndefined()
    await checkIs((await b.newest())?.snapshot, 2)
  })

  it.each(faultKinds)('are kept where any operation of a save fails: %s', async (kind) => {
    let failures = 0
    for (const before of [[1], [1, 2]]) {
      const last = before[before.length - 1]
      const start: Files = new Map()
      await saved(start, ...before)
      let at = 1
      for (let counted = Infinity; at <= counted; at++) {
        const files: Files = new Map(start)
        const operations = new Operations({ at, kind } satisfies Fault)
        let acknowledged = true
        try {
          await snapshotSlots(memoryFolder(files, operations)).save(snapshotAt(9))
        } catch (error) {
          acknowledged = false
          failures++
          expect(error).toMatchObject({ kind: 'FormatError' })
        }
        if (operations.count < at) counted = 0
        const { snapshot } = (await snapshotSlots(memoryFolder(files)).newest())!
        const complete = (snapshot.about as { step: number }).step === 9
        if (acknowledged) expect(complete, `operation ${at}`).toBe(true)
        await checkIs(snapshot, complete ? 9 : last)
      }
      expect(at).toBeGreaterThan(20)
    }
    expect(failures).toBeGreaterThan(5)
  })

  it('do not end with a save that failed: the next one is tried again', async () => {
    const files: Files = new Map()
    const slots = snapshotSlots(memoryFolder(files, new Operations({ at: 3, kind: 'exception' })))
    await expect(slots.save(snapshotAt(1))).rejects.toThrow(/the operation failed/)
    await slots.save(snapshotAt(2))
    await checkIs((await slots.newest())?.snapshot, 2)
  })

  it('that changed are found out, in any byte, and the one before is given out', async () => {
    const start: Files = new Map()
    await saved(start, 1, 2)
    for (const name of ['slot-1', 'slot-1.json']) {
      const { length } = start.get(name)!
      for (const at of [0, 63, 64, 65, Math.floor(length / 2), length - 1])
        for (const change of ['flipped', 'cut'] as const) {
          const files: Files = new Map(start)
          const bytes = start.get(name)!.slice()
          bytes[at] ^= 4
          files.set(name, change === 'cut' ? bytes.slice(0, at) : bytes)
          const { snapshot, problems } = (await snapshotSlots(memoryFolder(files)).newest())!
          await checkIs(snapshot, 1)
          expect(problems.map((p) => sentence(p))).toEqual([expect.stringMatching(/slot.1/)])
        }
    }
    const files: Files = new Map(start)
    files.delete('slot-1')
    await checkIs((await snapshotSlots(memoryFolder(files)).newest())?.snapshot, 1)
    files.delete('slot-0')
    await expect(snapshotSlots(memoryFolder(files)).newest()).rejects.toThrow(/slot 1.*slot 0.*No whole snapshot is left/)
  })

  it('that change after they were opened are not read', async () => {
    const files: Files = new Map()
    await saved(files, 1)
    const { snapshot } = (await snapshotSlots(memoryFolder(files)).newest())!
    files.get('slot-0')![2 ** 20 + 5] ^= 1
    expect(await snapshot.read('values', 0, 2 ** 20)).toHaveLength(2 ** 20)
    await expect(snapshot.read('values', 2 ** 20, 10)).rejects.toThrow(/values: expected the bytes that were kept/)
  })
})
