// Answers of a hundred thousand characters that end nowhere. In quadratic time, each of them would take minutes.
import { describe, expect, it } from 'vitest'
import { scores } from './registry'

const length = 100_000
const repeated = (begin: string, text: string, end = ''): string => begin + text.repeat(length / text.length) + end

const answers = [
  repeated('', ' ', 'x'),
  repeated('select', ' ', 'x'),
  repeated('select a from t', ' ', 'x'),
  repeated('select a', ' from x'),
  repeated('select a from t where ', 'b = 1 and '),
  repeated('select a from t where a = ', 'q and z = '),
  repeated('select ', '/*'),
  repeated('select ', '['),
  repeated('```\n', '\n', 'x'),
  repeated('```json', '\n', '``x'),
  repeated('#### 1.', '0', '1'),
  repeated('', '. ', 'x'),
]

describe('scores of hostile answers', () => {
  it.each(scores.map((score) => [score.name, score] as const))('%s', (_, score) => {
    const prompt = 'columns: a, b'
    const { grades } = score.judge(answers.map((answer) => ({ prompt, expected: 'select a from t', answer })))
    expect(grades).toHaveLength(answers.length)
    expect(grades.every((grade) => grade >= 0 && grade < 1)).toBe(true)
  })
})
