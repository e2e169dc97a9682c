import { describe, expect, it } from 'vitest'
import type { Asking } from '../config/asking'
import { usageExample } from './usage-example'

const lines = (asking: Asking | undefined, kind: 'peft' | 'tensors' | 'whole' = 'peft', newTokens = false): string[] =>
  usageExample({ kind, newTokens, asking, ends: [2, 260] }).split('\n')

describe('the Python of a model card', () => {
  const words = { taskDescription: 'Say "it".', systemWords: 'Be kind.' }
  it.each<[Asking, string]>([
    [
      { form: 'pair', promptTemplate: '<q>{prompt}</q>\n{completion}!', ...words, ends: [] },
      'prompt = "<q>Be kind.\\nSay \\"it\\".\\n" + question + "</q>\\n"',
    ],
    [{ form: 'pair', promptTemplate: '{prompt}{completion}', ends: [] }, 'prompt = question'],
    [{ form: 'chat', ...words, ends: [] }, 'prompt = "System: Be kind.\\nUser: Say \\"it\\".\\n" + question + "\\nAssistant:"'],
    [{ form: 'text', ends: [] }, 'prompt = question'],
    [
      { form: 'template', ...words, ends: [] },
      'messages = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Say \\"it\\".\\n" + question}]',
    ],
  ])('makes the prompt of training: %j', (asking, prompt) => {
    expect(lines(asking)).toContain(prompt)
    expect(lines(asking)).toContain('ends = [2, 260]')
  })
  it('asks nothing if it is not known how', () => {
    for (const asking of [undefined, { ends: [] }]) expect(lines(asking).join()).not.toContain('question')
  })
  it('takes the tokenizer from the folder that has it', () => {
    const from = (...how: ['peft' | 'tensors' | 'whole', boolean]) => lines(undefined, ...how).find((line) => line.startsWith('tokenizer'))
    expect(from('peft', false)).toContain('to/the/base/model')
    expect(from('tensors', false)).toContain('to/the/base/model')
    expect([from('peft', true), from('whole', false)].join()).not.toContain('to/the/base/model')
  })
})
