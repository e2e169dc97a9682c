// Held-out rows that are asked with solved examples in front, and with another task description.
import { describe, expect, it } from 'vitest'
import type { DataOptions } from '../config/data-options'
import { directRenderer } from '../tokenizer/template-renderer'
import { askedOtherwise } from './asked-otherwise'
import { byteTokenizer, dataOptions, memorySource } from './testing/rows'
import { tokenizeDataset } from './tokenize-dataset'

const chatml = `{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}`
const bytes = byteTokenizer()
const pairs = ['A', 'B', 'C', 'D'].map((name) => ({ prompt: `Q${name}`, completion: `is ${name}` }))

interface How {
  shots: number
  taskDescription?: string
  options?: Partial<DataOptions>
  template?: string
  rows?: readonly unknown[]
  context?: number
}

/** The prompt of the last row, whose others are for training. */
async function asked({ shots, taskDescription, options, template, rows = pairs, context = 500 }: How) {
  const renderer = template === undefined ? undefined : directRenderer(template)
  const dataset = await tokenizeDataset(memorySource(rows), bytes, renderer, dataOptions(options))
  const train = Int32Array.from({ length: dataset.rows - 1 }, (_, i) => i)
  const parts = { dataset, train, evalDataset: dataset, eval: Int32Array.of(dataset.rows - 1) }
  const made = await askedOtherwise(parts, {
    shots,
    seed: 0,
    context,
    maxTokens: 8,
    ...(taskDescription !== undefined && { taskDescription }),
  })
  const question = await made.question(dataset.rows - 1)
  const text = (ids?: readonly number[]) => bytes.decode(ids ?? [], { skipSpecial: false })
  return { prompt: text(question?.promptIds), shown: text(question?.shownIds), words: question?.words, expected: question?.expected }
}

describe('rows that are asked otherwise', () => {
  it('have solved examples in front, with the task description before all of them', async () => {
    expect(await asked({ shots: 0 })).toEqual({ prompt: '<s>QD\n', shown: '', words: 'QD', expected: 'is D' })
    const two = await asked({ shots: 2, taskDescription: 'Answer.' })
    expect(two).toMatchObject({ shown: '<s>QD\n', words: 'QD', expected: 'is D' })
    const [, first, second] = /^<s>Answer\.\nQ(\w)\nis \1\n\nQ(\w)\nis \2\n\nQD\n$/.exec(two.prompt) ?? []
    expect([first, second].every((name) => 'ABC'.includes(name ?? '-'))).toBe(true)
    // A smaller number of examples is the beginning of a larger one.
    expect((await asked({ shots: 1 })).prompt).toBe(`<s>Q${first}\nis ${first}\n\nQD\n`)
    expect((await asked({ shots: 0, taskDescription: 'Answer.' })).prompt).toBe('<s>Answer.\nQD\n')
  })

  it('keep the prompt template around every example', async () => {
    const promptTemplate = '### Q: {prompt}\n### A: {completion}<|im_end|>'
    const { prompt } = await asked({ shots: 1, options: { promptTemplate } })
    expect(prompt).toMatch(/^<s>### Q: Q(\w)\n### A: is \1<\|im_end\|>\n\n### Q: QD\n### A: $/)
  })

  it('are earlier turns where a chat template asks', async () => {
    const { prompt } = await asked({ shots: 1, template: chatml, taskDescription: 'Answer.' })
    expect(prompt).toMatch(
      /^<\|im_start\|>user\nAnswer\.\nQ(\w)<\|im_end\|>\n<\|im_start\|>assistant\nis \1<\|im_end\|>\n<\|im_start\|>user\nQD<\|im_end\|>\n<\|im_start\|>assistant\n$/,
    )
  })

  it('are refused by name where they do not fit, or where there are no such rows', async () => {
    await expect(asked({ shots: 3, context: 30 })).rejects.toThrow(
      /3 solved examples: with them, the prompt of data.jsonl, line 4, has \d+ tokens/,
    )
    await expect(asked({ shots: 4 })).rejects.toThrow('expected 4 rows for training with an answer, to be solved examples, got 3')
    await expect(asked({ shots: 1, rows: [{ text: 'a' }, { text: 'b' }] })).rejects.toThrow('expected rows with a prompt and an answer')
  })
})
