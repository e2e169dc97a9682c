// How rows are asked: the words around prompts, prompt templates and the tokens that end their answers.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { askedOf } from '../config/asking'
import type { DataOptions } from '../config/data-options'
import { directRenderer } from '../tokenizer/template-renderer'
import { promptIds } from './encode-sample'
import { byteTokenizer, dataOptions, english, memorySource, shown } from './testing/rows'
import { tokenizeDataset } from './tokenize-dataset'

const bytes = byteTokenizer(true, ['[over]'])
const chatml = `{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}`
const pair = { prompt: 'Q', completion: 'A' }
const chat = { messages: [pair.prompt, pair.completion].map((content, i) => ({ role: i ? 'assistant' : 'user', content })) }

const made = (options: Partial<DataOptions>, row: unknown = pair, template?: string) =>
  tokenizeDataset(memorySource([row]), bytes, template === undefined ? undefined : directRenderer(template), dataOptions(options))

describe('a row stands', () => {
  it.each<[string, Partial<DataOptions>, unknown, string | undefined, string]>([
    ['in a prompt template', { promptTemplate: 'Q: {prompt}\\nA: {completion}' }, pair, undefined, '<s>Q: Q\nA: ⟦A</s>⟧'],
    ['in it instead of the chat template', { promptTemplate: '{prompt}={completion}' }, pair, chatml, '<s>Q=⟦A</s>⟧'],
    [
      'before a special token of it, which ends the answer',
      { promptTemplate: '{prompt} {completion}[over]' },
      pair,
      undefined,
      '<s>Q ⟦A[over]⟧',
    ],
    ['before text of it, which belongs to the answer', { promptTemplate: '{prompt} {completion}.' }, pair, undefined, '<s>Q ⟦A.</s>⟧'],
    ['before a separator', { separator: ' -> ' }, pair, chatml, '<s>Q -> ⟦A</s>⟧'],
    ['outside the chat template', { chatTemplate: false }, pair, chatml, '<s>Q\n⟦A</s>⟧'],
    ['behind system words and a task', { systemWords: 'S', taskDescription: 'T' }, pair, undefined, '<s>S\nT\nQ\n⟦A</s>⟧'],
    ['behind its own system words', { systemWords: 'S' }, { ...pair, system: 'Own' }, undefined, '<s>Own\nQ\n⟦A</s>⟧'],
    [
      'behind them as a conversation',
      { systemWords: 'S', taskDescription: 'T' },
      chat,
      undefined,
      '<s>System: S\nUser: T\nQ\nAssistant:⟦ A</s>⟧',
    ],
    [
      'behind a system turn',
      { systemWords: 'S' },
      chat,
      '{% for m in messages %}[{{ m.role }}:{{ m.content }}]{% endfor %}',
      '[system:S][user:Q]⟦[assistant:A]</s>⟧',
    ],
  ])('%s', async (_, options, row, template, text) => {
    expect(shown(await made(options, row, template))).toBe(text)
  })
  it('as a prompt asks, whatever the words are', async () => {
    const words = fc.string({ maxLength: 8 }).filter((text) => !/[\\{}]/.test(text))
    await fc.assert(
      fc.asyncProperty(words, words, words, words, fc.boolean(), async (taskDescription, systemWords, before, between, templated) => {
        const promptTemplate = `${before}{prompt}${between}{completion}`
        const dataset = await made({ taskDescription, systemWords, ...(templated && { promptTemplate }) })
        const asked = askedOf(dataset.asking)!
        expect(await promptIds('Q', { tokenizer: bytes, asked })).toEqual((await dataset.question(0))?.promptIds)
      }),
      { numRuns: 30 },
    )
  })
})

describe('an adapter keeps', () => {
  it('the words, the template and the token that ends the answers', async () => {
    const { asking } = await made({ taskDescription: 'T', promptTemplate: '<|im_start|>{prompt}\\n{completion}[over]' })
    expect(asking).toEqual({
      form: 'pair',
      promptTemplate: '<|im_start|>{prompt}\n{completion}[over]',
      taskDescription: 'T',
      systemWords: '',
      ends: [260],
    })
  })
  it('no words of rows that have no prompts, and says so', async () => {
    const { asking, notes } = await made({ taskDescription: 'T', separator: '-' }, { text: 'once' })
    expect(asking).toEqual({ form: 'text', ends: [257] })
    expect(english(notes)).toContain('The rows have no prompts, so these settings are not used: task description, separator.')
  })
})

describe('a person is told', () => {
  it('how many tokens the words add to each row', async () => {
    const added = 'Tokens that the way of asking adds to each row'
    expect(english((await made({ taskDescription: 'Task', systemWords: 'S' })).notes)).toEqual([
      `${added} (task description, system words): 7.`,
    ])
    expect(english((await made({ promptTemplate: '{prompt}{completion}' })).notes)).toEqual([`${added} (prompt template): -1.`])
    expect(english((await made({})).notes)).toEqual([])
  })
  it('that a template lacks a mark, stands beside a separator, or has no place for a row', async () => {
    for (const promptTemplate of ['Q', '{prompt}', '{completion}{prompt}', '{prompt}{prompt}{completion}'])
      await expect(made({ promptTemplate })).rejects.toThrow(
        /^prompt template: expected a text with {prompt} and, after it, {completion}, each once, got/,
      )
    await expect(made({ promptTemplate: '{prompt}{completion}', separator: '-' })).rejects.toThrow(
      /^separator: expected none beside a prompt template/,
    )
    for (const row of [{ text: 'once' }, chat])
      await expect(made({ promptTemplate: '{prompt}{completion}' }, row)).rejects.toThrow(/the prompt template has places for/)
  })
})
