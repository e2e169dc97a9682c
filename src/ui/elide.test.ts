import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { elide } from './elide'

type Role = 'context' | 'trained' | 'cut'
const row = (...parts: [number, Role][]): Role[] => parts.flatMap(([count, role]) => Array.from({ length: count }, () => role))

describe('a long example', () => {
  it('shows all of a short one', () => {
    expect(elide(row([30, 'context'], [20, 'trained']))).toEqual([
      { from: 0, to: 30 },
      { from: 30, to: 50 },
    ])
  })
  it('shows the trained part after a long prompt', () => {
    expect(elide(row([3000, 'context'], [20, 'trained']))).toEqual([
      { from: 0, to: 20 },
      { left: 2956 },
      { from: 2976, to: 3000 },
      { from: 3000, to: 3020 },
    ])
  })
  it('counts tokens that were not sent, and keeps little of what is cut off', () => {
    expect(elide(row([2048, 'context'], [10, 'trained'], [500, 'cut']), { at: 1024, count: 9000 })).toEqual([
      { from: 0, to: 20 },
      { left: 2004 + 9000 },
      { from: 2024, to: 2048 },
      { from: 2048, to: 2058 },
      { from: 2058, to: 2098 },
      { left: 460 },
    ])
  })
  it('accounts for every token, in order, and always shows where training begins', () => {
    const part = fc.tuple(fc.integer({ min: 1, max: 900 }), fc.constantFrom<Role>('context', 'trained', 'cut'))
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
        const roles = row(...parts)
        const pieces = elide(roles)
        let at = 0
        for (const piece of pieces) {
          if ('left' in piece) at += piece.left
          else {
            expect(piece.from).toBe(at)
            at = piece.to
          }
        }
        expect(at).toBe(roles.length)
        const first = roles.indexOf('trained')
        const shown = pieces.some((piece) => !('left' in piece) && piece.from <= first && first < piece.to)
        // One stretch in front of it at most: what a template makes of a row with one answer.
        if (first >= 0 && new Set(roles.slice(0, first)).size <= 1) expect(shown).toBe(true)
      }),
    )
  })
})
