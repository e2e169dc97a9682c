import { expect, it } from 'vitest'
import type { WorkRow } from '../row'
import { rowKey } from '../row-key'
import { sampleOfRows, sampledRows } from '../row-sample'
import { RecipeRun } from '../apply'

const rows = Array.from({ length: 50 }, (_, i): WorkRow => ({
  value: { prompt: `p${i % 40}`, completion: 'x' },
  origin: { by: 'file', file: 'a.jsonl', line: i + 1 },
  part: i % 5 ? 'train' : 'evaluation',
}))
const kept = async (data: unknown, given = rows) =>
  (await new RecipeRun(given).apply([{ step: 'drop-picked', settings: {}, data }])).rows.map(({ origin }) => origin.line)

it('drops rows by their columns, wherever they are now', async () => {
  const picked = [await rowKey(rows[3]), await rowKey(rows[30])]
  const lines = rows.map(({ origin }) => origin.line)
  // Row 44 has the columns of row 4.
  expect(await kept(picked)).toEqual(lines.filter((line) => line !== 4 && line !== 31 && line !== 44))
  expect(await kept(picked, rows.toReversed().slice(2))).toEqual(
    lines
      .toReversed()
      .slice(2)
      .filter((line) => line !== 4 && line !== 31 && line !== 44),
  )
})

it('counts picked rows that are not here, and refuses what is no key', async () => {
  const { rows: after, reports } = await new RecipeRun(rows).apply([{ step: 'drop-picked', settings: {}, data: ['0'.repeat(32)] }])
  expect(after).toHaveLength(50)
  expect(reports[0].notes).toHaveLength(1)
  await expect(kept(['abc'])).rejects.toThrow('drop-picked: expected rows as 32 digits of their hash, got "abc"')
  await expect(kept('abc')).rejects.toThrow('drop-picked: expected a list')
})

it('samples rows by a seed, in their order, with the keys that drop them', async () => {
  const sampled = sampledRows(rows, 10, 3)
  expect(sampledRows(rows, 10, 3)).toEqual(sampled)
  expect(sampledRows(rows, 10, 4)).not.toEqual(sampled)
  expect(sampledRows(rows, 99, 3)).toEqual(rows)
  const places = sampled.map((row) => rows.indexOf(row))
  expect(places).toEqual([...places].sort((a, b) => a - b))
  const { total, columns, rows: shown } = await sampleOfRows(rows, sampled)
  expect({ total, columns }).toEqual({ total: 50, columns: ['prompt', 'completion'] })
  const left = await kept(shown.map(({ key }) => key))
  expect(sampled.some(({ origin }) => left.includes(origin.line))).toBe(false)
})
