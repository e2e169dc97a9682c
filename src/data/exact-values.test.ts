// What the file says is what is trained: digits, order of keys, and notes on what JSON leaves open.
import { describe, expect, it } from 'vitest'
import { directRenderer } from '../tokenizer/template-renderer'
import { byteTokenizer, dataOptions, memorySource, trainedText, english, problemsOf } from './testing/rows'
import { tokenizeDataset } from './tokenize-dataset'

const bytes = byteTokenizer(false)
const made = (text: string, template?: string) =>
  tokenizeDataset(memorySource(text), bytes, template === undefined ? undefined : directRenderer(template), dataOptions())

describe('numbers of a file', () => {
  it('are trained with their own digits (numbers-changed, jsonl-values)', async () => {
    const numbers = ['12345678901234567890', '5.0', '0.00000001', '1e999', '-1e999', '1.10', '3', '1E5']
    const dataset = await made(numbers.map((n) => `{"prompt":"id?","completion":${n}}`).join('\n'))
    expect(numbers.map((_, row) => trainedText(dataset, row))).toEqual(numbers.map((n) => `${n}</s>`))
    expect(trainedText(await made('{"prompt":9007199254740993,"completion":true}'))).toBe('true</s>')
  })
  it('are whole numbers in tokenised rows, however they are written', async () => {
    expect([...(await made('{"input_ids":[1,2.0,3e0]}')).example(0).ids]).toEqual([1, 2, 3])
  })
})

const calls = `{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' }}{% if m.tool_calls is defined %}{% for c in m.tool_calls %}{{ '<call>' + (c.function.name) + (c.function.arguments|tojson) + '</call>' }}{% endfor %}{% endif %}{{ m.content }}{{ '<|im_end|>\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}`
const call = (args: string) =>
  `{"messages":[{"role":"user","content":"Pay."},{"role":"assistant","content":"","tool_calls":[{"type":"function","function":{"name":"pay","arguments":${args}}}]}]}`

describe('tool arguments', () => {
  it.each([
    ['{"amount":20.0,"order":9007199254740993,"10":"b","9":"a"}', '{"amount": 20.0, "order": 9007199254740993, "10": "b", "9": "a"}'],
    ['{"2024":[1e-7,{"7":0,"3":0}],"a":-0.0}', '{"2024": [1e-07, {"7": 0, "3": 0}], "a": -0.0}'],
  ])('are what transformers renders (numbers-changed): %s', async (args, right) => {
    expect(trainedText(await made(call(args), calls))).toBe(`<call>pay${right}</call><|im_end|>`)
  })
  it('keep digits and order without a template, in schemas too', async () => {
    expect(trainedText(await made(call('{"10":1.0,"9":2}')))).toContain('"arguments":{"10":1.0,"9":2}')
    const row = '{"tools":[{"10":1.0,"9":2}],"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}]}'
    const tools = '{{ tools | tojson }}'
    const dataset = await made(row, `${tools}${calls}`)
    expect(bytes.decode([...dataset.example(0).ids])).toContain('[{"10": 1.0, "9": 2}]')
    const asText = await made(row.replace('[{"10":1.0,"9":2}]', JSON.stringify('[{"10":1.0,"9":2}]')), `${tools}${calls}`)
    expect(bytes.decode([...asText.example(0).ids])).toContain('[{"10": 1.0, "9": 2}]')
  })
})

describe('what JSON does not define', () => {
  it('is noted with counts: equal keys, halves of surrogate pairs (jsonl-values)', async () => {
    const dataset = await made(
      '{"prompt":"first","prompt":"second","completion":"b","completion":"LAST"}\n{"prompt":"x\\ud800y","completion":"\\udfff"}\n{"prompt":"x","completion":"\\ud83d\\ude00"}',
    )
    expect(trainedText(dataset)).toBe('LAST</s>')
    expect(english(dataset.notes)).toEqual([
      '1 row has the same key more than once (the first: prompt). The last value is used.',
      '1 row has half of a surrogate pair (such as \\ud800). That is not a character, so it is read as U+FFFD.',
    ])
  })
  it('is a problem of one row if it is nested too deep', async () => {
    const deep = `{"messages":[{"role":"user","content":${'['.repeat(9000)}${']'.repeat(9000)}}]}`
    const dataset = await made(`{"text":"a"}\n${deep}`)
    expect(problemsOf(dataset)).toEqual([{ line: 2, reason: 'nested deeper than 500 levels' }])
  })
})
