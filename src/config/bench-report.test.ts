// The tables of a benchmark, as they are copied.
import { expect, test } from 'vitest'
import { type BenchReport, benchMarkdown, benchTables } from './bench-report'

const report: BenchReport = {
  adapter: 'an adapter',
  machine: 'a browser',
  ceilings: { multiplyAddGflops: 1234.5, copyGBps: 0.0123, matmulGflops: 12.34 },
  kernels: [{ kernel: 'NF4 product', shape: '8 × 8', ms: 1.5, gflops: 10, gbps: 0.5, share: 0.25, bound: 'arithmetic' }],
  steps: [],
  ratios: [{ measure: 'host time', value: 0.5, unit: 'ms', bar: 2, atMost: true }],
  splits: [],
}

test('numbers have three digits, and what nobody measured has no column', () => {
  const [ceilings, kernels, ratios] = benchTables(report)
  expect(ceilings!.rows.map((row) => row[1])).toEqual(['1235 GFLOP/s', '0.0123 GB/s', '12.3 GFLOP/s'])
  expect(kernels!.head).not.toContain('CPU ms')
  expect(kernels!.rows).toEqual([['NF4 product', '8 × 8', '1.50', '10.0', '0.500', '25.0 % arithmetic']])
  expect(ratios!.rows).toEqual([['host time', '0.500 ms', '≤ 2 ms']])
  const [, withCpu] = benchTables({ ...report, kernels: [{ ...report.kernels[0]!, cpuMs: 2 }] })
  expect(withCpu!.head).toContain('CPU ms')
})

test('Markdown holds every table, a line a row', () => {
  const lines = benchMarkdown(report).split('\n')
  expect(lines[0]).toBe('an adapter; a browser')
  expect(lines).toContain('| NF4 product | 8 × 8 | 1.50 | 10.0 | 0.500 | 25.0 % arithmetic |')
  expect(lines).toContain('| --- | --- | ---: | ---: | ---: | ---: |')
})
