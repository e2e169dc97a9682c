// Functional representations as in ViGGO (Juraska et al. 2019): an act with slots, `inform(name[Portal], genres[puzzle, platformer])`.
import { f1, microOverlap, overlapOf } from './overlap'
import { mean, mostly, score } from './score'

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

export const functional = score({
  name: 'functional',
  label: 'Functional representation',
  help: 'Micro F1 over the act and each slot with its values, in any order. An answer that is no functional representation has none of them.',
  figures: [
    { key: 'functionalF1', label: 'Field F1', form: 'share' },
    { key: 'functionalRight', label: 'All fields right', form: 'share' },
    { key: 'functionalParsed', label: 'Answers in the right form', form: 'share' },
  ],
  suits: (rows) => mostly(rows, ({ expected }) => (functionalParts(expected)?.length ?? 0) > 1),
  judge({ answer, expected }) {
    const said = functionalParts(answer)
    return { parsed: said !== undefined, overlap: overlapOf(said ?? [], functionalParts(expected) ?? [expected.trim()]) }
  },
  grade: ({ overlap }) => f1(overlap),
  figuresOf: (judgements) => ({
    functionalF1: f1(microOverlap(judgements.map(({ overlap }) => overlap))),
    functionalRight: mean(judgements.map(({ overlap }) => (f1(overlap) === 1 ? 1 : 0))),
    functionalParsed: mean(judgements.map(({ parsed }) => (parsed ? 1 : 0))),
  }),
})
