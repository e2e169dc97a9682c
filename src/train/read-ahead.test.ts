// What is read ahead, and how much of it is held.
import { expect, it } from 'vitest'
import { readAhead } from './read-ahead'

it('reads the next one before it is asked for, and each one once', async () => {
  const read: number[] = []
  const get = readAhead(4, async (index) => (read.push(index), index * 10))
  expect(await get(0)).toBe(0)
  expect(read).toEqual([0, 1])
  for (let i = 1; i < 4; i++) expect(await get(i)).toBe(i * 10)
  expect(read).toEqual([0, 1, 2, 3])
  // From the beginning again, as in the next evaluation.
  await get(0)
  expect(read).toEqual([0, 1, 2, 3, 0, 1])
})

it('gives an error to whoever asks for what cannot be read, and to nobody else', async () => {
  const get = readAhead(3, (index) => (index === 1 ? Promise.reject(new Error('broken')) : Promise.resolve(index)))
  expect(await get(0)).toBe(0)
  await expect(get(1)).rejects.toThrow('broken')
  expect(await get(2)).toBe(2)
})
