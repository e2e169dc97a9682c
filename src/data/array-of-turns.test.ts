// Conversations that are no column of a row: a list of turns a line, a file that is one list, JSON text in a column.
import { describe, expect, it } from 'vitest'
import { byteTokenizer, dataOptions, memorySource, shown, english, problemsOf } from './testing/rows'
import { tokenizeDataset } from './tokenize-dataset'

const made = (text: string) => tokenizeDataset(memorySource(text), byteTokenizer(false), undefined, dataOptions())
const green = '[{"role":"user","content":"Which colour?"},{"role":"assistant","content":"Green."}]'
const small = '[{"role":"user","content":"Which size?"},{"role":"assistant","content":"Small."}]'
const greenText = 'User: Which colour?\nAssistant:⟦ Green.</s>⟧'
const smallText = 'User: Which size?\nAssistant:⟦ Small.</s>⟧'

describe('a list of turns', () => {
  it.each([
    ['is a file', green, [greenText]],
    ['is a file over many lines', `\n${JSON.stringify(JSON.parse(green), null, 2)}\n`, [greenText]],
    ['is a line', `${green}\n${small}\n`, [greenText, smallText]],
    ['is a line, the first without a break behind it', `  ${green}\r\n\r\n${small}`, [greenText, smallText]],
    ['is a line among rows', `${green}\n{"messages":${small}}`, [greenText, smallText]],
    ['is an element of a list', `[${green},\n${small}]`, [greenText, smallText]],
    ['is JSON text in a column', JSON.stringify({ messages: green }), [greenText]],
    [
      'is JSON text in ShareGPT’s form',
      JSON.stringify({ conversations: '[{"from":"human","value":"Which size?"},{"from":"gpt","value":"Small."}]' }),
      [smallText],
    ],
    ['has from and value, as a file', '[{"from":"human","value":"Which size?"},{"from":"gpt","value":"Small."}]', [smallText]],
  ])('%s', async (_, text, right) => {
    const dataset = await made(text)
    expect(right.map((_, row) => shown(dataset, row))).toEqual(right)
    expect([dataset.rows, problemsOf(dataset), english(dataset.notes)]).toEqual([right.length, [], []])
  })
  it('is the question if the answer beside it is a text', async () => {
    const turns = [{ role: 'user', content: 'Which sizes?' }]
    for (const prompt of [turns, JSON.stringify(turns)]) {
      const dataset = await made(
        [
          { prompt, response: '[1, 2]', id: 7 },
          { prompt, response: 'Small.', id: 8 },
        ]
          .map((row) => JSON.stringify(row))
          .join('\n'),
      )
      expect([shown(dataset), shown(dataset, 1)]).toEqual([
        'User: Which sizes?\nAssistant:⟦ [1, 2]</s>⟧',
        'User: Which sizes?\nAssistant:⟦ Small.</s>⟧',
      ])
      expect(english(dataset.notes)).toEqual(['Columns that are not used: id.'])
    }
  })
  it('is the answer if the question beside it is a text', async () => {
    const answer = (words: string) => [{ role: 'assistant', content: words }]
    const pairs = [
      { question: 'Which size?', system: 'S', chosen: answer('Small.'), rejected: answer('Big.') },
      { question: 'Which colour?', system: 'S', chosen: answer('Green.'), rejected: answer('Red.') },
    ]
    const preference = await made(JSON.stringify(pairs))
    expect(shown(preference)).toBe('System: S\nUser: Which size?\nAssistant:⟦ Small.</s>⟧')
    expect(english(preference.notes)).toEqual([
      'These are preference pairs. TabTune trains on the chosen answers; the rejected ones are not used.',
    ])
    const completions = pairs.map(({ question, chosen }) => ({ prompt: question, completion: JSON.stringify(chosen) }))
    expect(shown(await made(JSON.stringify(completions)), 1)).toBe(greenText)
  })
  it('comes before the question if it is its history', async () => {
    const history = [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Ho' },
    ]
    const dataset = await made(JSON.stringify([{ prompt: 'Which size?', response: 'Small.', history }]))
    expect(shown(dataset)).toBe('User: Hi\nAssistant: Ho</s>\nUser: Which size?\nAssistant:⟦ Small.</s>⟧')
    expect(english(dataset.notes)).toEqual([])
  })
  it('may contain numbers, which keep their form in the file', async () => {
    const rows =
      '{"prompt":[{"role":"user","content":1.50}],"response":20.0}\n{"messages":[{"from":"human","value":1e3},{"from":"gpt","value":true}]}'
    const dataset = await made(rows.split('\n')[0])
    expect(shown(dataset)).toBe('User: 1.50\nAssistant:⟦ 20.0</s>⟧')
    expect(shown(await made(rows.split('\n')[1]))).toBe('User: 1e3\nAssistant:⟦ true</s>⟧')
  })
  it('keeps its own system message, and the column beside it is mentioned', async () => {
    const turns = [{ role: 'system', content: 'S' }, ...(JSON.parse(green) as unknown[])]
    const rows = [
      { messages: turns, system_prompt: 'T' },
      { messages: turns, system_prompt: 'S' },
      { messages: turns.slice(1), system_prompt: 'T' },
    ]
    const dataset = await made(JSON.stringify(rows))
    expect([shown(dataset), shown(dataset, 2)]).toEqual([`System: S\n${greenText}`, `System: T\n${greenText}`])
    expect(english(dataset.notes)).toEqual([
      '1 row has a system message in the turns, so the one in the column system_prompt is not used there.',
    ])
  })
  it('is read in any chunks', async () => {
    const bytes = new TextEncoder().encode(`${green}\n${small}\n${green}`)
    for (const size of [1, 7, 85, 86, 87]) {
      async function* chunks() {
        for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
      }
      const dataset = await tokenizeDataset({ ...memorySource(''), stream: chunks }, byteTokenizer(false), undefined, dataOptions())
      expect([dataset.rows, dataset.line(0), dataset.line(1), dataset.line(2)], `${size}`).toEqual([3, 1, 2, 3])
    }
  })
  it('that cannot be read is one problem', async () => {
    expect(problemsOf(await made(`[{"role":"user","content":"a"},{oops}]\n${small}`))).toEqual([
      { line: 1, reason: expect.stringMatching(/^turn 2: not JSON/) as string },
    ])
    await expect(made('[{"role":"user","content":"a"},')).rejects.toThrow(/line 1: the file ends inside the JSON array/)
    await expect(made(JSON.stringify({ messages: "[{'role': 'user', 'content': 'a'}]" }))).rejects.toThrow(
      /messages: expected a list of turns, got text that is not JSON/,
    )
  })
  it('is not every array: rows with such columns stay rows, and content after them is a problem', async () => {
    const rows = [
      { role: 'chef', content: 'soup' },
      { role: 'baker', content: 'bread' },
    ]
    expect((await made(JSON.stringify(rows))).rows).toBe(2)
    expect(problemsOf(await made('[{"text":"a"}]\n[{"text":"b"}]'))).toEqual([{ line: 2, reason: 'text after the end of the JSON array' }])
  })
})
