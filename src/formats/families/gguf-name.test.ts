import { expect, it } from 'vitest'
import { ggufModelName } from './gguf-name'

it('a name that llama.cpp would refuse for its vocabulary is changed, and no other', () => {
  const tokens = ['<unk>', '<s>', '</s>', '<|endoftext|>', 'a']
  expect(ggufModelName('Phi-3-mini', tokens)).toBe('Phi-3-mini')
  expect(ggufModelName('my-phi3', tokens.slice(1))).toBe('my-Phi')
  expect(ggufModelName('Phi-3-mini', undefined)).toBe('Phi-mini')
  expect(ggufModelName('Phi-4-mini', [])).toBe('Phi-4-mini')
})
