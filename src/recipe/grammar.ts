// Small grammars that make rows: `price = cheap | moderate {*3}` per line. {price} stands for one of the alternatives, the same one in the
// whole row; {price#2} is drawn again.
import { FormatError } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import { type Template, filled, namesIn, parseTemplate } from './placeholders'

interface Alternative {
  parts: Template
  weight: number
}
type Grammar = ReadonlyMap<string, readonly Alternative[]>

/** The slots that become columns. */
const columns = ['system', 'prompt', 'input', 'completion', 'text'] as const
const mostCharacters = 100_000

const wrong = (where: Phrase, expected: Phrase, got: string | Phrase): FormatError =>
  new FormatError(
    say`generate-rows, ${where}: expected ${expected}, got ${typeof got === 'string' ? got.slice(0, 100) : got}. Correct the grammar.`,
  )

/** @throws FormatError */
export function parseGrammar(text: string): Grammar {
  const grammar = new Map<string, Alternative[]>()
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const [, slot, words] = /^\s*([\p{L}\p{N}_-]+)\s*=(.*)$/u.exec(line) ?? []
    if (slot === undefined) throw wrong(say`line ${i + 1}`, say`a name, = and alternatives with | between them`, line)
    grammar.set(slot, [...(grammar.get(slot) ?? []), ...words.split('|').map(alternative)])
  }
  checkSlots(grammar)
  return grammar
}

function alternative(text: string): Alternative {
  const [, words, weight] = /^(.*?)(?:\{\*(\d{1,6})\}\s*)?$/s.exec(text) ?? []
  return { parts: parseTemplate((words ?? text).trim()), weight: weight === undefined ? 1 : Number(weight) }
}

/** `price#2` is a slot of its own with the alternatives of `price`. */
const ruleOf = (name: string): string => name.replace(/#.*$/s, '')

function checkSlots(grammar: Grammar): void {
  const done = new Set<string>()
  const check = (slot: string, path: readonly string[]): void => {
    if (path.includes(slot)) throw wrong(say`slot ${slot}`, say`a slot that is not inside of itself`, [...path, slot].join(' → '))
    if (done.has(slot)) return
    const alternatives = grammar.get(slot)
    if (!alternatives)
      throw wrong(say`slot ${path.at(-1) ?? slot}`, say`slots of the grammar (${[...grammar.keys()].slice(0, 20).join(', ')})`, slot)
    if (!alternatives.some(({ weight }) => weight > 0)) throw wrong(say`slot ${slot}`, say`a weight above 0`, '0')
    for (const { parts } of alternatives) for (const name of namesIn(parts)) check(ruleOf(name), [...path, slot])
    done.add(slot)
  }
  for (const slot of grammar.keys()) check(slot, [])
  if (!grammar.has('text') && !(grammar.has('prompt') && grammar.has('completion')))
    throw wrong(say`slots`, say`prompt and completion, or text`, [...grammar.keys()].join(', ') || say`none`)
}

/** One row. @throws FormatError if it is very long */
export function drawnRow(grammar: Grammar, random: () => number): Record<string, string> {
  const drawn = new Map<string, string>()
  const draw = (name: string): string => {
    const known = drawn.get(name)
    if (known !== undefined) return known
    const text = filled(weighted(grammar.get(ruleOf(name)) ?? [], random).parts, draw)
    if (text.length > mostCharacters) throw wrong(say`slot ${name}`, say`at most ${mostCharacters} characters`, String(text.length))
    drawn.set(name, text)
    return text
  }
  return Object.fromEntries(columns.flatMap((column) => (grammar.has(column) ? [[column, draw(column)]] : [])))
}

function weighted(alternatives: readonly Alternative[], random: () => number): Alternative {
  let left = random() * alternatives.reduce((sum, { weight }) => sum + weight, 0)
  return alternatives.find(({ weight }) => (left -= weight) < 0) ?? alternatives[alternatives.length - 1]
}
