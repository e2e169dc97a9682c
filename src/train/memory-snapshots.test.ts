import { expect, it } from 'vitest'
import { NumberRows } from './number-rows'
import { memorySnapshots } from './memory-snapshots'

it('forgets its snapshot when a newer one is too large for it and stored elsewhere', async () => {
  const memory = memorySnapshots()
  const stored: number[] = []
  const saver = memory.saver({ onProblem: () => undefined, take: async ({ parts: [{ sizeBytes }] }) => void stored.push(sizeBytes) })
  for (const sizeBytes of [4, 2 ** 27])
    await saver.take?.({ about: '', parts: [{ name: 'values', sizeBytes }], read: async () => new Uint8Array(4) }, false)
  expect(stored).toEqual([4, 2 ** 27])
  expect(memory.newest).toBeUndefined()
})

it('copies what may change, and shares what does not', async () => {
  const values = new Uint8Array([1, 2, 3, 4])
  const rows = new NumberRows([{ loss: 0.5 }, { loss: 0.25 }])
  const numbers = new Uint8Array(rows.table().values(0, 2).buffer)
  const read: string[] = []
  const memory = memorySnapshots()
  await memory.saver().take?.(
    {
      about: 'a run',
      parts: [
        { name: 'values', sizeBytes: 4 },
        { name: 'steps', sizeBytes: 16, lasting: (at, sizeBytes) => numbers.slice(at, at + sizeBytes) },
      ],
      read: async (name, at, sizeBytes) => {
        read.push(name)
        return values.slice(at, at + sizeBytes)
      },
    },
    true,
  )
  values.fill(9)
  expect(read).toEqual(['values'])
  expect(await memory.newest?.read('values', 1, 2)).toEqual(new Uint8Array([2, 3]))
  expect(new Float64Array((await memory.newest!.read('steps', 8, 8)).buffer)).toEqual(new Float64Array([0.25]))
})
