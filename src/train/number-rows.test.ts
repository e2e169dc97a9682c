import { expect, it } from 'vitest'
import type { StepMetrics } from '../config/run-reports'
import { NumberRows } from './number-rows'

it('gives back the rows of many steps, bit for bit, with a metric that the first ones lack', () => {
  const rows = Array.from({ length: 2500 }, (_, i): StepMetrics => {
    const row = { step: i + 1, steps: 2500, loss: Math.fround(1 / (i + 1)), tokens: i, totalTokens: i * i, elapsedMs: i / 3 }
    return i < 1100 ? row : { ...row, gradNorm: i === 1200 ? Infinity : i / 7 }
  })
  const kept = new NumberRows(rows.slice(0, 1030))
  for (const row of rows.slice(1030)) kept.push(row)
  expect([...kept]).toEqual(rows)
  expect([...new NumberRows()]).toEqual([])
})

it('has a table of the rows at one moment, without columns that some rows lack', () => {
  const rows = new NumberRows<{ a: number; b: number; c?: number }>(Array.from({ length: 1500 }, (_, i) => ({ a: i, b: -i })))
  const table = rows.table()
  rows.push({ a: 1, b: 2, c: 3 })
  expect(table).toMatchObject({ keys: ['a', 'b'], rows: 1500 })
  expect([...table.values(1498, 4)]).toEqual([1498, 1499, -0, -1])
  expect([...table.values(0, 3000)]).toEqual([...Array(1500).keys(), ...Array.from(Array(1500).keys(), (i) => -i)])
  expect(rows.table()).toMatchObject({ keys: ['a', 'b'], rows: 1501 })
})
