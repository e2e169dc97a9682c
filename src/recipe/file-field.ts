// The setting of steps that take the rows of one file.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import { shortText } from '../data/short-text'
import type { WorkRow } from './row'

export const fileField = {
  key: 'file',
  type: 'text',
  label: 'File',
  help: 'The name of a file, as the origin of its rows has it.',
  default: '',
  maxLength: 1000,
} as const

/** @throws FormatError if there are rows, and none is from the file */
export function checkFile(step: string, rows: readonly WorkRow[], file: string): void {
  if (!rows.length || rows.some(({ origin }) => origin.file === file)) return
  const files = [...new Set(rows.map(({ origin }) => origin.file ?? ''))].slice(0, 20).map(shortText).join(', ')
  throw new FormatError(say`${step}: expected the name of a file (${files}), got ${file ? shortText(file) : say`none`}. Name one of them.`)
}
