import { say } from '../../config/phrase'
import { dropRows, rowStep } from '../step'

export const dropEmpty = rowStep({
  name: 'drop-empty',
  label: 'Drop empty rows',
  help: 'Drops rows without a prompt or without an answer, and rows that cannot be read.',
  fields: [],
  idempotent: true,
  async apply(rows, _, work) {
    const words = await work.words(rows)
    const isText = words.every((row) => row === undefined || row.prompt === '')
    return dropRows(rows, work, (_row, i) => {
      const found = words[i]
      if (!found) return say`It cannot be read as the other rows.`
      if (!isText && found.prompt.trim() === '') return say`The prompt is empty.`
      return found.answer.trim() === '' ? say`The answer is empty.` : undefined
    })
  },
})
