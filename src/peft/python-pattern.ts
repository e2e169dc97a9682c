// Regular expressions as Python's `re` reads them (https://docs.python.org/3/library/re.html), for the names of modules in PEFT's
// configurations. Only whether a name matches is needed. So a pattern is matched by keeping the set of all places that it can have reached:
// there is no backtracking, and patterns from files cannot hang. Lazy and greedy repeats are the same here.
import { FormatError, UnsupportedError } from '../config/errors'
import { type Phrase, say } from '../config/phrase'

export interface Pattern {
  /** `re.match`: a match from the start of the text, which may end before the text does. */
  matchesStart(text: string): boolean
  /** `re.fullmatch` */
  matchesWhole(text: string): boolean
}

type Test = (char: string) => boolean
type Node =
  | { type: 'char'; test: Test }
  | { type: 'place'; holds: (text: string, at: number) => boolean }
  | { type: 'sequence'; parts: Node[] }
  | { type: 'either'; options: Node[] }
  | { type: 'repeat'; body: Node; min: number; max: number }
  | { type: 'look'; body: Node; behind: boolean; negative: boolean }

const longest = 4096
const deepest = 50
/** The most steps that all patterns of one budget may take together. They take a few seconds. */
const mostSteps = 20_000_000

/** The steps taken so far. All patterns of a file share one budget. */
export interface Budget {
  steps: number
}

const word: Test = (c) => /^[\p{L}\p{N}_]$/u.test(c)
const digit: Test = (c) => /^\p{Nd}$/u.test(c)
const space: Test = (c) => /^\s$/.test(c)
const not =
  (test: Test): Test =>
  (c) =>
    !test(c)
const classes: Readonly<Record<string, Test>> = { w: word, W: not(word), d: digit, D: not(digit), s: space, S: not(space) }
const controls: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', a: '\x07' }

const wordAt = (text: string, at: number) => at >= 0 && at < text.length && word(text[at])
const atEdge = (text: string, at: number) => wordAt(text, at - 1) !== wordAt(text, at)
const atEnd = (text: string, at: number) => at === text.length || (at === text.length - 1 && text[at] === '\n')

/** Reads one pattern. */
class Reader {
  private at = 0
  private depth = 0
  private ignoreCase = false

  constructor(
    private readonly source: string,
    private readonly where: string,
  ) {}

  read(): Node {
    const node = this.either()
    if (this.at < this.source.length) throw this.wrong(say`a ) without a (`)
    return node
  }

  private wrong(what: Phrase): FormatError {
    return new FormatError(
      say`${this.where}: expected a regular expression that Python can read, got ${this.source}, which has ${what}. Correct it.`,
    )
  }

  private unknown(what: Phrase): UnsupportedError {
    return new UnsupportedError(
      say`${this.where}: expected a regular expression without ${what}, which TabTune does not support, got ${this.source}. Write it in another way.`,
    )
  }

  private take(text: string): boolean {
    if (!this.source.startsWith(text, this.at)) return false
    this.at += text.length
    return true
  }

  private next(what: Phrase): string {
    if (this.at >= this.source.length) throw this.wrong(what)
    return this.source[this.at++]
  }

  private either(): Node {
    if (++this.depth > deepest) throw this.unknown(say`more than ${deepest} nested groups`)
    const options = [this.sequence()]
    while (this.take('|')) options.push(this.sequence())
    this.depth -= 1
    return options.length === 1 ? options[0] : { type: 'either', options }
  }

  private sequence(): Node {
    const parts: Node[] = []
    while (this.at < this.source.length && !'|)'.includes(this.source[this.at])) parts.push(this.repeated(this.atom()))
    return { type: 'sequence', parts }
  }

  private repeated(body: Node): Node {
    const bounds = this.bounds()
    if (!bounds) return body
    if (body.type === 'place') throw this.wrong(say`nothing to repeat`)
    if (this.take('+')) throw this.unknown(say`possessive repeats`)
    this.take('?')
    const behind = this.at
    if (this.bounds()) {
      this.at = behind
      throw this.wrong(say`a repeat of a repeat`)
    }
    return { type: 'repeat', body, min: bounds[0], max: bounds[1] }
  }

  private bounds(): [number, number] | undefined {
    if (this.take('*')) return [0, Infinity]
    if (this.take('+')) return [1, Infinity]
    if (this.take('?')) return [0, 1]
    const found = /^\{(\d*)(,?)(\d*)\}/.exec(this.source.slice(this.at, this.at + 30))
    // Python reads braces without a count literally.
    if (!found || (found[1] === '' && found[2] === '')) return undefined
    this.at += found[0].length
    const min = Number(found[1])
    const max = found[2] === '' ? min : found[3] === '' ? Infinity : Number(found[3])
    if (max < min) throw this.wrong(say`a repeat whose minimum is above its maximum`)
    return [min, max]
  }

  private literal(char: string): Node {
    return { type: 'char', test: this.same(char) }
  }

  private same(char: string): Test {
    if (!this.ignoreCase) return (c) => c === char
    const [low, high] = [char.toLowerCase(), char.toUpperCase()]
    return (c) => c === char || c === low || c === high
  }

  private atom(): Node {
    const char = this.next(say`an end that is too early`)
    if (char === '(') return this.group()
    if (char === '[') return { type: 'char', test: this.set() }
    if (char === '.') return { type: 'char', test: (c) => c !== '\n' }
    if (char === '^') return { type: 'place', holds: (_text, at) => at === 0 }
    if (char === '$') return { type: 'place', holds: atEnd }
    if (char === '\\') return this.escape()
    if ('*+?'.includes(char)) throw this.wrong(say`nothing to repeat`)
    return this.literal(char)
  }

  private escape(): Node {
    const char = this.source[this.at]
    if (char === 'b' || char === 'B') {
      this.at += 1
      return { type: 'place', holds: (text, at) => atEdge(text, at) === (char === 'b') }
    }
    if (this.take('A')) return { type: 'place', holds: (_text, at) => at === 0 }
    if (this.take('Z')) return { type: 'place', holds: (text, at) => at === text.length }
    const escaped = this.escaped()
    return typeof escaped === 'string' ? this.literal(escaped) : { type: 'char', test: escaped }
  }

  /** What follows a backslash, inside and outside of sets. */
  private escaped(): string | Test {
    const char = this.next(say`a backslash at its end`)
    if (Object.hasOwn(classes, char)) return classes[char]
    if (Object.hasOwn(controls, char)) return controls[char]
    const code = /^(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4}))/.exec(this.source.slice(this.at - 1, this.at + 4))
    if (code) {
      this.at += code[0].length - 1
      return String.fromCharCode(parseInt(code[1] ?? code[2], 16))
    }
    if (/\d/.test(char)) throw this.unknown(say`\\${char}, which stands for a group or an octal number,`)
    if (/[a-zA-Z]/.test(char)) throw this.wrong(say`\\${char}, an escape that Python does not know`)
    return char
  }

  private set(): Test {
    const negative = this.take('^')
    const tests: Test[] = []
    do {
      const first = this.member()
      if (this.source[this.at] === '-' && this.source[this.at + 1] !== ']') {
        this.at += 1
        const last = this.member()
        if (typeof first !== 'string' || typeof last !== 'string' || last < first) throw this.wrong(say`an impossible range`)
        tests.push(this.range(first, last))
      } else tests.push(typeof first === 'string' ? this.same(first) : first)
    } while (!this.take(']'))
    return (c) => tests.some((test) => test(c)) !== negative
  }

  private range(first: string, last: string): Test {
    const inside: Test = (c) => c >= first && c <= last
    return this.ignoreCase ? (c) => inside(c) || inside(c.toLowerCase()) || inside(c.toUpperCase()) : inside
  }

  private member(): string | Test {
    const char = this.next(say`a [ that is not closed`)
    if (char !== '\\') return char
    return this.take('b') ? '\b' : this.escaped()
  }

  private group(): Node {
    if (!this.take('?')) return this.closed(this.either())
    for (const [mark, behind, negative] of [
      ['=', false, false],
      ['!', false, true],
      ['<=', true, false],
      ['<!', true, true],
    ] as const)
      if (this.take(mark)) return { type: 'look', body: this.closed(this.either()), behind, negative }
    if (this.take('#')) {
      while (this.next(say`a ( that is not closed`) !== ')');
      return { type: 'sequence', parts: [] }
    }
    const named = /^P<[A-Za-z_]\w*>/.exec(this.source.slice(this.at))
    if (named) this.at += named[0].length
    if (named || this.take(':')) return this.closed(this.either())
    return this.flags()
  }

  private closed(body: Node): Node {
    if (!this.take(')')) throw this.wrong(say`a ( that is not closed`)
    return body
  }

  /** `(?i)` at the start, or `(?i:…)`. The flags a, s and u do not matter for names of modules. */
  private flags(): Node {
    const start = this.at - 2
    const found = /^([aisu]+)([:)])/.exec(this.source.slice(this.at, this.at + 8))
    if (!found) throw this.unknown(say`${this.source.slice(start, this.at + 2)}`)
    this.at += found[0].length
    const before = this.ignoreCase
    this.ignoreCase ||= found[1].includes('i')
    if (found[2] === ':') {
      const body = this.closed(this.either())
      this.ignoreCase = before
      return body
    }
    if (start > 0) throw this.wrong(say`flags that are not at its start`)
    return { type: 'sequence', parts: [] }
  }
}

/** Matches a pattern against one text. */
class Walk {
  constructor(
    private readonly text: string,
    private readonly where: string,
    private readonly budget: Budget,
  ) {}

  /** All places where `node` can end if it begins at one of `from`. */
  ends(node: Node, from: ReadonlySet<number>): ReadonlySet<number> {
    this.budget.steps += 1 + from.size
    if (this.budget.steps > mostSteps)
      throw new UnsupportedError(
        say`${this.where}: expected regular expressions that match quickly, got some that take too many steps. Simplify them.`,
      )
    const { text } = this
    switch (node.type) {
      case 'char':
        return new Set([...from].filter((at) => at < text.length && node.test(text[at])).map((at) => at + 1))
      case 'place':
        return new Set([...from].filter((at) => node.holds(text, at)))
      case 'sequence':
        return node.parts.reduce((places, part) => (places.size ? this.ends(part, places) : places), from)
      case 'either':
        return new Set(node.options.flatMap((option) => [...this.ends(option, from)]))
      case 'repeat':
        return this.repeated(node, from)
      case 'look':
        return new Set([...from].filter((at) => this.seen(node, at) !== node.negative))
    }
  }

  private repeated({ body, min, max }: Node & { type: 'repeat' }, from: ReadonlySet<number>): ReadonlySet<number> {
    let places = from
    // Places only move forward, so after as many rounds as the text has places nothing changes any more.
    for (let round = 0; round < Math.min(min, this.text.length + 1) && places.size; round++) places = this.ends(body, places)
    const all = new Set(places)
    for (let round = min; round < max && places.size; round++) {
      const reached = [...this.ends(body, places)].filter((at) => !all.has(at))
      reached.forEach((at) => all.add(at))
      places = new Set(reached)
    }
    return all
  }

  private seen({ body, behind }: Node & { type: 'look' }, at: number): boolean {
    if (!behind) return this.ends(body, new Set([at])).size > 0
    for (let start = 0; start <= at; start++) if (this.ends(body, new Set([start])).has(at)) return true
    return false
  }
}

/**
 * `source` as Python reads it.
 * @throws FormatError if it is not a pattern; UnsupportedError for syntax that is not supported. Both sentences begin with `where`.
 */
export function pythonPattern(source: string, where: string, budget: Budget = { steps: 0 }): Pattern {
  if (source.length > longest)
    throw new UnsupportedError(
      say`${where}: expected a regular expression of at most ${longest} characters, got ${source.length}. Shorten it.`,
    )
  const node = new Reader(source, where).read()
  const ends = (text: string) => new Walk(text, where, budget).ends(node, new Set([0]))
  return { matchesStart: (text) => ends(text).size > 0, matchesWhole: (text) => ends(text).has(text.length) }
}
