import { describe, expect, it } from 'vitest'
import { unroll } from './unroll'

const flat = (text: string) => text.replace(/\s+/g, ' ').trim()

describe('unroll', () => {
  it('writes out marked loops, inner ones for each turn of the outer loop', () => {
    const text = `const N: u32 = 2u;
      // unroll
      for (var i = 0u; i < N; i++) {
        // unroll
        for (var j = 0u; j < 2u; j++) { if (a) { s[i] += v[j]; } }
      }
      for (var k = 0u; k < 3u; k++) { b(k); }`
    const inner = '{ const j = 0u; if (a) { s[i] += v[j]; } } { const j = 1u; if (a) { s[i] += v[j]; } }'
    expect(flat(unroll(text))).toBe(
      `const N: u32 = 2u; { const i = 0u; ${inner} } { const i = 1u; ${inner} } for (var k = 0u; k < 3u; k++) { b(k); }`,
    )
  })

  it('refuses a bound that is not a constant, and a loop that does not end', () => {
    expect(() => unroll('// unroll\nfor (var i = 0u; i < N; i++) { }')).toThrow('expected N to be a whole constant')
    expect(() => unroll('// unroll\nfor (var i = 0u; i < 2u; i++) { ')).toThrow('closing brace')
  })
})
