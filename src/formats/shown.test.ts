import { expect, it } from 'vitest'
import { say } from '../config/phrase'
import { checkConfig } from './config-check'
import { checkGgufFormula } from './formula-keys'
import type { ModelConfig } from './model-file'
import { shown } from './shown'

it('a value in an error is short, and never an error of its own', () => {
  expect([undefined, null, 2n ** 63n, [1, 2n ** 60n], 'x'.repeat(99), { a: 1 }].map((value) => shown(value, 24))).toEqual([
    say`nothing`,
    'null',
    '9223372036854775808',
    '[1,"1152921504606846976"',
    `"${'x'.repeat(23)}`,
    '{"a":1}',
  ])
})

it('64-bit numbers of a GGUF file that no setting can have are named', () => {
  const config = { family: 'llama', layers: 2n ** 60n, headDim: 8 }
  const odd = config as unknown
  expect(() => checkConfig('m.gguf', odd as ModelConfig, { layers: 'block_count' })).toThrow(
    /block_count: expected .*, got 1152921504606846976/,
  )
  expect(() => checkGgufFormula('m.gguf', { 'llama.expert_count': 2n ** 60n }, odd as ModelConfig)).toThrow(
    'llama.expert_count: expected false, 0 or nothing, got 1152921504606846976.',
  )
})
