// Queries that are executed: the tables of a prompt, results, and queries that would run or grow without end.
import { beforeAll, describe, expect, it } from 'vitest'
import { loadScores, scoresFor } from './registry'
import { statementsIn } from './sql-database'
import { sqlExecution } from './sql-execution'

const table = 'CREATE TABLE head (age INTEGER, name VARCHAR, "born; state" TEXT)'
const filled = `Tables:\n${table};\nINSERT INTO head VALUES (57, 'A; (b', 'x'), (50, 'B', 'y'), (57, 'C', 'x');\nHow many?`
const figures = (prompt: string, ...pairs: (readonly [expected: string, answer: string])[]) =>
  sqlExecution.judge(pairs.map(([expected, answer]) => ({ prompt, expected, answer })))
const right = (prompt: string, expected: string, answer: string) => figures(prompt, [expected, answer]).grades[0] === 1

beforeAll(() => loadScores([sqlExecution]))

describe('queries on the tables of a prompt', () => {
  it('finds the statements, whether they end with a semicolon or not', () => {
    expect(statementsIn(filled)).toEqual([table, "INSERT INTO head VALUES (57, 'A; (b', 'x'), (50, 'B', 'y'), (57, 'C', 'x')"])
    expect(statementsIn(`${table}\nINSERT INTO head VALUES (1, 'a', 'b')\nHow many?`)).toHaveLength(2)
    expect(statementsIn(`Here's a table: ${table}. What's in it? It's 'x'.`)).toEqual([table])
    expect(statementsIn('Create table of contents: 1 (a')).toEqual([])
    expect(scoresFor([{ prompt: filled, expected: 'SELECT COUNT(*) FROM head' }]).map(({ name }) => name)).toEqual([
      'exact-match',
      'sql-execution',
      'sql',
    ])
  })

  it.each([
    ['SELECT count(*) FROM head WHERE age > 56', 'select sum(1) from head where age in (57) -- two', true],
    ['SELECT name FROM head', 'SELECT name FROM head ORDER BY age', true],
    ['SELECT name FROM head ORDER BY age, name', 'SELECT name FROM head', false],
    ['SELECT name FROM head ORDER BY age, name', 'SELECT name FROM head ORDER BY age, name;', true],
    ['SELECT age FROM head', 'SELECT DISTINCT age FROM head', false],
    ['SELECT name, age FROM head', 'SELECT age, name FROM head', false],
    ['SELECT avg(age) FROM head', 'SELECT sum(age) * 1.0 / 3 FROM head', true],
    ['SELECT age FROM head LIMIT 1', "SELECT '57'", false],
    ['SELECT NULL', "SELECT 'null'", false],
    ['SELECT name FROM head', 'SELECT nothing FROM head', false],
    ['SELECT name FROM head', 'SELECT name FROM head; DELETE FROM head', false],
    ['SELECT name FROM head', '', false],
    // What SQLite does not know is compared as text.
    ['SELECT TOP 3 name FROM head', 'SELECT TOP 3 name FROM head ', true],
  ])('%s | %s: %s', (expected, answer, wanted) => {
    expect(right(filled, expected, answer)).toBe(wanted)
  })

  it('tables without rows get some for which the conditions of the expected query hold and fail', () => {
    const wanted = "SELECT name FROM head WHERE age > 56 AND name LIKE 'Q%'"
    expect(right(table, wanted, "SELECT name FROM head WHERE 56 < age AND name LIKE 'q%'")).toBe(true)
    for (const wrong of [
      "age > 55 AND name LIKE 'Q%'",
      "age >= 56 AND name LIKE 'Q%'",
      "age > 56 OR name LIKE 'Q%'",
      'age > 56',
      "name LIKE 'Q%'",
    ])
      expect([wrong, right(table, wanted, `SELECT name FROM head WHERE ${wrong}`)]).toEqual([wrong, false])
    const two = 'CREATE TABLE a (id INT PRIMARY KEY, x TEXT) CREATE TABLE b (a_id INT, y INT)'
    const join = 'SELECT a.x, b.y FROM a JOIN b ON a.id = b.a_id'
    expect(right(two, join, 'SELECT x, y FROM b, a WHERE id = a_id')).toBe(true)
    expect(right(two, join, 'SELECT x, y FROM b, a')).toBe(false)
    expect(right(two, join, 'SELECT a.x, b.y FROM a LEFT JOIN b ON a.id = b.a_id AND b.y > 3')).toBe(false)
  })

  it('counts the queries that run', () => {
    const pairs = ['SELECT 1', 'SELECT', 'DROP TABLE head', 'SELECT 2'].map((answer) => ['SELECT 1', answer] as const)
    expect(figures(filled, ...pairs).figures()).toEqual({ sqlResult: 0.25, sqlRuns: 0.5 })
  })
})

describe('hostile queries', () => {
  const endless = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)'
  it.each([
    `${endless} SELECT count(*) FROM c`,
    `${endless} SELECT x FROM c`,
    `${endless} SELECT group_concat(x) FROM c`,
    `${endless} SELECT hex(randomblob(50000)) AS y FROM c ORDER BY y`,
    'SELECT length(zeroblob(900000000))',
    `SELECT replace(hex(zeroblob(40000)), '0', 'aa') LIKE '${'%a'.repeat(50)}b'`,
    "ATTACH 'x.db' AS y",
    'PRAGMA hard_heap_limit = 1',
    'DELETE FROM head',
    `SELECT ${'('.repeat(40_000)}1${')'.repeat(40_000)}`,
    `SELECT '${'x'.repeat(200_000)}'`,
  ])('%.70s', (answer) => {
    const began = performance.now()
    expect(right(filled, 'SELECT count(*) FROM head', answer)).toBe(false)
    expect(performance.now() - began).toBeLessThan(8000)
    expect(right(filled, 'SELECT count(*) FROM head', 'SELECT 3')).toBe(true)
  })

  it('a prompt with statements that never end or that fail is compared as text', () => {
    for (const prompt of [
      `CREATE TABLE t ${'('.repeat(100_000)}`,
      'CREATE TABLE t (/*'.repeat(6000),
      'CREATE TABLE t (a CHECK (',
      'CREATE TABLE t (a, a)',
      `${table}; INSERT INTO none VALUES (1);`,
    ])
      expect(figures(prompt, ['SELECT 1', 'SELECT 1'], ['SELECT 1', 'SELECT 2']).grades).toEqual([1, 0])
  })
})
