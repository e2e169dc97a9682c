import type { SchemaTree } from 'hyparquet'
import { expect, it } from 'vitest'
import { valueReader } from './parquet-values'

it('numbers of 16 bits are numbers with the fewest digits, not bytes', () => {
  const element = { name: 'x', type: 'FIXED_LEN_BYTE_ARRAY', type_length: 2, logical_type: { type: 'FLOAT16' } } as const
  const node: SchemaTree = { element, children: [], count: 1, path: ['x'] }
  const read = valueReader(node, () => expect.unreachable())
  const bits = [0x3800, 0x2e66, 0xfbff, 0x0001, 0x63d1, 0x0400, 0x3555]
  const values = bits.map((word) => Number(read(Uint8Array.of(word & 255, word >> 8))))
  expect(values).toEqual([0.5, 0.1, -65504, 6e-8, 1000.5, 6.104e-5, 0.3333])
  expect(read(Uint8Array.of(0, 0x7c))).toBeNull()
})
