// Patterns are compared with Python's `re`. The table was made with Python 3.11 by re.match and re.fullmatch.
import { describe, expect, test } from 'vitest'
import { FormatError, UnsupportedError } from '../config/errors'
import { pythonPattern } from './python-pattern'

const names = [
  'model.layers.0.self_attn.q_proj',
  'model.layers.1.self_attn.v_proj',
  'model.layers.11.mlp.down_proj',
  'model.layers.2.mlp.gate_proj',
  'lm_head',
  'model.embed_tokens',
  'transformer.h.3.attn.c_attn',
]
/** For each name: w = all of it matches, s = only its start matches, - = no match. */
const table: [string, string][] = [
  [String.raw`.*layers\.1\..*(q_proj|v_proj)`, '-w-----'],
  [String.raw`(.*\.)?(q_proj)$`, 'w------'],
  [String.raw`(.*\.)?(^model.layers.0.*)$`, 'w------'],
  [String.raw`(.*\.)?(model\.layers\.\d\.mlp\.\w+)$`, '---w---'],
  [String.raw`.*\.[\d]{1,}\.(?:self_attn|mlp)\.(?:(?:q_proj|down_proj))`, 'w-w----'],
  [String.raw`^(?!.*mlp).*(?:q_proj|v_proj|down_proj)$`, 'ww-----'],
  [
    String.raw`(?:.*?(?:language|layers).*?(?:self_attn|mlp).*?(?:k_proj|v_proj|q_proj|gate_proj).*?)|(?:\bmodel\.layers\.[\d]{1,}\.x)`,
    'ww-w---',
  ],
  [String.raw`model(?=\.layers).*\.(q|v)_proj`, 'ww-----'],
  [String.raw`.*(?<=layers\.)1+\..*`, '-ww----'],
  [String.raw`.*(?<!self_)attn\..*`, '------w'],
  [String.raw`[^.]*`, 'sssswss'],
  [String.raw`[\w.]+`, 'wwwwwww'],
  [String.raw`(?P<part>model|transformer)\..*`, 'wwww-ww'],
  [String.raw`(?i)MODEL\.(?:LAYERS|h)\.[A-Z0-9_.]*`, 'wwww---'],
  [String.raw`(?i:MODEL)\.layers.*`, 'wwww---'],
  [String.raw`(a)|(lm_head)`, '----w--'],
  [String.raw`model\.layers\.{1}1{2}.*`, '--w----'],
  [String.raw`model\.layers\.1{,2}\..*`, '-ww----'],
  [String.raw`.*x{.*`, '-------'],
  [String.raw`\Amodel.*proj\Z`, 'wwww---'],
  [String.raw`model.*\b`, 'wwww-w-'],
  [String.raw`.*[]q]_.*`, 'w------'],
  [String.raw`.*[a-c-]_.*`, '------w'],
  [String.raw`(model(\.\w+)*)*`, 'wwwwsws'],
  [String.raw`model\.layers\.(1|11)\.[^\W\d]+\.(?#end)\w+`, '-ww----'],
  [String.raw``, 'sssssss'],
  [String.raw`\x6d\u006fdel.*`, 'wwww-w-'],
  [String.raw`model\.(layers\.(0|[12]\d?)\.)?.*_(?:proj|tokens)`, 'wwww-w-'],
  [String.raw`(?:)lm_head`, '----w--'],
  [String.raw`.*\.c_attn|.*\.(?:v|k)_proj$`, '-w----w'],
]

describe('regular expressions of Python', () => {
  test.each(table)('%s', (source, want) => {
    const pattern = pythonPattern(source, 'here')
    expect(names.map((name) => (pattern.matchesWhole(name) ? 'w' : pattern.matchesStart(name) ? 's' : '-')).join('')).toBe(want)
  })

  test.each(['x(', '[a', 'a)', '*a', 'a**', 'a{3,2}', 'a\\q', '(?P<1>a)', 'a\\', '^*', 'a(?i)b', '[z-a]', '(?z)'])(
    '%s is none, as in Python',
    (source) => {
      expect(() => pythonPattern(source, 'target_modules')).toThrow(/^target_modules: expected a regular expression/)
    },
  )

  test.each([String.raw`(a)\1`, '(?P<x>a)(?P=x)', '(?>a)', '(a)?(?(1)b|c)', 'a*+', '(?x) a'])('%s is refused by name', (source) => {
    expect(() => pythonPattern(source, 'target_modules')).toThrow(UnsupportedError)
  })

  test('nothing backtracks, and an expression that takes too long is refused', () => {
    const name = `${'model.layers.'.repeat(12)}q_proj`
    for (const source of ['((((.*)*)*)*)*z', '(a|a|.)*(.|.)*b', '(.+)+(.+)+(.+)+x', '(.*.*.*.*.*.*.*.*.*)!'])
      expect(pythonPattern(source, 'here').matchesWhole(name)).toBe(false)
    const nested = Array.from({ length: 40 }).reduce<string>((inner) => `(${inner}|.?){9}`, 'a')
    expect(() => pythonPattern(nested, 'here', { steps: 19_500_000 }).matchesWhole(name)).toThrow(UnsupportedError)
    expect(() => pythonPattern('('.repeat(1000), 'here')).toThrow(UnsupportedError)
    expect(() => pythonPattern('a'.repeat(5000), 'here')).toThrow(UnsupportedError)
    expect(() => pythonPattern('[', 'here')).toThrow(FormatError)
  })
})
