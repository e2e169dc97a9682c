import { describe, expect, it } from 'vitest'
import { asWritten } from '../config/phrase'
import { givenAnswer, matchedAnswers } from './other-answers'

const rows = [
  { prompt: 'Task.\nQ1', words: 'Q1', expected: 'a' },
  { prompt: 'Task.\nQ2', words: 'Q2', expected: 'b' },
  { prompt: 'Task.\nQ2', words: 'Q2', expected: 'c' },
]

describe('answers of another model', () => {
  it('are found by the prompt, with or without the words around it, in any order', () => {
    const given = [
      { prompt: 'Q2', answer: 'x' },
      { prompt: 'other', answer: '-' },
      { prompt: 'Task.\nQ1', answer: 'y' },
      { prompt: 'Q2', answer: 'z' },
    ]
    expect(matchedAnswers('o.jsonl', rows, given).map(({ expected, answer }) => [expected, answer])).toEqual([
      ['a', 'y'],
      ['b', 'x'],
      ['c', 'z'],
    ])
  })

  it('are refused by name if a row has none, or if the columns are others', () => {
    expect(() => matchedAnswers('o.jsonl', rows, [{ prompt: 'Q2', answer: 'x' }])).toThrow(
      'o.jsonl: expected an answer to each of the 3 held-out rows that are answered, got none to 1, the first of them “Q1”. Answer the same rows, with the same prompts.',
    )
    expect(givenAnswer(asWritten('line 1'), { prompt: ' q ', completion: 'c' })).toEqual({ prompt: 'q', answer: 'c' })
    expect(() => givenAnswer(asWritten('o.jsonl, line 1'), { question: 'q', answer: 'c' })).toThrow(
      'o.jsonl, line 1: expected the texts prompt and answer, got columns question, answer. Rename the columns.',
    )
  })
})
