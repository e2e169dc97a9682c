// Words that an answer shares with the expected one, as SQuAD counts them (Rajpurkar et al. 2016), without its removal of articles, which
// is about English alone.
import { f1, overlapOf } from './overlap'
import { mean, score } from './score'

/** Lower-case words. In scripts without spaces, each character is a word. */
export const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .match(/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Khmer}\p{sc=Lao}\p{sc=Myanmar}]|[\p{L}\p{N}\p{M}]+/gu) ?? []

export const tokenF1 = score({
  name: 'token-f1',
  label: 'Word F1',
  help: 'How many words the answer shares with the expected one, in any order: the mean F1 of the rows.',
  figures: [{ key: 'tokenF1', label: 'Word F1', form: 'share' }],
  suits: (rows) => rows.some(({ expected }) => wordsOf(expected).length > 1),
  judge: ({ answer, expected }) => f1(overlapOf(wordsOf(answer), wordsOf(expected))),
  grade: (value) => value,
  figuresOf: (values) => ({ tokenF1: mean(values) }),
})
