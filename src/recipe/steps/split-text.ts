import { FormatError } from '../../config/errors'
import { say } from '../../config/phrase'
import { splitAtMarkers } from '../../data/in/split-at-markers'
import { checkColumn } from '../columns'
import { editRows, rowStep } from '../step'

export const splitText = rowStep({
  name: 'split-text',
  label: 'Split texts at markers',
  help: 'Makes a prompt and a completion from a column of text such as “Q: … A: …”.',
  fields: [
    { key: 'column', type: 'text', label: 'Column', help: 'The column with the text. It is replaced.', default: 'text', maxLength: 200 },
    {
      key: 'question',
      type: 'text',
      label: 'Before the prompt',
      help: 'Words before this marker stay in front of the prompt. Empty if the text begins with the prompt.',
      default: 'Q:',
      maxLength: 200,
    },
    {
      key: 'answer',
      type: 'text',
      label: 'Before the completion',
      help: 'The first one after the prompt counts.',
      default: 'A:',
      maxLength: 200,
    },
  ],
  idempotent: true,
  async apply(rows, { column, ...markers }, work) {
    if (!markers.answer) throw new FormatError(say`split-text: expected a marker before the completion, got none. Write one.`)
    const isDone = rows.every(({ value }) => !Object.hasOwn(value, column) && Object.hasOwn(value, 'prompt'))
    if (!isDone) checkColumn('split-text', rows, column)
    let unsplit = 0
    const out = await editRows(rows, work, (row) => {
      const { [column]: text, ...others } = row.value
      if (text === undefined) return row
      const found = typeof text === 'string' ? splitAtMarkers(text, markers) : undefined
      if (found) return { ...row, value: { ...others, ...found } }
      unsplit++
      return row
    })
    if (unsplit)
      work.tally.note(
        unsplit === 1
          ? say`${unsplit} row does not have both markers and stays as it is.`
          : say`${unsplit} rows do not have both markers and stay as they are.`,
      )
    return out
  },
})
