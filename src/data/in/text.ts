// Plain text: one row for the file, or one for each paragraph, which ends at a blank line.
import type { ReadHow } from '../../config/read-how'
import { type Phrase, say } from '../../config/phrase'
import { Documents } from './documents'
import type { Head, RowKind } from './kind'
import { textLines } from './text-lines'

/** A text with a blank line in it has paragraphs. */
export const guessTextRows = ({ text }: Head): Pick<ReadHow, 'textRows'> => ({
  textRows: /\S[^\S\r\n]*(\r\n?|\n)[^\S\r\n]*(\r\n?|\n)\s*\S/.test(text) ? 'paragraph' : 'document',
})

export const describeText = (name: Phrase, { textRows }: ReadHow): Phrase =>
  textRows === 'document' ? say`Read as ${name}, as one row.` : say`Read as ${name}, with a row for each paragraph.`

export const text: RowKind = {
  kind: 'text',
  isText: true,
  isLike: () => true,
  guess: guessTextRows,
  describe: (how) => describeText(say`text`, how),
  async *rows(reading) {
    const documents = new Documents()
    for await (const lines of textLines(reading))
      for (const line of lines) {
        if (reading.how.textRows === 'paragraph' && line.text.trim() === '') yield* documents.take()
        else documents.add(line)
      }
    yield* documents.take()
  },
}
