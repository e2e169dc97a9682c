// The names of new runs beside those that are there.
import { expect, it } from 'vitest'
import { nextName } from './run-names'
import type { Run } from './run'

const named = (...names: string[]) => names.map((name) => ({ name })) as Run[]

it('takes no name that differs from another only by spaces, hyphens and underscores', () => {
  expect(nextName('LoRA', named())).toBe('LoRA 1')
  expect(nextName('LoRA', named('LoRA-1'))).toBe('LoRA 2')
  expect(nextName('P-tuning v2', named('P-tuning-v2-1', 'P_tuning v2  2'))).toBe('P-tuning v2 3')
  expect(nextName('LoRA', named('LoRA r 4,-seed-1'), 'LoRA r 4, seed 1')).toBe('LoRA r 4, seed 1, 1')
  expect(nextName('LoRA', named('LoRA 11'))).toBe('LoRA 1')
})
