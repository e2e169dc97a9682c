// Labels and segments of a row for other trainers.
import { expect, test } from 'vitest'
import { preparedRow } from './prepared-row'
import type { RunData } from './run-rows'
import { byteTokenizer } from './testing/rows'

const data = (labels?: number[]): RunData => ({
  name: 'rows',
  asking: { ends: [] },
  lengths: () => new Int32Array([4]),
  example: (row, length = 4) => ({
    row,
    ids: Int32Array.of(7, 8, 9, 10).slice(0, length),
    trained: Uint8Array.of(1, 0, 1, 1).slice(0, length),
    ...(labels && { labels: Int32Array.from(labels) }),
  }),
})

test('the first token is trained only after virtual tokens; labels of the rows take the place of ids', () => {
  expect(preparedRow(data(), 0, 4, false)).toEqual({ ids: [7, 8, 9, 10], labels: [-100, -100, 9, 10] })
  expect(preparedRow(data(), 0, 3, true).labels).toEqual([7, -100, 9])
  expect(preparedRow(data([1, 2, 3, 4]), 0, 4, true).labels).toEqual([1, -100, 3, 4])
})

test('segments join to the text of all ids', () => {
  const ids = Int32Array.of(256, 72, 105, 33, 257)
  const example = (row: number) => ({ row, ids, trained: Uint8Array.of(0, 0, 0, 1, 1) })
  const { segments } = preparedRow({ ...data(), example, encoder: { tokenizer: byteTokenizer() } }, 0, 5, false)
  expect(segments).toEqual([
    { label: false, text: '<s>Hi' },
    { label: true, text: '!</s>' },
  ])
})
