// Choosing columns by hand: what is guessed where nothing was understood, and what the first rows become.
import { describe, expect, it } from 'vitest'
import type { ColumnRoles } from '../config/data-options'
import { type Phrase, sentence } from '../config/phrase'
import { guessRoles, mapRows } from './map-rows'
import { byteTokenizer, dataOptions, memorySource, shown } from './testing/rows'
import { tokenizeDataset } from './tokenize-dataset'

const said = (phrase: Phrase | undefined) => phrase && sentence(phrase)
const numbered = (row: (i: number) => Record<string, unknown>) => Array.from({ length: 6 }, (_, i) => row(i))
const frage = numbered((i) => ({ nr: `a${i}`, frage: `Wie viel ist ${i} und ${i}?`, antwort: `Das ist ${2 * i}, mein Freund.` }))
const turns = [
  { role: 'user', content: 'Hi' },
  { role: 'assistant', content: 'Hello' },
]

async function read(rows: readonly unknown[], columns?: ColumnRoles) {
  const dataset = await tokenizeDataset(memorySource(rows), byteTokenizer(false), undefined, dataOptions({ columns }))
  return shown(dataset)
}

describe('roles that are guessed', () => {
  it.each<[string, Record<string, unknown>[], ColumnRoles]>([
    ['a question and an answer in another language', frage, { prompt: 'frage', completion: 'antwort' }],
    [
      'an answer that has a name',
      numbered((i) => ({ exercise: `Add ${i} to it`, hint: `carry ${i} over there`, answer: `it is ${i}` })),
      { prompt: 'exercise', completion: 'answer' },
    ],
    ['one column of words', numbered((i) => ({ poem: `Line ${i} of it`, n: i })), { text: 'poem' }],
    [
      'turns by any name',
      numbered(() => ({ thread: turns, system: 'Be kind.', functions: [] })),
      { messages: 'thread', system: 'system', tools: 'functions' },
    ],
    ['nothing but numbers', numbered((i) => ({ n: i })), { text: 'n' }],
    ['no columns', [{}], {}],
  ])('%s', (_, rows, roles) => {
    expect(guessRoles(rows)).toEqual(roles)
  })
})

describe('the first rows', () => {
  it('of a file that was not understood come with the reason, a guess and what it would give', async () => {
    const found = await mapRows(memorySource(frage), { format: 'auto' })
    expect(said(found.problem)).toMatch(/got columns nr, frage, antwort/)
    expect(found).toMatchObject({ columns: ['nr', 'frage', 'antwort'], roles: { prompt: 'frage', completion: 'antwort' } })
    expect(found.rows).toHaveLength(3)
    expect(found.rows[1]).toEqual({
      line: 2,
      columns: [
        { name: 'nr', text: 'a1' },
        { name: 'frage', text: 'Wie viel ist 1 und 1?' },
        { name: 'antwort', text: 'Das ist 2, mein Freund.' },
      ],
      parts: [
        { role: 'prompt', text: 'Wie viel ist 1 und 1?' },
        { role: 'completion', text: 'Das ist 2, mein Freund.' },
      ],
    })
  })

  it('of conversations under two names are not understood, and never trained as the text beside them', async () => {
    const found = await mapRows(memorySource([{ en: turns, fr: turns, topic: 'weather' }]), { format: 'auto' })
    expect(said(found.problem)).toContain('got columns en, fr, topic')
    expect(found).toMatchObject({ roles: { messages: 'en' } })
    const one = await mapRows(memorySource([{ en: turns, topic: 'weather' }]), { format: 'auto' })
    expect(one).toMatchObject({ roles: { messages: 'en' } })
    expect(one.problem).toBeUndefined()
  })

  it('of a file that was understood show how', async () => {
    const found = await mapRows(memorySource([{ question: 'Why?', answer: 'So.', system: 'Be short.' }]), { format: 'auto' })
    expect(found.problem).toBeUndefined()
    expect(found.roles).toEqual({ prompt: 'question', completion: 'answer', system: 'system' })
    expect(found.rows[0].parts.map((part) => part.role)).toEqual(['system', 'prompt', 'completion'])
  })

  it('say which columns are missing, and what is wrong with a row', async () => {
    const half = await mapRows(memorySource(frage), { format: 'auto', columns: { prompt: 'frage' } })
    expect(said(half.problem)).toContain('Choose the missing column')
    expect(half).toMatchObject({ roles: { prompt: 'frage' } })
    expect(half.rows[0].parts).toEqual([])
    const wrong = await mapRows(memorySource(frage), { format: 'auto', columns: { messages: 'frage' } })
    expect(wrong.problem).toBeUndefined()
    expect(said(wrong.rows[0].problem)).toContain('frage: expected a list of turns, got a string')
  })

  it('are few and short, whatever the file', async () => {
    const rows = Array.from({ length: 5000 }, (_, i) => ({ text: 'x'.repeat(2000) + i }))
    const found = await mapRows(memorySource(rows), { format: 'auto' })
    expect(found.rows).toHaveLength(3)
    expect(found.rows[0].columns[0].text).toHaveLength(301)
  })

  it('are refused if the file has no rows at all', async () => {
    await expect(mapRows(memorySource('PK\u0003\u0004\0\0'), { format: 'auto' })).rejects.toThrow('got a binary file')
    expect(await mapRows(memorySource('not json'), { format: 'auto' })).toMatchObject({ columns: [], rows: [] })
  })
})

describe('columns by hand', () => {
  it('make a text', async () => {
    expect(await read(frage, { text: 'antwort' })).toBe('D⟦as ist 0, mein Freund.</s>⟧')
  })

  it('make a question with an input, a system message and what was said before', async () => {
    const rows = [{ q: 'Translate.', zusatz: 'Hund', a: 'dog', regeln: 'Be short.', vorher: [['Katze', 'cat']], tools: 'none' }]
    expect(await read(rows, { prompt: 'q', input: 'zusatz', completion: 'a' })).toBe('Translate.\nHund\n⟦dog</s>⟧')
    expect(await read(rows, { prompt: 'q', completion: 'a', system: 'regeln' })).toBe('Be short.\nTranslate.\n⟦dog</s>⟧')
    expect(await read(rows, { prompt: 'zusatz', completion: 'a', history: 'vorher' })).toBe(
      'User: Katze\nAssistant: cat</s>\nUser: Hund\nAssistant:⟦ dog</s>⟧',
    )
  })

  it('make a conversation with a system message and tools, and nothing that was not chosen', async () => {
    const rows = [{ thread: turns, rules: 'Be kind.', system: 'Unused.', fns: [{ name: 'f' }] }]
    expect(await read(rows, { messages: 'thread' })).toBe('User: Hi\nAssistant:⟦ Hello</s>⟧')
    expect(await read(rows, { messages: 'thread', system: 'rules', tools: 'fns' })).toBe(
      'Tools: [{"name":"f"}]\nSystem: Be kind.\nUser: Hi\nAssistant:⟦ Hello</s>⟧',
    )
  })

  it('are the guess of the first rows, read to the end', async () => {
    const { roles } = await mapRows(memorySource(frage), { format: 'auto' })
    expect(await read(frage, roles)).toBe('Wie viel ist 0 und 0?\n⟦Das ist 0, mein Freund.</s>⟧')
  })
})
