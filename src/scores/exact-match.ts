import { mean, score } from './score'

export const exactMatch = score({
  name: 'exact-match',
  label: 'Exact match',
  help: 'The share of answers that equal the expected one, apart from white space at the ends.',
  figures: [{ key: 'exactMatch', label: 'Exact match', form: 'share' }],
  suits: () => true,
  judge: ({ answer, expected }) => (answer.trim() === expected.trim() ? 1 : 0),
  grade: (right) => right,
  figuresOf: (rights) => ({ exactMatch: mean(rights) }),
})
