import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { differences, intervals } from './bootstrap'
import { scores, scoresFor, scoresNamed } from './registry'
import { sqlParts } from './sql-parts'
import { tableIn, wikiSqlParts } from './wikisql'

const judge = (name: string, rows: readonly (readonly [expected: string, answer: string])[]) =>
  scoresNamed([name])[0].judge(rows.map(([expected, answer]) => ({ prompt: '', expected, answer })))

describe.each(scores.map((score) => [score.name, score] as const))('%s', (_, score) => {
  const text = fc.constantFrom(
    '',
    'a b c',
    '#### 1,000',
    'f(x[1, 2])',
    '{"a":[1,2]}',
    'SELECT a FROM t',
    'Positive.',
    '漢字 かな',
    '[',
    ')',
  )
  const rows = fc.array(fc.record({ prompt: fc.constant(''), expected: text, answer: text }), { minLength: 1, maxLength: 12 })

  it('gives figures and grades from 0 to 1, in any order of the rows', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const judged = score.judge(list)
        const figures = judged.figures()
        expect(Object.keys(figures).toSorted()).toEqual(score.figures.map(({ key }) => key).toSorted())
        for (const value of [...Object.values(figures), ...judged.grades]) expect(value >= 0 && value <= 1).toBe(true)
        const backwards = score.judge(list.toReversed()).figures()
        for (const key of Object.keys(figures)) expect(backwards[key]).toBeCloseTo(figures[key], 12)
      }),
      { numRuns: 50 },
    )
  })

  it('grades an equal answer 1, also if neither is in its form', () => {
    for (const text of ['', 'f(', 'two words']) expect(score.judge([{ prompt: '', expected: text, answer: text }]).grades).toEqual([1])
  })

  it('grades an equal answer 1 where the expected one is in its form', () => {
    const expected = { functional: 'f(a[1])', sql: 'SELECT a FROM t', 'final-number': '#### 7', json: '{"a":1}' }[score.name] ?? 'two words'
    expect(score.judge([{ prompt: '', expected, answer: expected }]).grades).toEqual([1])
  })
})

const grade = (name: string, expected: string, answer: string): number => judge(name, [[expected, answer]]).grades[0]

describe('functional representations', () => {
  it.each([
    ['inform(name[E 10+ (for all)], genres[b, a])', 'inform( genres[a,b] , name[E 10+ (for all)])', 1],
    ['request()', ' request ( )', 1],
    ['f(a[1], b[2])', 'f(a[1], b[3])', 4 / 6],
    ['f(a[1], b[2])', 'g(a[1])', 2 / 5],
  ])('%s and %s share %d', (expected, answer, f1) => {
    expect(grade('functional', expected, answer)).toBeCloseTo(f1, 12)
  })

  it.each(['', 'f', 'f(a)', 'f(a[1)', 'f(a[1],)', 'f(a[1] b[2])', 'a f(a[1])', 'f(a[1]) '.repeat(2)])('%j is none', (text) => {
    expect(judge('functional', [['f(a[1])', text]]).figures()).toEqual({ functionalF1: 0, functionalRight: 0, functionalParsed: 0 })
  })
})

describe('final numbers', () => {
  it.each([
    ['#### 72', '#### 72.0', 1],
    ['#### 1250.5', '3 + 4\n#### $1,250.50', 1],
    ['#### 0', '#### -0.0', 1],
    ['#### 6', 'so 5, then 06', 1],
    ['#### -3', 'minus −3', 1],
    ['#### 3', 'minus −3', 0],
    ['#### 12345678901234567891', '#### 12345678901234567890', 0],
    ['#### 3', 'none', 0],
    ['#### 2', 'step 1 2', 1],
    ['#### 3', '1,2,3', 1],
    ['#### 1234567', '12,34,567 rupees', 1],
    ['#### 1250', '#### 1 250', 1],
    ['#### 1234', '#### 1234,5', 1],
    ['none', 'none', 1],
  ])('%j, answered with %j: %d', (expected, answer, right) => {
    expect(grade('final-number', expected, answer)).toBe(right)
  })
})

describe('SQL', () => {
  it.each([
    ['SELECT a, b FROM t WHERE x = 1 AND y = 2', 'select b,a from T where y=2 and x  = 1;'],
    ['SELECT count(*) AS n FROM t', 'SELECT COUNT ( * ) n FROM t'],
    ['SELECT a FROM t WHERE x <> "q"', "```sql\nSELECT a FROM t WHERE x != 'q';\n```"],
    ['SELECT a FROM t WHERE x BETWEEN 1 AND 2 AND y = 3', 'SELECT a FROM t WHERE y = 3 AND x BETWEEN 1 AND 2'],
    ['SELECT a FROM t WHERE x = 1 OR y = 2', 'SELECT a FROM t WHERE y = 2 OR x = 1'],
    ['SELECT a FROM t INNER JOIN u ON t.i = u.i', 'SELECT a FROM t JOIN u ON t.i = u.i'],
  ])('%s is %s', (a, b) => {
    expect(judge('sql', [[a, b]]).figures()).toEqual({ sqlRight: 1, sqlF1: 1, sqlParsed: 1 })
  })

  it.each([
    ['SELECT a FROM t WHERE x = 1', 'SELECT a FROM t WHERE x = 2'],
    ['SELECT a FROM t ORDER BY a, b', 'SELECT a FROM t ORDER BY b, a'],
    ['SELECT a FROM t', 'SELECT DISTINCT a FROM t'],
    ["SELECT a FROM t WHERE x = 'A'", "SELECT a FROM t WHERE x = 'a'"],
    ['SELECT a FROM t WHERE x = 1 AND y = 2', 'SELECT a FROM t WHERE x = 1 OR y = 2'],
    ['SELECT a FROM t UNION SELECT b FROM u', 'SELECT a, b FROM t, u'],
  ])('%s is not %s', (a, b) => {
    expect(judge('sql', [[a, b]]).figures().sqlRight).toBe(0)
  })

  it.each(['', 'a', 'SELECT (a FROM t', 'SELECT a FROM t; DROP TABLE t'])('%j is no query', (text) => {
    expect(sqlParts(text)).toBeUndefined()
  })

  it('reads the notation of WikiSQL with the columns of the row', () => {
    const table = tableIn('table: 1-2\ncolumns: No., Power, continuous, Years and wins\nQ: which?')!
    expect(wikiSqlParts("SELECT COUNT Power, continuous FROM 1-2 WHERE Years and wins = 'A AND b' AND No. > 3", table)).toEqual([
      'aggregate count',
      'select power, continuous',
      'from 1-2',
      'where years and wins = a and b',
      'where no. > 3',
    ])
    expect(wikiSqlParts('SELECT Wins FROM 1-2', table)).toBeUndefined()
    expect(wikiSqlParts('SELECT No. FROM 1-2;', table)).toEqual(['select no.', 'from 1-2'])
  })
})

describe('JSON', () => {
  it('is compared value by value, without regard to order', () => {
    expect(judge('json', [['{"a":1,"b":[1,2]}', '```json\n{"b":[2,1],"a":1}\n```']]).figures()).toEqual({
      jsonF1: 1,
      jsonRight: 1,
      jsonParsed: 1,
    })
    expect(judge('json', [['{"a":1}', '{"a":"1"}']]).grades).toEqual([0])
    expect(judge('json', [['{"a":[1,100]}', '{"a":[1.0,1e2]}']]).grades).toEqual([1])
    expect(judge('json', [['{"a":12345678901234567890}', '{"a":12345678901234567891}']]).grades).toEqual([0])
  })
})

describe('classification', () => {
  it('counts each expected label the same, and answers that are no label as wrong', () => {
    const rows = [
      ['a', 'b'],
      ['b', 'B.'],
      ['b', 'x'],
    ] as const
    // a: none right; b: 1 right, 2 said, 2 expected.
    expect(judge('classification', rows).figures()).toEqual({ accuracy: 1 / 3, macroF1: (0 + 2 / 4) / 2 })
  })
})

describe('the choice of scores', () => {
  const rows = (expected: readonly string[]) => expected.map((each) => ({ prompt: '', expected: each }))
  it.each([
    [
      ['f(a[1])', 'g(b[2])'],
      ['exact-match', 'functional'],
    ],
    [
      ['SELECT a FROM t', 'SELECT b FROM t'],
      ['exact-match', 'sql'],
    ],
    [
      ['1 + 1\n#### 2', '#### 3'],
      ['exact-match', 'final-number'],
    ],
    [
      ['{"a":1}', '[1]'],
      ['exact-match', 'json'],
    ],
    [
      ['yes', 'no', 'yes', 'no', 'no', 'yes'],
      ['exact-match', 'classification'],
    ],
    [
      ['some words', 'and others'],
      ['exact-match', 'token-f1'],
    ],
  ])('follows the form of %j', (expected, names) => {
    expect(scoresFor(rows(expected)).map(({ name }) => name)).toEqual(names)
  })

  it('refuses a name that does not exist', () => {
    expect(() => scoresNamed(['bleu'])).toThrow('metrics: expected some of exact-match')
  })
})

describe('chance', () => {
  const right = (count: number, of: number) =>
    judge(
      'exact-match',
      Array.from({ length: of }, (_, i) => ['a', i < count ? 'a' : 'b'] as const),
    )

  it('gives an interval like that of the binomial distribution', () => {
    const [low, high] = intervals(right(50, 100)).exactMatch
    // The normal approximation: 0.5 ± 1.96 · √(0.25 / 100).
    expect(Math.abs(low - 0.402)).toBeLessThan(0.025)
    expect(Math.abs(high - 0.598)).toBeLessThan(0.025)
    expect(intervals(right(50, 100))).toEqual(intervals(right(50, 100)))
  })

  it('tells a difference from none', () => {
    expect(differences(right(50, 100), right(80, 100)).exactMatch).toMatchObject({ difference: expect.closeTo(0.3), sure: true })
    expect(differences(right(5, 10), right(6, 10)).exactMatch.sure).toBe(false)
  })

  it('leaves doubt after a few rows that all score alike', () => {
    // With no wrong answer among three, up to 71 % of all answers may be wrong: 0.29³ = 0.025.
    const [low, high] = intervals(right(3, 3)).exactMatch
    expect(low).toBeCloseTo(0.025 ** (1 / 3), 12)
    expect(high).toBe(1)
    // As in the sign test, five rows that all become right may be chance, and six may not.
    expect(differences(right(0, 5), right(5, 5)).exactMatch).toMatchObject({ difference: 1, sure: false })
    expect(differences(right(0, 6), right(6, 6)).exactMatch.sure).toBe(true)
    const half = (answer: string, rows: number) =>
      judge(
        'token-f1',
        Array.from({ length: rows }, () => ['a b', answer] as const),
      )
    expect(differences(half('c d', 3), half('a d', 3)).tokenF1).toMatchObject({ difference: 0.5, sure: false })
  })
})

const curve = '../shared/models/SmolLM2-135M-Instruct/curve.json'
const rows = '../shared/models/SmolLM2-135M-Instruct/test.jsonl'
it.skipIf(!existsSync(curve))(
  'counts the answers of a real model as its own evaluation did, but for one answer (skipped without ../shared)',
  () => {
    const { after } = JSON.parse(readFileSync(curve, 'utf8')) as { after: { answers: string[]; slot_f1: number; exact: number } }
    const expected = readFileSync(rows, 'utf8')
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { output: string }).output)
    const pairs = after.answers.map((answer, i) => [expected[i], answer] as const)
    // The reference takes slots out of any text with brackets. One of the 60 answers, request(has_player_perspective(playing_role[moving])), is no
    // functional representation, and with it the reference counts 1 shared part and 2 parts of the answer more.
    const { functionalF1 } = judge('functional', pairs).figures()
    expect(functionalF1).toBeCloseTo((2 * 214) / (278 + 288), 12)
    expect(after.slot_f1).toBeCloseTo((2 * 215) / (280 + 288), 12)
    expect(judge('exact-match', pairs).figures().exactMatch).toBeCloseTo(after.exact, 12)
  },
)
