// Steps that look at the texts of a row, or rewrite them.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sentence } from '../../config/phrase'
import { parseTemplate, filled } from '../placeholders'
import { linesOf, pairsOf, rowsOf, taken } from '../testing/rows'

describe('filter-pattern', () => {
  const rows = rowsOf([
    { messages: [{ role: 'user', content: 'Call 911' }] },
    { messages: [{ role: 'user', content: 'hello' }], n: 911 },
    { messages: [{ role: 'user', content: 'HELLO' }] },
  ])
  it.each([
    [{ pattern: '\\d{3}' }, [3]],
    [{ pattern: '9', column: 'messages' }, [2, 3]],
    [{ pattern: '^hello$', action: 'keep', ignoreCase: true }, [2, 3]],
    [{ pattern: '' }, [1, 2, 3]],
  ])('%j', async (settings, left) => {
    expect(linesOf((await taken(rows, 'filter-pattern', settings)).rows)).toEqual(left)
  })

  it.each([
    ['(', 'filter-pattern: expected a regular expression, got ('],
    ['(a)\\1', 'filter-pattern: expected patterns without references to groups, got others.'],
    ['a(?=.*a)b', 'filter-pattern: expected patterns that match quickly, got some that take too many steps.'],
  ])('refuses %s', async (pattern, sentence) => {
    await expect(taken(rowsOf([{ text: 'a'.repeat(50_000) }]), 'filter-pattern', { pattern })).rejects.toThrow(sentence)
  })
})

describe('redact', () => {
  const redacted = async (text: string, settings = {}) => {
    const { rows, report } = await taken(rowsOf([{ text }]), 'redact', settings)
    return { text: rows[0].value.text, notes: report.notes.map(({ values }) => values[0]) }
  }
  it.each([
    ['Write to ann.lee+x@mail.example.org.', 'Write to [EMAIL].'],
    ["'o'brien@example.com' and d'a'b@x.org, ''c@x.org", "'[EMAIL]' and [EMAIL], ''[EMAIL]"],
    ['jörg.müller@example.com, ju\u0308rgen@müller.de', '[EMAIL], [EMAIL]'],
    ['请写信给ann@example.com谢谢,或者张伟@例子.中国', '请写信给[EMAIL]谢谢,[EMAIL]'],
    [
      'call +49\u00a030\u00a01234567 or 030\u20111234567, IBAN DE89\u202f3704\u202f0044\u202f0532\u202f0130\u202f00',
      'call [PHONE] or [PHONE], IBAN [IBAN]',
    ],
    ['IBAN DE89 3704 0044 0532 0130 00 PLEASE, not DE88 3704 0044 0532 0130 00', 'IBAN [IBAN] PLEASE, not DE88 3704 0044 0532 0130 00'],
    ['card 4111 1111 1111 1111, not 4111 1111 1111 1112', 'card [CARD], not 4111 1111 1111 1112'],
    [
      'from 192.168.0.1, 2001:db8::1 and fe80:0:0:0:1:2:3:4 at 12:30:45, not 1.2.3.400',
      'from [IP], [IP] and [IP] at 12:30:45, not 1.2.3.400',
    ],
    ['call +49 (0)30 1234-567, 030/1234567 or 555-123-4567', 'call [PHONE], [PHONE] or [PHONE]'],
    [
      'on 01.02.2020, 2020-01-31, 0.123456789, 1234567 times (2010–2020)',
      'on 01.02.2020, 2020-01-31, 0.123456789, 1234567 times (2010–2020)',
    ],
  ])('%s', async (text, clear) => {
    expect((await redacted(text)).text).toBe(clear)
  })

  it('counts by kind, takes an own pattern and another placeholder', async () => {
    const text = 'a@b.de c@d.de order X-12 and X-3'
    expect(await redacted(text, { pattern: 'X-\\d+', placeholder: '<KIND>' })).toEqual({
      text: '<EMAIL> <EMAIL> order <REDACTED> and <REDACTED>',
      notes: [2, 2],
    })
    expect((await redacted(text, { email: false })).text).toBe(text)
  })

  it('says one of a kind in the singular', async () => {
    const { report } = await taken(rowsOf([{ text: 'a@b.de X-1' }]), 'redact', { pattern: 'X-1' })
    expect(report.notes.map((note) => sentence(note))).toEqual(['1 e-mail address', '1 match of the pattern'])
  })

  it('looks at a character of an address a bounded number of times', async () => {
    const hostile = ['ü', 'ü.', '张1', 'a@', '@1', '张@1-'].map((part) => part.repeat(50_000))
    for (const text of hostile) expect((await redacted(text)).text).toBe(text)
  })
})

describe('template', () => {
  it('fills in columns', async () => {
    const rows = rowsOf([{ q: 'Why?', n: 1.5, tags: ['a'], left: 'x' }, { q: 'Who?' }])
    const { rows: after } = await taken(rows, 'template', { prompt: '{{{n}}} {q} {tags}', completion: '{left}', dropOthers: true })
    expect(after.map(({ value }) => value)).toEqual([
      { prompt: '{1.5} Why? ["a"]', completion: 'x' },
      { prompt: '{} Who? ', completion: '' },
    ])
    await expect(taken(rows, 'template', { text: '{other}' })).rejects.toThrow(
      'template: expected a column of the rows (q, n, tags, left), got other',
    )
  })

  it('writes what stands between the places as it is', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (a, b, value) => {
        const escaped = (text: string) => text.replace(/[{}]/g, '$&$&')
        expect(filled(parseTemplate(`${escaped(a)}{name}${escaped(b)}`), () => value)).toBe(a + value + b)
      }),
      { numRuns: 50 },
    )
  })
})

describe('map-columns', () => {
  const rows = pairsOf([['a', 'b']]).map((row) => ({ ...row, value: { ...row.value, id: 7 } }))
  it('renames columns, also crosswise', async () => {
    const { rows: after } = await taken(rows, 'map-columns', { prompt: 'completion', completion: 'prompt' })
    expect(after[0].value).toEqual({ completion: 'a', prompt: 'b', id: 7 })
    expect((await taken(rows, 'map-columns', { text: 'completion', dropOthers: true })).rows[0].value).toEqual({ text: 'b' })
  })

  it('refuses columns that are not there or are named twice', async () => {
    await expect(taken(rows, 'map-columns', { prompt: 'question' })).rejects.toThrow('got question')
    await expect(taken(rows, 'map-columns', { prompt: 'id', completion: 'id' })).rejects.toThrow('one column twice')
  })
})
