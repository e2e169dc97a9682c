import { editRows, rowStep } from '../step'
import { withTexts } from '../texts'

/**
 * Characters that nobody sees: a byte order mark, a zero-width space, a word joiner, a soft hyphen, marks that turn the direction of text,
 * and control characters. The joiner of emoji and of Indic and Arabic scripts (U+200D, U+200C) stays: words need it.
 */
// eslint-disable-next-line no-control-regex
const invisible = /[\ufeff\u200b\u2060\u00ad\u200e\u200f\u202a-\u202e\u2066-\u2069\0-\x08\x0b\x0c\x0e-\x1f\x7f]/g
/** Spaces of other widths than the usual one. */
const oddSpaces = /[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g

export const cleanCharacters = rowStep({
  name: 'clean-characters',
  label: 'Clean characters',
  help: 'Takes invisible characters out of all texts, makes odd spaces usual ones, and composes accents (Unicode NFC).',
  fields: [
    {
      key: 'invisible',
      type: 'boolean',
      label: 'Take out invisible characters',
      help: 'Zero-width and control characters.',
      default: true,
    },
    { key: 'spaces', type: 'boolean', label: 'Make odd spaces usual ones', help: 'For example no-break spaces.', default: true },
    { key: 'compose', type: 'boolean', label: 'Compose accents', help: 'Two characters for one letter become one.', default: true },
    { key: 'lineEnds', type: 'boolean', label: 'Make line ends usual ones', help: 'CR LF and CR become LF.', default: true },
  ],
  idempotent: true,
  apply(rows, { invisible: takesInvisible, spaces, compose, lineEnds }, work) {
    const clean = (text: string): string => {
      const ends = lineEnds ? text.replace(/\r\n?/g, '\n') : text
      const seen = takesInvisible ? ends.replace(invisible, '') : ends
      const spaced = spaces ? seen.replace(oddSpaces, ' ') : seen
      return compose ? spaced.normalize('NFC') : spaced
    }
    return editRows(rows, work, (row) => withTexts(row, clean))
  },
})
