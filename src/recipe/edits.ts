// Edits of a prompt that do not change its answer.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import { filled, namesIn, parseTemplate } from './placeholders'

export type Edit = (text: string, random: () => number) => string

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '')
const oneOf = <T>(list: readonly T[], random: () => number): T => list[Math.floor(random() * list.length)]

/** Puts the prompt into one of the patterns, one per line, such as `Please answer: {prompt}`. @throws FormatError */
export function paraphrases(text: string): Edit {
  const patterns = linesOf(text).map(parseTemplate)
  for (const [i, pattern] of patterns.entries()) {
    const names = namesIn(pattern)
    if (!names.includes('prompt') || names.some((name) => name !== 'prompt'))
      throw new FormatError(
        say`augment, pattern ${i + 1}: expected {prompt} as its only place, got ${linesOf(text)[i].slice(0, 100)}. Correct it.`,
      )
  }
  return (prompt, random) => filled(oneOf(patterns, random), () => prompt)
}

/** Replaces about half of the words of a list, `big = large, huge` per line, by one of their synonyms. @throws FormatError */
export function synonyms(text: string): Edit {
  const others = new Map(linesOf(text).map(synonymLine))
  const keys = [...others.keys()].sort((a, b) => b.length - a.length).map((key) => key.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`))
  const word = new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${keys.join('|')})(?![\p{L}\p{N}])`, 'giu')
  return (prompt, random) =>
    prompt.replace(word, (found) => {
      const list = others.get(found.toLowerCase())
      if (!list || random() < 0.5) return found
      const other = oneOf(list, random)
      return /^\p{Lu}/u.test(found) ? other.replace(/^./u, (first) => first.toUpperCase()) : other
    })
}

function synonymLine(line: string, i: number): [string, string[]] {
  const [word, list, ...more] = line.split('=').map((part) => part.trim())
  const others = (list ?? '').split(',').flatMap((other) => other.trim() || [])
  if (!word || !others.length || more.length)
    throw new FormatError(
      say`augment, synonyms, line ${i + 1}: expected a word, = and its synonyms, got ${line.slice(0, 100)}. Correct it.`,
    )
  return [word.toLowerCase(), others]
}

/** The orders of lists that may be changed. */
type ListForm = 'brackets' | 'semicolons' | 'commas'

/** Changes the order of a list: of what is in round brackets (`a(b[c, d], e[f])`), or of the whole prompt. */
export function otherOrder(form: ListForm): Edit {
  if (form !== 'brackets') return (prompt, random) => mixed(prompt, form === 'commas' ? ',' : ';', random)
  return (prompt, random) => prompt.replace(/\(([^()]*)\)/g, (_, inside: string) => `(${mixed(inside, ',', random)})`)
}

/** The items in another order, with the space around each place as it was. A separator in square brackets separates nothing. */
function mixed(text: string, separator: string, random: () => number): string {
  const items = splitOutside(text, separator)
  const words = items.map((item) => item.trim())
  for (let i = words.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    ;[words[i], words[j]] = [words[j], words[i]]
  }
  return items.map((item, i) => item.replace(item.trim(), () => words[i])).join(separator)
}

function splitOutside(text: string, separator: string): string[] {
  const items: string[] = []
  let [start, depth] = [0, 0]
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '[') depth++
    else if (text[i] === ']') depth--
    else if (text[i] === separator && depth <= 0) {
      items.push(text.slice(start, i))
      start = i + 1
    }
  }
  return [...items, text.slice(start)]
}

type Casing = 'lower' | 'upper' | 'first'

export function cased(casing: Casing): Edit {
  if (casing === 'lower') return (prompt) => prompt.toLowerCase()
  if (casing === 'upper') return (prompt) => prompt.toUpperCase()
  return (prompt) => prompt.replace(/\p{L}/u, (first) => first.toUpperCase())
}

/** Swaps neighbouring letters: each pair with the probability `rate`. */
export function typos(rate: number): Edit {
  return (prompt, random) => {
    const letters = Array.from(prompt)
    for (let i = 0; i + 1 < letters.length; i++) {
      if (!/\p{L}/u.test(letters[i]) || !/\p{L}/u.test(letters[i + 1]) || random() >= rate) continue
      ;[letters[i], letters[i + 1]] = [letters[i + 1], letters[i]]
      i++
    }
    return letters.join('')
  }
}
