import { describe, expect, it } from 'vitest'
import { comparisonCsv, comparisonMarkdown } from './comparison'

const rows = [
  { method: 'base', base: 'native', finalPerplexity: 12.5 },
  {
    method: 'lora',
    base: 'native',
    trainableParameters: 12345,
    trainableShare: 0.0123,
    adapterBytes: 49380,
    peakGpuBytes: 3 * 2 ** 20,
    tokensPerSecond: 812.4,
    seconds: 2.34,
    bestPerplexity: 3.25,
    finalPerplexity: 3.5,
  },
  { method: 'bitfit', base: 'native', problem: 'llama.gguf: expected a model with biases, got "x". Choose another.' },
]

describe('a comparison', () => {
  it('is a Markdown table without empty columns, and says which methods could not run', () => {
    const lines = comparisonMarkdown(rows).split('\n')
    expect(lines[0]).toBe(
      '| method | base | trainable | share | adapter bytes | peak GPU | tokens/s | seconds | best perplexity | final perplexity |',
    )
    expect(lines[3]).toBe('| lora | native | 12,345 | 1.23 % | 49,380 | 3.00 MiB | 812 | 2.3 | 3.250 | 3.500 |')
    expect(lines[2]).toBe('| base | native | – | – | – | – | – | – | – | 12.500 |')
    expect(lines[6]).toBe('- bitfit: llama.gguf: expected a model with biases, got "x". Choose another.')
  })

  it('has no text that a spreadsheet would run as a formula', () => {
    const evil = ['=HYPERLINK("x")', '+1', '-1', '@SUM(1)', '\t=1'].map((problem) => ({
      method: 'lora',
      base: 'native',
      evalLoss: -1.5,
      problem,
    }))
    const lines = comparisonCsv(evil).split('\r\n')
    expect(lines[1]).toBe(`lora,native,"'=HYPERLINK(""x"")"`)
    expect(lines.slice(2, 6).map((line) => line.split(',').at(-1))).toEqual(["'+1", "'-1", "'@SUM(1)", "'\t=1"])
  })

  it('is CSV with bare numbers and quoted words', () => {
    const lines = comparisonCsv(rows).split('\r\n')
    expect(lines[2]).toBe('lora,native,12345,0.0123,49380,3145728,812.4,2.34,3.25,3.5,')
    expect(lines[3]).toBe('bitfit,native,,,,,,,,,"llama.gguf: expected a model with biases, got ""x"". Choose another."')
  })
})
