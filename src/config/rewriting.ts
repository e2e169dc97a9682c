// How a model rewrites prompts in the workbench: which rows, what it is asked, and how it answers.
import { answerField } from './answer-length'
import type { Field, SettingsOf } from './field'
import { temperatureField, topPField } from './sampling-fields'

export const rewriteFields = [
  {
    key: 'words',
    type: 'text',
    label: 'Rows with these words',
    help: 'In any column; empty means any row for training that nothing generated.',
    default: '',
    maxLength: 200,
  },
  {
    key: 'rows',
    type: 'number',
    label: 'Rows',
    help: 'How many rows at most. The seed chooses them.',
    default: 20,
    min: 1,
    max: 10_000,
    integer: true,
  },
  {
    key: 'instruction',
    type: 'text',
    multiline: true,
    label: 'Instruction',
    help: 'What the model is asked. The prompt of the row takes the place of {prompt}.',
    default:
      'Write the text below in other words. Keep its meaning, its names and its numbers, and do not answer it. Reply with the new text only.\n\n{prompt}',
    maxLength: 10_000,
  },
  { ...temperatureField, default: 0.7, max: 2 },
  topPField,
  {
    key: 'seed',
    type: 'number',
    label: 'Seed',
    help: 'The same seed gives the same rows and the same rewrites.',
    default: 1,
    min: 0,
    // Each further try of a row takes the next seed.
    max: 1_000_000_000,
    integer: true,
  },
  { ...answerField, help: 'A rewrite stops after this many tokens.', default: 256 },
] as const satisfies readonly Field[]

export type RewriteSettings = SettingsOf<typeof rewriteFields>
