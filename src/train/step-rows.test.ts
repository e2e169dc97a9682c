import { expect, it } from 'vitest'
import type { StepMetrics } from '../config/run-reports'
import { StepRows } from './step-rows'

it('gives back the rows of many steps, bit for bit, with a metric that the first ones lack', () => {
  const rows = Array.from({ length: 2500 }, (_, i): StepMetrics => {
    const row = { step: i + 1, steps: 2500, loss: Math.fround(1 / (i + 1)), tokens: i, totalTokens: i * i, elapsedMs: i / 3 }
    return i < 1100 ? row : { ...row, gradNorm: i === 1200 ? Infinity : i / 7 }
  })
  const kept = new StepRows(rows.slice(0, 1030))
  for (const row of rows.slice(1030)) kept.push(row)
  expect([...kept]).toEqual(rows)
  expect([...new StepRows()]).toEqual([])
})
