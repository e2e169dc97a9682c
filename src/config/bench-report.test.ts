// The tables of a benchmark, as they are copied.
import { expect, test } from 'vitest'
import { say } from './phrase'
import { type BenchReport, benchMarkdown, benchTables } from './bench-report'

const report: BenchReport = {
  adapter: 'an adapter',
  machine: 'a browser',
  ceilings: { multiplyAddGflops: 1234.5, copyGBps: 0.0123, matmulGflops: 12.34, launchUs: 2.5 },
  kernels: [{ kernel: 'NF4 product', shape: '8 × 8', ms: 1.5, gflops: 10, gbps: 0.5, share: 0.25, bound: 'arithmetic' }],
  steps: [],
  ratios: [{ measure: 'host time', value: 0.5, unit: 'ms', bar: 2, atMost: true }],
  splits: [],
}

test('numbers have three digits, and a quantity that was not measured has no column', () => {
  const [ceilings, kernels, ratios] = benchTables(report)
  expect(ceilings!.rows.map((row) => row[1])).toEqual(['1235 GFLOP/s', '0.0123 GB/s', '12.3 GFLOP/s', '2.50 µs'])
  expect(kernels!.head).not.toContain('CPU ms')
  expect(kernels!.rows).toEqual([['NF4 product', '8 × 8', '1.50', '10.0', '0.500', '25.0 % arithmetic']])
  expect(ratios!.rows).toEqual([['host time', '0.500 ms', '≤ 2 ms']])
  const [, withCpu] = benchTables({ ...report, kernels: [{ ...report.kernels[0]!, cpuMs: 2 }] })
  expect(withCpu!.head).toContain('CPU ms')
})

test('a cost that grows with size becomes a chart: measured bars and an expected line', () => {
  const row = { value: 2, msPerToken: 3, mflopPerToken: 1, gflopPerSteadySecond: 1, dispatches: 7, peakBytes: 2 ** 20 }
  const rows = [
    { ...row, cpuMsPerToken: 0.5, countedMsPerToken: 0.625 },
    { ...row, value: 4, cpuMsPerToken: 1, countedMsPerToken: 0.75 },
  ]
  const markdown = benchMarkdown({ ...report, sweeps: [{ axis: 'layers', rows }] })
  expect(markdown).toContain('| 2 | 3.00 | 0.500 | 0.625 | 1.00 | 1.00 | 7 | 1.0 |')
  const [, chart] = /```mermaid\n([^`]*)```/.exec(markdown)!
  expect(chart!.split('\n').map((line) => line.trim())).toEqual([
    'xychart-beta',
    'title "Cost of a token with layers: bars measured, line counted"',
    'x-axis "layers" ["2", "4"]',
    'y-axis "CPU ms a token" 0 --> 1.10',
    'bar [0.500, 1.00]',
    'line [0.625, 0.750]',
    '',
  ])
})

test('subgroup matrices have a table where the adapter lists some: where they were tried, and what uses them', () => {
  const matrices = [
    { shape: 'f16, 8 × 8 × 8', tried: say`right on lavapipe 26.1`, exact: false, fast: false },
    { shape: 'f16, 16 × 16 × 16', exact: false, fast: true },
  ]
  const lines = benchMarkdown({ ...report, matrices }).split('\n')
  expect(lines).toContain('| f16, 8 × 8 × 8 | right on lavapipe 26.1 | – |')
  expect(lines).toContain('| f16, 16 × 16 × 16 | no adapter yet | fast products |')
  expect(benchMarkdown(report)).not.toContain('Subgroup matrices')
})

test('Markdown has every table, with one line per row', () => {
  const lines = benchMarkdown(report).split('\n')
  expect(lines[0]).toBe('an adapter; a browser')
  expect(lines).toContain('| NF4 product | 8 × 8 | 1.50 | 10.0 | 0.500 | 25.0 % arithmetic |')
  expect(lines).toContain('| --- | --- | ---: | ---: | ---: | ---: |')
})
