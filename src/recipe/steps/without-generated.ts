import { isGenerated } from '../../config/recipe'
import { say } from '../../config/phrase'
import { dropRows, rowStep } from '../step'

export const withoutGenerated = rowStep({
  name: 'without-generated',
  label: 'Without generated rows',
  help: 'Drops the rows that a model, a template or a grammar made, to compare training with and without them.',
  fields: [],
  idempotent: true,
  apply: (rows, _, work) => dropRows(rows, work, ({ origin }) => (isGenerated(origin) ? say`It was generated (${origin.by}).` : undefined)),
})
