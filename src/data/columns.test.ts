// Which column is the question, which columns belong to it, and where they begin.
import { describe, expect, it } from 'vitest'
import type { DataOptions } from '../config/data-options'
import { detectMapping } from './mapping'
import { byteTokenizer, dataOptions, memorySource, shown, english, problemsOf } from './testing/rows'
import { tokenizeDataset } from './tokenize-dataset'

const bytes = byteTokenizer(false)
const made = (rows: readonly unknown[], options: Partial<DataOptions> = {}) =>
  tokenizeDataset(memorySource(rows), bytes, undefined, dataOptions(options))
const columnsOf = (rows: Record<string, unknown>[], format: DataOptions['format'] = 'auto') => detectMapping(rows, { format }).columns
const numbered = (count: number, row: (i: number) => Record<string, unknown>) => Array.from({ length: count }, (_, i) => row(i))

describe('the question', () => {
  it('is the problem or the input, not where the row is from (metadata-as-prompt)', async () => {
    const maths = await made(numbered(4, (i) => ({ source: 'olympiads', problem: `What is ${i}+1?`, solution: `It is ${i + 1}.` })))
    expect(shown(maths, 3)).toBe('What is 3+1?\n⟦It is 4.</s>⟧')
    expect(english(maths.notes)).toEqual(['Columns that are not used: source.'])
    const web = await made(numbered(4, (i) => ({ source: 'web', input: `What is ${i}+1?`, target: `${i + 1}` })))
    expect(shown(web, 1)).toBe('What is 1+1?\n⟦2</s>⟧')
    expect(english(web.notes)).toEqual(['Columns that are not used: source.'])
  })
  it.each([
    ['a constant prompt beside a question', { prompt: 'v2', question: '#', answer: '#' }, 'question', 'answer'],
    ['a constant query beside a problem', { query: 'algebra', problem: '#', solution: '#', answer: '1' }, 'problem', 'solution'],
    ['a licence and an id', { license: 'MIT', id: 'a#', instruction: 'say #', response: '#' }, 'instruction', 'response'],
    ['ids called question', { question: 'q-#', problem: 'how many #', answer: '#' }, 'problem', 'answer'],
    ['addresses called source', { source: 'https://a.example/#', problem: 'how many #', solution: '#' }, 'problem', 'solution'],
  ])('is found beside %s', (_, row, prompt, completion) => {
    const rows = numbered(6, (i) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, value.replace('#', String(i))])))
    expect(columnsOf(rows)).toMatchObject({ prompt, completion })
  })
  it('is the source of a translation', () => {
    const pairs = ['Guten Tag', 'Das Haus ist rot.', 'Hund', 'Auf Wiedersehen']
    expect(columnsOf(pairs.map((source, i) => ({ source, target: `t${i}` })))).toEqual({ prompt: 'source', completion: 'target' })
    const beside = pairs.map((source, i) => ({ input: 'de-en', context: 'chat', source, target: `t${i}` }))
    expect(columnsOf(beside)).toEqual({ prompt: 'source', completion: 'target' })
  })
  it.each([
    ['one label', ['web', 'web', 'web']],
    ['few labels', ['web', 'books', 'web', 'books', 'news', 'web']],
    ['ids', ['doc-1', 'doc-2', 'doc-3']],
    ['addresses', ['https://a.example/x', 'https://a.example/y']],
  ])('is never a source of %s', (_, sources) => {
    expect(() => columnsOf(sources.map((source, i) => ({ source, target: `the answer ${i}` })))).toThrow(/got columns source, target/)
  })
  it('may be a million digits and a word, which is quickly told from an id', () => {
    const rows = numbered(3, (i) => ({ question: `${'1'.repeat(1e6)} + ${i}?`, answer: `a ${i}` }))
    expect(columnsOf(rows)).toEqual({ prompt: 'question', completion: 'answer' })
  })
  it('may be an instruction that all rows share if the input differs', () => {
    expect(columnsOf(numbered(3, (i) => ({ instruction: 'Translate.', input: `text ${i}`, output: `t ${i}` })))).toMatchObject({
      prompt: 'instruction',
      input: 'input',
    })
  })
  it('that all rows share is mentioned, and refused if another column may be the question', async () => {
    expect(english((await made(numbered(3, (i) => ({ prompt: 'Tell a joke.', completion: `joke ${i}` })))).notes)).toEqual([
      'All of the first rows have the same question (column prompt).',
    ])
    const labelled = numbered(6, (i) => ({ prompt: 'Tell a joke.', completion: `joke ${i}`, kind: i % 2 ? 'dry' : 'silly' }))
    expect(columnsOf(labelled)).toEqual({ prompt: 'prompt', completion: 'completion' })
    const rows = numbered(3, (i) => ({ instruction: 'Solve.', exercise: `task ${i}`, output: `o ${i}` }))
    expect(() => columnsOf(rows)).toThrow(
      /got the column instruction, which has the same value in all of the first rows, beside exercise\. Say which/,
    )
    expect(columnsOf(rows, 'instruction')).toEqual({ prompt: 'instruction', completion: 'output' })
  })
  it('is never a single turn', async () => {
    const turns = [
      { role: 'user', content: 'Which colour?' },
      { role: 'assistant', content: 'Green.' },
    ]
    await expect(made(turns)).rejects.toThrow(/got one turn per row \(columns role and content\)/)
    expect((await made(turns, { format: 'text' })).rows).toBe(2)
    await expect(made(turns.map(({ role, content: text }) => ({ role, text, id: 1 })))).rejects.toThrow(
      /got one turn per row \(columns role and text\)/,
    )
  })
})

describe('texts', () => {
  it('are not questions whose answers could not be read', () => {
    expect(() => columnsOf(numbered(3, (i) => ({ source: 'evol', instruction: `say ${i}`, completions: [] })))).toThrow(
      /got columns source/,
    )
    expect(() => columnsOf(numbered(3, (i) => ({ id: `q${i}`, question: `what ${i}`, choices: { a: 1 } })))).toThrow(/got columns id/)
    expect(columnsOf(numbered(3, (i) => ({ prompt: `a text ${i}` })))).toEqual({ text: 'prompt' })
  })
  it('are not ids, sources or licences', () => {
    expect(columnsOf(numbered(3, (i) => ({ license: 'MIT', code: `x = ${i}`, doc_id: `d${i}` })))).toEqual({ text: 'code' })
    expect(() => columnsOf(numbered(3, (i) => ({ id: `d${i}`, n: i })))).toThrow(/got columns id, n/)
  })
})

describe('columns beside the question', () => {
  it('are a system prompt and a history of pairs or turns', async () => {
    const history = [
      ['Hi', 'Hello'],
      ['Name?', 'Ann'],
    ]
    const turns = history.flatMap(([user, assistant]) => [
      { role: 'user', content: user },
      { role: 'assistant', content: assistant },
    ])
    const rows = [history, turns, JSON.stringify(history), [], null].map((past, i) => ({
      system_prompt: 'Be short.',
      instruction: `Say ${i}.`,
      output: 'Ok.',
      history: past,
    }))
    const dataset = await made(rows, { trainOn: 'all-assistant' })
    const before = 'System: Be short.\nUser: Hi\nAssistant:⟦ Hello</s>⟧\nUser: Name?\nAssistant:⟦ Ann</s>⟧\n'
    for (const row of [0, 1, 2]) expect(shown(dataset, row)).toBe(`${before}User: Say ${row}.\nAssistant:⟦ Ok.</s>⟧`)
    for (const row of [3, 4]) expect(shown(dataset, row)).toBe(`Be short.\nSay ${row}.\n⟦Ok.</s>⟧`)
    expect(english(dataset.notes)).toEqual([])
    const bad = await made([...rows, { instruction: 'a', output: 'b', history: [['only one']] }])
    expect(problemsOf(bad)).toEqual([{ line: 6, reason: 'history: expected pairs of question and answer, got a list of 1' }])
  })
  it('are read from the row where they begin, even after the first rows (late-optional-columns)', async () => {
    const plain = numbered(100, (i) => ({ instruction: `Say ${i}.`, output: `${i}` }))
    const late = numbered(3, (i) => ({ instruction: 'Repeat the word.', input: `word${i}`, output: `word${i}` }))
    const dataset = await made([...plain, ...late])
    expect(shown(dataset, 100)).toBe('Repeat the word.\nword0\n⟦word0</s>⟧')
    expect(shown(dataset, 102)).toBe('Repeat the word.\nword2\n⟦word2</s>⟧')
    expect(shown(dataset, 99)).toBe('Say 99.\n⟦99</s>⟧')
    expect(english(dataset.notes)).toEqual([])
  })
  it('are system and tools of turns, and system and history of pairs, however late', async () => {
    const messages = [
      { role: 'user', content: 'q' },
      { role: 'assistant', content: 'a' },
    ]
    const rows = [
      ...numbered(250, () => ({ system: null, tools: null, messages })),
      { system: 'Answer in French.', tools: '[{"name":"f"}]', messages },
      { system: null, tools: null, messages },
    ]
    const dataset = await made(rows)
    expect(shown(dataset, 250)).toBe('Tools: [{"name":"f"}]\nSystem: Answer in French.\nUser: q\nAssistant:⟦ a</s>⟧')
    expect(shown(dataset, 251)).toBe('User: q\nAssistant:⟦ a</s>⟧')
    const pairs = [
      ...numbered(130, (i) => ({ prompt: `p${i}`, completion: 'c' })),
      { prompt: 'p', completion: 'c', system: 'S', history: [['x', 'y']] },
    ]
    expect(shown(await made(pairs), 130)).toBe('System: S\nUser: x\nAssistant: y</s>\nUser: p\nAssistant:⟦ c</s>⟧')
  })
  it('may begin in fewer than half of the first rows', async () => {
    const rows = [...numbered(5, (i) => ({ prompt: `p${i}`, completion: 'c' })), { prompt: 'p', context: 'beside', completion: 'c' }]
    expect(shown(await made(rows), 5)).toBe('p\nbeside\n⟦c</s>⟧')
  })
  it('are all named if they are not used', async () => {
    const row = Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`extra_${i}`, 1]))
    expect(english((await made([{ text: 'a', ...row }])).notes)[0]).toMatch(/^Columns that are not used: extra_0, .*extra_19 and 5 more\.$/)
  })
})

describe('names in other case', () => {
  it('are read if no exact name is there', async () => {
    const rows = numbered(3, (i) => ({ Question: `q ${i}?`, Answer: `a ${i}`, System: 's' }))
    expect(columnsOf(rows)).toEqual({ prompt: 'Question', completion: 'Answer', system: 'System' })
    expect(shown(await made(rows))).toBe('s\nq 0?\n⟦a 0</s>⟧')
    // Without this, the question would be the only text.
    expect(columnsOf(rows.map((row) => ({ ...row, Answer: 'yes' })))).toMatchObject({ prompt: 'Question', completion: 'Answer' })
    expect(columnsOf(numbered(3, (i) => ({ Messages: [{ role: 'user', content: `${i}` }] })))).toEqual({ messages: 'Messages' })
  })
  it('are not read beside exact names', () => {
    expect(columnsOf(numbered(3, (i) => ({ Prompt: `p ${i}`, text: `t ${i}`, Completion: `c ${i}` })))).toEqual({ text: 'text' })
  })
})
