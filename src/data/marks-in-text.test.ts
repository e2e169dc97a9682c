import { expect, it } from 'vitest'
import type { DataOptions } from '../config/data-options'
import { directRenderer } from '../tokenizer/template-renderer'
import { byteTokenizer, dataOptions, english, memorySource } from './testing/rows'
import { tokenizeDataset } from './tokenize-dataset'

const chatml = `{% for m in messages %}<|im_start|>{{ m.role }} {{ m.content }}<|im_end|>{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant {% endif %}`
const pair = { prompt: '<|im_start|>', completion: 'b' }

async function notesOf(rows: readonly object[], options: Partial<DataOptions> = {}, template?: string): Promise<string> {
  const renderer = template === undefined ? undefined : directRenderer(template)
  return english((await tokenizeDataset(memorySource(rows), byteTokenizer(false), renderer, dataOptions(options))).notes).join()
}

it('special tokens that are read as plain characters are noted with the number of rows and the first one', async () => {
  const texts = [{ text: 'plain' }, { text: '<|im_start|>user\nHi<|im_end|>' }, { text: '</s>' }]
  expect(await notesOf(texts)).toMatch(
    /^2 rows have special tokens written out \(the first: <\|im_start\|>\)\. They are read there as plain/,
  )
  expect(await notesOf([pair])).toMatch(/^1 row has special tokens written out/)
  expect(await notesOf(texts.slice(0, 1))).toBe('')
})

it('those that are read as tokens are not', async () => {
  expect(await notesOf([pair], {}, chatml)).toBe('')
  expect(await notesOf([pair], { promptTemplate: '<s>{prompt}{completion}' })).not.toMatch('written out')
})
