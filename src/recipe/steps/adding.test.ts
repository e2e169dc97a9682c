// Steps that add rows, split texts or tell languages.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sentence } from '../../config/phrase'
import { languageOf } from '../language'
import { linesOf, pairsOf, rowsOf, taken } from '../testing/rows'

const prompts = (rows: readonly { value: Record<string, unknown> }[]) => rows.map(({ value }) => value.prompt)

describe('augment', () => {
  const variants = async (prompt: string, settings: Parameters<typeof taken>[2]) =>
    prompts((await taken(pairsOf([[prompt, 'answer'], ['other one', 'b']]), 'augment', settings)).rows) // prettier-ignore

  it.each([
    [{ patterns: 'Please: {prompt}' }, ['a big dog', 'Please: a big dog', 'other one', 'Please: other one']],
    [{ casing: 'upper' }, ['a big dog', 'A BIG DOG', 'other one', 'OTHER ONE']],
    [{ casing: 'lower' }, ['a big dog', 'other one']],
  ])('%j', async (settings, expected) => {
    expect(await variants('a big dog', settings)).toEqual(expected)
  })

  it('takes synonyms with their capital', async () => {
    const list = 'big = large, huge\nbigger = larger\nwell-known (here) = famous'
    const found = await variants('Big dogs, bigger dogs and well-known (here) cats', { synonyms: list, copies: 20 })
    expect(found.length).toBeGreaterThan(5)
    for (const text of found.slice(0, -1))
      expect(text).toMatch(/^(Big|Large|Huge) dogs, (bigger|larger) dogs and (well-known \(here\)|famous) cats$/)
  })

  it('changes the order of lists only', async () => {
    const found = await variants('inform(name[A], genres[B, C]) as it is, yes', { order: 'brackets', copies: 20 })
    expect(found).toEqual(['inform(name[A], genres[B, C]) as it is, yes', 'inform(genres[B, C], name[A]) as it is, yes', 'other one'])
    expect(new Set(await variants('a; b ;c', { order: 'semicolons', copies: 20 }))).toContain('c; a ;b')
  })

  it('keeps the letters of words and the answers, and marks the rows', async () => {
    const sorted = (text: unknown) => Array.from(String(text)).sort().join('')
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ minLength: 1, unit: 'grapheme' }), { minLength: 1, maxLength: 5 }),
        fc.nat(9),
        async (list, seed) => {
          const rows = pairsOf(list.map((prompt, i) => [`${prompt} words here`, `answer ${i}`] as const))
          const { rows: after, report } = await taken(rows, 'augment', { typos: 0.2, seed, copies: 2 })
          expect(report.counts.added).toBe(after.length - rows.length)
          for (const made of after.filter(({ origin }) => origin.by === 'template')) {
            const from = rows[(made.origin.line ?? 0) - 1]
            expect(made.value.completion).toBe(from.value.completion)
            expect(sorted(made.value.prompt)).toBe(sorted(from.value.prompt))
            expect(made.value.prompt).not.toBe(from.value.prompt)
          }
        },
      ),
      { numRuns: 15 },
    )
  })

  it('edits the last turn of the user, and shows pairs', async () => {
    const messages = [{ role: 'user', content: 'hello' }, { role: 'assistant', content: 'hi' }, { role: 'user', content: 'bye' }, { role: 'assistant', content: 'ciao' }] // prettier-ignore
    const { rows, report } = await taken(rowsOf([{ messages }]), 'augment', { casing: 'first' })
    expect(rows[1].value).toEqual({ messages: messages.with(2, { role: 'user', content: 'Bye' }) })
    expect(report.changes[0]).toMatchObject({ kind: 'added', before: JSON.stringify(rows[0].value), after: JSON.stringify(rows[1].value) })
  })

  it.each([
    [{ patterns: 'no place' }, 'augment, pattern 1: expected {prompt} as its only place'],
    [{ synonyms: 'big' }, 'augment, synonyms, line 1: expected a word, = and its synonyms, got big'],
  ])('refuses %j', async (settings, sentence) => {
    await expect(variants('a', settings)).rejects.toThrow(sentence)
  })
})

describe('generate-rows', () => {
  const grammar = [
    '# hotels',
    'prompt = Find a {price} hotel in the {area}.|{price#2} or {price}?',
    'completion = hotel({price}, {area})',
    'price = cheap {*9} | dear',
    'area = north | south | {price} quarter',
  ].join('\n')

  it('makes rows whose slots agree, by seed and weight', async () => {
    const { rows } = await taken([], 'generate-rows', { grammar, count: 400, distinct: false })
    const matching = rows.filter(({ value }) => String(value.prompt).startsWith('Find'))
    for (const { value } of matching) {
      const [, price, area] = /^Find a (\S+) hotel in the (.+)\.$/.exec(String(value.prompt)) ?? []
      expect(value.completion).toBe(`hotel(${price}, ${area})`)
    }
    const cheap = rows.filter(({ value }) => String(value.completion).startsWith('hotel(cheap')).length
    expect(Math.abs(cheap - 360)).toBeLessThan(30)
    expect(rows.every(({ origin }) => origin.by === 'grammar')).toBe(true)
    expect((await taken([], 'generate-rows', { grammar, count: 400, distinct: false })).rows).toEqual(rows)
  })

  it('makes different rows, and says if there are too few', async () => {
    const { rows, report } = await taken(pairsOf([['a', 'b']]), 'generate-rows', { grammar: 'text = a | b | c', count: 10 })
    expect(rows.map(({ value }) => value.text ?? '').sort()).toEqual(['', 'a', 'b', 'c'])
    expect(report.notes[0].values).toEqual([3])
  })

  it.each([
    ['prompt', 'generate-rows, line 1: expected a name, = and alternatives'],
    ['prompt = a', 'generate-rows, slots: expected prompt and completion, or text, got prompt'],
    ['text = {a}', 'generate-rows, slot text: expected slots of the grammar (text), got a'],
    ['text = {a}\na = x {b}\nb = {a}', 'expected a slot that is not inside of itself, got text → a → b → a'],
    ['text = a {*0}', 'generate-rows, slot text: expected a weight above 0'],
    [
      `text = {a0}\n${Array.from({ length: 40 }, (_, i) => `a${i} = {a${i + 1}}{a${i + 1}}`).join('\n')}\na40 = x`,
      'at most 100000 characters',
    ],
  ])('refuses %j', async (text, sentence) => {
    await expect(taken([], 'generate-rows', { grammar: text })).rejects.toThrow(sentence)
  })
})

describe('split-text', () => {
  it('makes prompts and completions', async () => {
    const rows = rowsOf([{ text: 'table: t\nQ: how many?\nA: SELECT A: x', id: 1 }, { text: 'no markers' }])
    const { rows: after, report } = await taken(rows, 'split-text')
    expect(after.map(({ value }) => value)).toEqual([
      { id: 1, prompt: 'table: t\nhow many?', completion: 'SELECT A: x' },
      { text: 'no markers' },
    ])
    expect(sentence(report.notes[0])).toBe('1 row does not have both markers and stays as it is.')
    await expect(taken(rows, 'split-text', { column: 'words' })).rejects.toThrow('expected a column of the rows (text, id), got words')
    await expect(taken(rows, 'split-text', { answer: '' })).rejects.toThrow('expected a marker before the completion')
  })
})

describe('filter-language', () => {
  it.each([
    ['en', 'Where is the station, and how do I get there from the old town?'],
    ['de', 'Wo ist der Bahnhof, und wie komme ich von der Altstadt dorthin?'],
    ['fr', 'Où est la gare, et comment aller de la vieille ville dans le centre ?'],
    ['es', 'Dónde está la estación y cómo se llega desde el centro de la ciudad?'],
    ['pt', 'Onde fica a estação e como se chega do centro da cidade? Não é longe.'],
    ['it', 'Dove è la stazione e come si arriva dal centro della città?'],
    ['nl', 'Waar is het station en hoe kom ik er uit de oude stad? Dat is niet ver.'],
    ['sv', 'Var är stationen och hur kommer jag dit från den gamla staden? Det är inte långt.'],
    ['fi', 'Missä on asema ja miten sinne pääsee? Se ei ole kaukana, mutta hän ei ole siellä.'],
    ['pl', 'Gdzie jest dworzec i jak się tam dostać? To nie jest daleko od miasta.'],
    ['tr', 'İstasyon nerede ve oraya nasıl gidilir? Bu çok uzak değil ama bir otobüs var.'],
    ['ru', 'Где вокзал и как туда пройти? Это не далеко от города, но я не знаю.'],
    ['uk', 'Де вокзал і як туди пройти? Це не далеко від міста, але я не знаю, що там є.'],
    ['zh', '火车站在哪里？'],
    ['ja', '駅はどこですか。'],
    ['ko', '역이 어디에 있어요?'],
    ['ar', 'أين المحطة؟'],
    ['el', 'Πού είναι ο σταθμός;'],
    ['en', 'Name a famous Italian singer. One famous Italian singer is Andrea Bocelli.'],
    [undefined, 'x = f(y) + 1'],
    [undefined, 'a a a a i i i i'],
  ])('knows %s', (code, text) => {
    expect(languageOf(text)).toBe(code)
  })

  it('keeps the languages that are asked for', async () => {
    const rows = rowsOf([{ text: 'this is the end of the story' }, { text: 'das ist nun der Anfang und das Ende' }, { text: '1+1' }])
    expect(linesOf((await taken(rows, 'filter-language', { languages: 'en, fr' })).rows)).toEqual([1, 3])
    expect(linesOf((await taken(rows, 'filter-language', { languages: 'de', unclear: false })).rows)).toEqual([2])
    await expect(taken(rows, 'filter-language', { languages: 'xx' })).rejects.toThrow('got xx')
  })
})
