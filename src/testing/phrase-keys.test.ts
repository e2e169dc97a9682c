// The collector of sentences finds what the engine says, as the engine says it.
import { expect, it } from 'vitest'
import { SourceFile } from '../../e2e/house/project.mjs'
import { say } from '../config/phrase'
import { phraseKeys, phraseKeysOf, placesIn } from './phrase-keys'

const file = (path: string, text: string) => new SourceFile(path, text)
const keys = (text: string) => phraseKeysOf(file('src/data/a.ts', text)).map(({ key }) => key)

it('a key has places where values go, also in nested sentences', () => {
  const [name, count] = ['a', 2]
  expect(keys('say`${name}: got ${count}.`')).toEqual([say`${name}: got ${count}.`.key])
  expect(keys('say`${x ? say`one` : say`${n} two`} of ${y}`')).toEqual(['{0} of {1}', 'one', '{0} two'])
  expect(keys('say`a\\nb \\`c\\``')).toEqual([say`a\nb \`c\``.key])
  expect(keys('"say" + other`x` + `y`')).toEqual([])
})

it('a message of a schema of files is a key', () => {
  const text = "v.pipe(v.string('a text'), v.maxLength(2)); v.fallback(v.literal('A'), 'B'); v.optional(v.array(x, 'a list'))"
  expect(phraseKeysOf(file('src/formats/a.ts', text)).map(({ key }) => key)).toEqual(['a text', 'a list'])
  expect(keys(text)).toEqual([])
})

it('a key is found once, with its first place; tests and the command line say nothing to the page', () => {
  const found = phraseKeys([
    file('src/data/a.ts', '\nsay`A ${x}`'),
    file('src/data/b.ts', 'say`A ${y}`'),
    file('src/data/a.test.ts', 'say`B`'),
    file('src/cli/a.ts', 'say`C`'),
  ])
  expect(found).toEqual([{ key: 'A {0}', at: 'src/data/a.ts:2' }])
})

it('the product says many sentences', () => {
  const found = phraseKeys()
  expect(found.length).toBeGreaterThan(500)
  expect(found.map(({ key }) => key)).toContain('Stopped as asked.')
})

it('places are sorted and repeated as often as they are used', () => {
  expect(placesIn('{1} of {0}, {1}')).toEqual([0, 1, 1])
})
