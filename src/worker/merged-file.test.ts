import { expect, it } from 'vitest'
import { blobOf } from './merged-file'

it('puts chunks together in order, beyond the size of one part', async () => {
  const size = 7 * 2 ** 20
  async function* chunks() {
    for (let i = 0; i < 6; i++) yield new Uint8Array(size).fill(i)
  }
  const blob = await blobOf(chunks(), 'application/zip')
  expect([blob.size, blob.type]).toEqual([6 * size, 'application/zip'])
  const bytes = new Uint8Array(await blob.arrayBuffer())
  for (let i = 0; i < 6; i++) expect([bytes[i * size], bytes[(i + 1) * size - 1]]).toEqual([i, i])
})
