import { seedField } from './seed'

export const splitFields = [
  {
    key: 'way',
    type: 'choice',
    label: 'Evaluation gets',
    help: 'How the rows for evaluation are chosen.',
    default: 'share',
    options: [
      { value: 'share', label: 'A share of the rows' },
      { value: 'fold', label: 'One of several folds' },
      { value: 'file', label: 'Whole files' },
    ],
  },
  { key: 'share', type: 'number', label: 'Share', help: 'With “a share”.', default: 0.1, min: 0, max: 0.9, step: 0.05 },
  { key: 'folds', type: 'number', label: 'Folds', help: 'With folds: their number.', default: 5, min: 2, max: 100, integer: true },
  {
    key: 'fold',
    type: 'number',
    label: 'Fold',
    help: 'With folds: the one for evaluation. Each row is in exactly one.',
    default: 1,
    min: 1,
    max: 100,
    integer: true,
  },
  { key: 'files', type: 'text', label: 'Files', help: 'With whole files: their names, one per line.', default: '', multiline: true },
  {
    key: 'together',
    type: 'choice',
    label: 'Keep together',
    help: 'Rows of a group are never on both sides.',
    default: 'row',
    options: [
      { value: 'row', label: 'Equal rows' },
      { value: 'prompt', label: 'Rows with the same prompt' },
      { value: 'column', label: 'Rows with the same value in a column' },
      { value: 'file', label: 'Rows of a file' },
    ],
  },
  { key: 'column', type: 'text', label: 'Column of the group', help: 'With a column: its name.', default: '', maxLength: 200 },
  {
    key: 'evenly',
    type: 'choice',
    label: 'Spread evenly by',
    help: 'Evaluation gets its share of each class or of each length.',
    default: 'none',
    options: [
      { value: 'none', label: 'Nothing' },
      { value: 'answer', label: 'Answer' },
      { value: 'column', label: 'A column' },
      { value: 'length', label: 'Length, in quarters' },
    ],
  },
  { key: 'evenlyColumn', type: 'text', label: 'Column of the class', help: 'With a column: its name.', default: '', maxLength: 200 },
  seedField,
] as const
