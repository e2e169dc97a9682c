// Functional representations as in ViGGO (Juraska et al. 2019): an act with slots, `inform(name[Portal], genres[puzzle, platformer])`.
import { partsScore } from './parts-score'
import { mostly } from './score'

/**
 * The act and each slot with its values in sorted order, as comparable texts; undefined if the text is no functional representation.
 * Values may contain round brackets: `esrb[E 10+ (for Everyone 10 and Older)]`.
 */
function functionalParts(text: string): string[] | undefined {
  const whole = /^\s*([\p{L}_][\p{L}\p{N}_]*)\s*\(([^]*)\)\s*$/u.exec(text)
  if (!whole) return undefined
  const slots = slotsOf(whole[2])
  return slots && [whole[1], ...slots]
}

const slot = /\s*([\p{L}_][\p{L}\p{N}_]*)\s*\[([^[\]]*)\]\s*(,|$)/uy

function slotsOf(text: string): string[] | undefined {
  if (text.trim() === '') return []
  const slots: string[] = []
  slot.lastIndex = 0
  while (slot.lastIndex < text.length) {
    const found = slot.exec(text)
    if (!found) return undefined
    const values = found[2].split(',').map((value) => value.trim())
    slots.push(`${found[1]}[${values.toSorted().join(', ')}]`)
    if (found[3] === '') return slots
  }
  // A comma with nothing behind it.
  return undefined
}

export const functional = partsScore({
  name: 'functional',
  label: 'Functional representation',
  help: 'Micro F1 over the act and each slot with its values, in any order. An answer that is no functional representation has none of them.',
  key: 'functional',
  labels: { f1: 'Field F1', right: 'All fields right', parsed: 'Answers in the right form' },
  first: 'f1',
  suits: (rows) => mostly(rows, ({ expected }) => (functionalParts(expected)?.length ?? 0) > 1),
  parts: functionalParts,
})
