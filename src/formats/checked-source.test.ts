import { expect, test } from 'vitest'
import { checkedBytes, sumsOf } from '../config/sha256'
import { CheckedSource } from './checked-source'
import { MemorySource } from './memory-source'

const bytes = new Uint8Array(3 * checkedBytes + 7).map((_, i) => (i * 2654435761) >>> 24)

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0

test('reads what was kept, anywhere and again', async () => {
  const source = new CheckedSource(new MemorySource('a.gguf', bytes), await sumsOf(bytes))
  for (const [offset, length] of [
    [0, 4],
    [checkedBytes - 2, 4],
    [5, 2 * checkedBytes],
    [bytes.length - 3, 3],
    [1, 0],
    [0, bytes.length],
  ])
    expect(same(await source.read(offset, length), bytes.subarray(offset, offset + length))).toBe(true)
  await expect(source.read(bytes.length - 1, 2)).rejects.toThrow(/a\.gguf: expected 2 bytes at byte/)
})

test('a byte that has changed is noticed when its part is read, and named', async () => {
  const sums = await sumsOf(bytes)
  for (const at of [0, checkedBytes, 2 * checkedBytes + 1, bytes.length - 1]) {
    const changed = bytes.slice()
    changed[at] ^= 4
    const source = new CheckedSource(new MemorySource('a.gguf', changed), sums)
    const part = Math.floor(at / checkedBytes)
    await expect(source.read(at, 1)).rejects.toThrow(`got others in megabyte ${part + 1}.`)
    await expect(source.read(at, 1)).rejects.toThrow(/^a\.gguf: expected the bytes that were kept/)
    const other = part === 0 ? 1 : 0
    expect(await source.read(other * checkedBytes, 3)).toEqual(changed.slice(other * checkedBytes, other * checkedBytes + 3))
  }
  const short = new CheckedSource(new MemorySource('a.gguf', bytes), sums.slice(0, 64))
  await expect(short.read(checkedBytes, 1)).rejects.toThrow(/expected the bytes that were kept/)
})
