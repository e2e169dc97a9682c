// The Chinese sentences of the engine: one for each English sentence in the sources, with the same values.
import { describe, expect, it } from 'vitest'
import { say, sentence } from '../../config/phrase'
import { phraseKeys, placesIn } from '../../testing/phrase-keys'
import { phrases } from './zh-phrases'
import { bench } from './zh-phrases-bench'
import { data } from './zh-phrases-data'
import { elsewhere } from './zh-phrases-elsewhere'
import { engine } from './zh-phrases-engine'
import { formats } from './zh-phrases-formats'
import { kinds } from './zh-phrases-kinds'
import { peft } from './zh-phrases-peft'
import { pictures } from './zh-phrases-pictures'
import { pictureTexts } from './zh-phrases-texts'
import { recipe } from './zh-phrases-recipe'
import { storage } from './zh-phrases-storage'
import { tokenizer } from './zh-phrases-tokenizer'
import { train } from './zh-phrases-train'

const han = /\p{Script=Han}/u
const areas = { bench, data, elsewhere, engine, formats, kinds, peft, pictures, pictureTexts, recipe, storage, tokenizer, train }
const entries = Object.entries(phrases)

describe('the Chinese sentences', () => {
  const keys = phraseKeys()

  it('are complete', () => {
    const missing = keys.filter(({ key }) => !Object.hasOwn(phrases, key))
    expect(missing, 'write each of these in the file src/ui/text/zh-phrases-….ts of its room').toEqual([])
  })

  it('are in one file each', () => {
    const all = Object.values(areas).flatMap((area) => Object.keys(area))
    expect(all.toSorted()).toEqual(Object.keys(phrases).toSorted())
  })

  it('have each value once, as in English', () => {
    const different = entries.filter(([key, text]) => placesIn(key).join() !== placesIn(text).join())
    expect(different).toEqual([])
  })

  it('end as in English', () => {
    const different = entries.filter(([key, text]) => key.endsWith('.') !== text.endsWith('。'))
    expect(different).toEqual([])
  })

  it('have full-width marks and a space between Chinese and Latin', () => {
    const marks = entries.filter(([, text]) => /\p{Script=Han}[,;:!?]|[,;:!?]\p{Script=Han}/u.test(text))
    const spaces = entries.filter(([, text]) =>
      /\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9]\p{Script=Han}|[，。；：、（）] | [，。；：、（）]/u.test(text),
    )
    expect([...marks, ...spaces]).toEqual([])
  })

  it('are Chinese, except where only values or names are fixed', () => {
    const words = entries.filter(([key, text]) => !han.test(text) && /[A-Za-z]{3}/.test(key.replaceAll(/\{\d+\}/g, '')))
    expect(words.map(([key]) => key).toSorted()).toEqual(['Markdown', 'the logits', '{0}, tool_calls'])
  })

  it('read well when they are put together', () => {
    const problem = say`${'rank'}: expected ${say`a number from ${1} to ${8}`}, got ${'9'}`
    expect(sentence(problem, phrases)).toBe('rank：应为从 1 到 8 的数，实际为 9')
  })
})
