// The title that a tab shows while a run is in progress.
import { expect, it } from 'vitest'
import { en } from './text/en'
import { pageTitle } from './page-title'

it('the title has the share of the steps, or what the run is doing before and between them', () => {
  const run = { name: 'LoRA 1' }
  const last = { step: 42, steps: 100, loss: 1, tokens: 1, totalTokens: 1, elapsedMs: 1 }
  expect(pageTitle(undefined, en)).toBe('TabTune')
  expect(pageTitle({ ...run, status: 'preparing', last: undefined }, en)).toBe('Preparing · LoRA 1 — TabTune')
  expect(pageTitle({ ...run, status: 'training', last }, en)).toBe('42% · LoRA 1 — TabTune')
  expect(pageTitle({ ...run, status: 'training', last: { ...last, step: 999, steps: 1000 } }, en)).toBe('99% · LoRA 1 — TabTune')
  expect(pageTitle({ ...run, status: 'paused', last }, en)).toBe('Paused · LoRA 1 — TabTune')
})
