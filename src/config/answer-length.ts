// How many tokens an answer may have.
import type { Field } from './field'

export const answerField = {
  key: 'maxTokens',
  type: 'number',
  label: 'Max new tokens',
  help: 'An answer stops after this many tokens.',
  default: 96,
  min: 1,
  max: 131_072,
  integer: true,
} as const satisfies Field
