// What rows ask with, what their answers end with, and the answer that a model's own is compared with.
import { describe, expect, it } from 'vitest'
import { askedOf } from '../config/asking'
import type { DataOptions } from '../config/data-options'
import { directRenderer } from '../tokenizer/template-renderer'
import type { Tokenizer } from '../tokenizer/tokenizer'
import type { Dataset } from './dataset'
import { promptIds } from './encode-sample'
import { bosId, byteTokenizer, dataOptions, eosId, memorySource } from './testing/rows'
import { tokenizeDataset } from './tokenize-dataset'

const bytes = byteTokenizer()
const imEnd = 259
const noWords = { taskDescription: '', systemWords: '' }

/** Asks as the rows are asked. */
const asker = ({ encoder, asking }: Dataset): Parameters<typeof promptIds>[1] => ({ ...encoder, asked: askedOf(asking)! })

const made = (rows: readonly unknown[], template?: string, tokenizer: Tokenizer = bytes, options: Partial<DataOptions> = {}) =>
  tokenizeDataset(memorySource(rows), tokenizer, template === undefined ? undefined : directRenderer(template), dataOptions(options))

const turns = (...contents: string[]) => ({ messages: contents.map((content, i) => ({ role: i % 2 ? 'assistant' : 'user', content })) })

/** Turns between `start` and `end`, an assistant's with `inside` in front of its words. */
const template = (start: string, end: string, inside = '') =>
  `{% for m in messages %}{{ '${start}' + m.role + '\n' }}{% if m.role == 'assistant' %}{{ '${inside}' }}{% endif %}{{ m.content + '${end}\n' }}{% endfor %}{% if add_generation_prompt %}{{ '${start}assistant\n' }}{% endif %}`
const chatml = template('<|im_start|>', '<|im_end|>')

describe('answers end with', () => {
  it('the template’s own token, whatever the tokenizer’s end token is', async () => {
    expect((await made([turns('door', 'red')], chatml)).asking).toEqual({ form: 'template', ...noWords, ends: [imEnd] })
    const marked = byteTokenizer(true, ['[start]', '[over]'])
    const dataset = await made([turns('door', 'red')], template('[start]', '[over]'), marked)
    expect(dataset.asking).toEqual({ form: 'template', ...noWords, ends: [261] })
    expect(marked.ends).not.toContain(261)
    expect(await dataset.question(0)).toMatchObject({ expectedIds: marked.encode('red'), expected: 'red' })
  })
  it('every token that a trained turn ends with', async () => {
    const tokenizer = byteTokenizer(true, ['[over]'])
    const last = `{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' + m.content }}{{ '[over]' if loop.last else '<|im_end|>' }}{{ '\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}`
    const rows = [turns('a', 'b', 'c', 'd')]
    expect((await made(rows, last, tokenizer)).asking.ends).toEqual([260])
    expect((await made(rows, last, tokenizer, { trainOn: 'all-assistant' })).asking.ends.toSorted()).toEqual([imEnd, 260])
  })
  it('the tokenizer’s end token, if the template writes none or there is no template', async () => {
    expect((await made([turns('a', 'b')], template('<|im_start|>', ''))).asking.ends).toEqual([eosId])
    expect((await made([{ prompt: 'a', completion: 'b' }])).asking.ends).toEqual([eosId])
  })
  it('the last trained token of tokenised rows', async () => {
    const labels = (...ids: number[]) => ({ input_ids: [bosId, 81, 258, 65, 66, imEnd, 10], labels: [...ids, -100] })
    expect((await made([labels(-100, -100, -100, 65, 66, imEnd)])).asking).toEqual({ ends: [imEnd] })
  })
})

describe('the answer to compare with', () => {
  it('is the trained one, with what the template adds to the row’s text', async () => {
    const dataset = await made([turns('door', 'red')], template('<|im_start|>', '<|im_end|>', '<think>\\n\\n</think>\\n\\n'))
    expect((await dataset.question(0))?.expected).toBe('<think>\n\n</think>\n\nred')
    expect((await dataset.question(0))?.expectedIds).toEqual(bytes.encode('<think>\n\n</think>\n\nred'))
  })
  it('shows special tokens, including those of tool calls', async () => {
    const tokenizer = byteTokenizer(true, ['[CALLS]'])
    const calls = `{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' + m.content }}{% if m.tool_calls %}{{ '[CALLS]' + m.tool_calls[0].function.name }}{% endif %}{{ '<|im_end|>' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}`
    const call = { role: 'assistant', content: 'Let me see. ', tool_calls: [{ function: { name: 'look', arguments: {} } }] }
    const dataset = await made([{ messages: [{ role: 'user', content: 'Q' }, call] }], calls, tokenizer)
    expect((await dataset.question(0))?.expected).toBe('Let me see. [CALLS]look')
  })
  it('is the last run of trained tokens up to its end token, as its labels say, of tokenised rows', async () => {
    const ids = [bosId, 81, 65, imEnd, 82, 66, 67, imEnd]
    const dataset = await made([{ input_ids: ids, labels: [-100, -100, 65, imEnd, -100, 66, 68, imEnd] }])
    expect(await dataset.question(0)).toEqual({ promptIds: ids.slice(0, 5), expectedIds: [66, 68], expected: 'BD' })
  })
})

describe('a prompt is asked', () => {
  const chat = turns('Q', 'A')
  it.each([
    ['template', [chat], chatml],
    ['template', [{ prompt: 'Q', completion: 'A' }], chatml],
    ['pair', [{ prompt: 'Q', completion: 'A' }], undefined],
    ['pair', [{ prompt: 'Q', completion: ' A' }], undefined],
    ['chat', [chat], undefined],
  ])('in the form of the rows: %s', async (form, rows, jinja) => {
    const dataset = await made(rows, jinja)
    expect(dataset.asking.form).toBe(form)
    expect(await promptIds('Q', asker(dataset))).toEqual((await dataset.question(0))?.promptIds)
  })
  it('as a text to continue if rows are texts, with or without a template', async () => {
    for (const jinja of [undefined, chatml]) {
      const dataset = await made([{ text: 'once </s> upon' }], jinja)
      expect(dataset.asking.form).toBe('text')
      const ids = await promptIds('once </s>', asker(dataset))
      expect(ids).toEqual([bosId, ...bytes.encode('once </s>')])
      expect([...dataset.example(0).ids].slice(0, ids.length)).toEqual(ids)
    }
  })
  it('as written: special tokens in it are read, and the first one is not added twice', async () => {
    const turn = `<|im_start|>user\nQ<|im_end|>\n<|im_start|>assistant\n`
    const asked = await promptIds('Q', { tokenizer: bytes, renderer: directRenderer(chatml), asked: { form: 'template' } })
    expect(await promptIds(turn, { tokenizer: bytes, asked: { form: 'raw' } })).toEqual([bosId, ...asked])
    expect(await promptIds(`<s>${turn}`, { tokenizer: bytes, asked: { form: 'raw' } })).toEqual([bosId, ...asked])
  })
  it('not without its template, and not if the template refuses it', async () => {
    await expect(promptIds('Q', { tokenizer: bytes, asked: { form: 'template' } })).rejects.toThrow(
      /expected the chat template .* got a base model without a template/,
    )
    const refusing = directRenderer(`{{ raise_exception('no') }}`)
    await expect(promptIds('Q', { tokenizer: bytes, renderer: refusing, asked: { form: 'template' } })).rejects.toThrow(/refuses it \(no\)/)
  })
  it('with the turns before it, as a row of several turns has them', async () => {
    for (const jinja of [chatml, undefined]) {
      const row = turns('Q', 'A', 'R', 'B')
      const dataset = await made([row], jinja)
      expect(await promptIds(row.messages.slice(0, 3), asker(dataset))).toEqual((await dataset.question(0))?.promptIds)
    }
  })
  it('not if the template has no place for a turn', async () => {
    const withoutSystem = `{% for m in messages %}{% if m.role != 'system' %}{{ m.content + '|' }}{% endif %}{% endfor %}`
    const ask = (systemWords: string) =>
      promptIds('Q', { tokenizer: bytes, renderer: directRenderer(withoutSystem), asked: { form: 'template', systemWords } })
    expect(await ask('')).toEqual(bytes.encode('Q|'))
    await expect(ask('Be kind.')).rejects.toThrow(/has no place for the words of the system turn\. Change the prompt/)
  })
})
