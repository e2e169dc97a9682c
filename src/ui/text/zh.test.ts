// 简体中文 is complete: every text of the page, every label and every sentence of the engine has its words, and no English is left in them.
import { describe, expect, it } from 'vitest'
import { readProject } from '../../../e2e/house/project.mjs'
import { asWritten, joined, say, sentence } from '../../config/phrase'
import { fieldWords } from '../../testing/field-words'
import { placesIn } from '../../testing/phrase-keys'
import { families } from '../../formats/families/registry'
import { en } from './en'
import { zh } from './zh'
import { fields } from './zh-fields'
import { sentences } from './zh-sentences'

/** Words that Chinese readers know in Latin letters: names, and what is typed or stored as it is. */
const names = new Set(
  `TabTune Hugging Face Chrome Edge Firefox Safari Linux Parquet Markdown Houlsby Pfeiffer He Adam Alpha alpha Dropout BitFit
   Prompt Prefix tuning Tab Esc Alt Shift Enter localhost https zip id ms CPU utf windows koi euc jp kr gb auto all-linear
   Unicode Visual Linear probe deep shallow none embed head safetensors adapters prompt completion text messages answer input system tools history linear feed-forward attention key
   role content value from moderate cheap price big large huge Translate to language source column KIND problem solution question swish Swish tanh
   shader Ollama Modelfile Apple mlx-lm axolotl Accelerate Ray Train top-k top-p min-p`.split(/\s+/),
)
const familyNames = new Set(families.flatMap(({ label }) => label.split(/[^A-Za-z]+/)))

/** What is code, not words: a text for CLIP, a record of the demo, places of values, paths, keys, options and numbers with units. */
const code =
  /“a photo of a \{\}\.”|inform\(name\[…\]\)|(?:\b[a-z]{2}、)+[a-z]{2}\b|\{[\w* ]+\}|⟦\d+⟧|<\w+>|--[\w=,-]+|\w*[_./\\=#@:\d][\w./\\=:-]*/g

/** The English words of a text that is not English. */
function englishIn(text: string): string[] {
  const words = text.replaceAll(code, ' ').match(/[A-Za-z][A-Za-z’'-]+/g) ?? []
  const known = (word: string) => names.has(word) || familyNames.has(word) || /[A-Z].*[A-Z]/.test(word)
  return words.filter((word) => !known(word) && !word.split('-').every((part) => part.length < 2 || known(part)))
}

/** Half-width marks beside Chinese, and Latin letters or digits beside it without a space. */
function badlySet(text: string): boolean {
  return (
    /\p{Script=Han}[,;:!?]|[,;:!?]\p{Script=Han}/u.test(text) ||
    /\p{Script=Han}[A-Za-z0-9⟦]|[A-Za-z0-9⟧]\p{Script=Han}|[，。；：、（）] | [，。；：、（）]/u.test(text)
  )
}

interface Pair {
  path: string
  english: string
  chinese: string
}

/** Values for the parameters of an entry; each is told apart by its place. */
const given = Array.from({ length: 6 }, (_, i) => `⟦${i}⟧`)

/** The entries of two texts that have the same place. Functions are called with the same values. */
function pairs(english: unknown, chinese: unknown, path: string): Pair[] {
  if (typeof english === 'string') return [{ path, english, chinese: String(chinese) }]
  if (typeof english === 'function' && typeof chinese === 'function') {
    const values: unknown[] = path.endsWith('.listed') || path.endsWith('.together') ? [given] : given
    return [{ path, english: String(english(...values)), chinese: String(chinese(...values)) }]
  }
  if (typeof english !== 'object' || english === null) return []
  expect(Object.keys(chinese ?? {}).toSorted(), path).toEqual(Object.keys(english).toSorted())
  return Object.entries(english).flatMap(([key, value]) => pairs(value, (chinese as Record<string, unknown>)[key], `${path}.${key}`))
}

const markers = (text: string): string[] => [...new Set(text.match(/⟦\d⟧/g) ?? [])].toSorted()

describe('the page', () => {
  const entries = pairs({ ...en, sentences: {} }, { ...zh, sentences: {} }, 'zh')

  it('has every text, with the same values in it', () => {
    expect(entries.length).toBeGreaterThan(700)
    for (const { path, english, chinese } of entries) {
      expect(chinese.trim() === '', `${path} is empty`).toBe(english.trim() === '')
      // A count that decides between singular and plural need not be written.
      const needed = path === 'zh.workbench.steps' ? ['⟦1⟧'] : markers(english)
      expect(markers(chinese), path).toEqual(needed)
    }
  })

  it('has full-width marks, and a space between Chinese and Latin', () => {
    // Their values are Chinese words.
    const joins = ['zh.data.notReadAnew', 'zh.method.expected', 'zh.start.setting', 'zh.play.asPromptHelp', 'zh.adapters.weightOf']
    expect(
      entries.filter(({ path, chinese }) => badlySet(chinese) && !joins.includes(path)).map(({ path, chinese }) => [path, chinese]),
    ).toEqual([])
  })

  it('gets its marks from the language, not from the parts of the page', () => {
    const parts = readProject().filter(({ path }) => /^src\/ui\/\w+\.tsx$/.test(path) && !path.endsWith('.test.tsx'))
    expect(parts.length).toBeGreaterThan(100)
    // The number of an item of a list is written alike in all languages.
    const marks = parts.flatMap(({ path, text }) =>
      (text.match(/^.*\)\}[.:;!?](?:<|\{' '\}| \{|$).*$/gm) ?? []).map((line) => `${path}: ${line.trim()}`),
    )
    expect(marks).toEqual([])
  })

  it('has no English in it', () => {
    expect(entries.map(({ path, chinese }) => [path, englishIn(chinese)]).filter(([, words]) => words!.length > 0)).toEqual([])
  })
})

/** Heads that config/bench-report.ts puts together. */
const countedHeads = ['layers', 'length', 'batch', 'vocabulary', 'rank', 'counted ms', 'counted CPU ms']

describe('labels, help and choices of settings, methods, steps, metrics and scores', () => {
  const found = fieldWords(readProject())

  it('have Chinese', () => {
    const missing = found.filter(({ words }) => !Object.hasOwn(fields, words) && englishIn(words).length > 0)
    expect(
      missing.map(({ words, at }) => `${at}: “${words}” has no Chinese. Add it to the file of its kind, src/ui/text/zh-fields-*.ts.`),
    ).toEqual([])
  })

  it('have no empty text, no English and the same places of values', () => {
    for (const [english, chinese] of Object.entries(fields)) {
      expect(chinese.trim(), english).not.toBe('')
      expect(placesIn(chinese), english).toEqual(placesIn(english))
    }
    expect(Object.values(fields).filter((chinese) => englishIn(chinese).length > 0)).toEqual([])
    expect(Object.values(fields).filter(badlySet)).toEqual([])
  })

  it('have no Chinese for words that are gone', () => {
    const words = new Set([...found.map((one) => one.words), ...countedHeads])
    expect(Object.keys(fields).filter((english) => !words.has(english))).toEqual([])
  })
})

it('phrases after each other have the marks of Chinese between them', () => {
  const two = [asWritten('a.gguf'), asWritten('b.gguf')]
  expect(sentence(joined(two), sentences)).toBe('a.gguf、b.gguf')
  expect(sentence(joined([say`Stopped as asked.`, say`Stopped as asked.`], ' '), sentences)).toMatch(/^(\p{Script=Han}+。)\1$/u)
})
