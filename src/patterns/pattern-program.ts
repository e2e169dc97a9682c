// Compiles a regular expression to a list of instructions, for bounded-pattern.ts. It reads the grammar of JavaScript's patterns with the
// flag u, without references to groups: `new RegExp(source, 'u')` has accepted the source already.
import { type Phrase, say } from '../config/phrase'

/** The error for a pattern that cannot be used: what was expected instead of it, and what it is. */
export type Refuse = (expected: Phrase, got: Phrase) => Error

/** A set of characters. */
interface CharacterSet {
  has(codePoint: number): boolean
}

/** One instruction; the next one follows unless it says otherwise. */
type Instruction =
  /** The character at this place is in the set. */
  | { op: 'one'; set: CharacterSet }
  /** As many characters of the set as there are, then fewer. `branch` numbers the instructions that have several ways on. */
  | { op: 'many'; set: CharacterSet; branch: number }
  /** Tries `first`, then `second`. */
  | { op: 'split'; first: number; second: number; branch: number }
  | { op: 'jump'; to: number }
  /** The instructions up to `accept` match here, or do not; `back` characters before this place for a look behind. Continues at `next`. */
  | { op: 'look'; negative: boolean; back: number; next: number }
  | { op: 'accept' }

export interface PatternProgram {
  code: readonly Instruction[]
  /** Number of instructions with a `branch`. */
  branches: number
}

const maxInstructions = 4096
const maxSets = 256
const maxDepth = 200
/** Longest text before a place that a look behind may ask for. */
const maxBack = 64

/** Characters that a single-character pattern matches. Answers are remembered. */
class TestedSet implements CharacterSet {
  private readonly test: RegExp
  private readonly low = new Uint8Array(128)
  private high: Uint8Array | undefined
  private readonly far = new Map<number, boolean>()

  constructor(source: string, ignoreCase: boolean) {
    this.test = new RegExp(`^(?:${source})$`, ignoreCase ? 'iu' : 'u')
    for (let c = 0; c < 128; c++) this.low[c] = this.asked(c) ? 1 : 0
  }

  has(codePoint: number): boolean {
    if (codePoint < 128) return this.low[codePoint] === 1
    if (codePoint < 0x10000) {
      const known = (this.high ??= new Uint8Array(0x10000))
      const answer = known[codePoint]
      if (answer) return answer === 1
      const found = this.asked(codePoint)
      known[codePoint] = found ? 1 : 2
      return found
    }
    const known = this.far.get(codePoint)
    if (known !== undefined) return known
    const found = this.asked(codePoint)
    this.far.set(codePoint, found)
    return found
  }

  private asked(codePoint: number): boolean {
    return this.test.test(String.fromCodePoint(codePoint))
  }
}

type Node =
  | { type: 'set'; set: CharacterSet }
  | { type: 'sequence'; parts: readonly Node[] }
  | { type: 'either'; options: readonly Node[] }
  | { type: 'repeat'; body: Node; min: number; max: number; lazy: boolean }
  | { type: 'look'; body: Node; behind: boolean; negative: boolean }

const nothing: Node = { type: 'sequence', parts: [] }

/** Reads a pattern into a tree. */
class Reader {
  private at = 0
  private depth = 0
  private readonly sets = new Map<string, CharacterSet>()

  constructor(
    private readonly source: string,
    private readonly ignoreCase: boolean,
    private readonly refuse: Refuse,
  ) {}

  read(): Node {
    const node = this.either()
    if (this.at < this.source.length) throw this.unknown(say`${this.source.slice(this.at, this.at + 10)}`)
    return node
  }

  private unknown(what: Phrase): Error {
    return this.refuse(say`patterns without ${what}`, say`others`)
  }

  private take(text: string): boolean {
    if (!this.source.startsWith(text, this.at)) return false
    this.at += text.length
    return true
  }

  private taken(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.source) ?? undefined
    if (found) this.at += found[0].length
    return found
  }

  private either(): Node {
    if (++this.depth > maxDepth) throw this.unknown(say`more than ${maxDepth} nested groups`)
    const options = [this.sequence()]
    while (this.take('|')) options.push(this.sequence())
    this.depth--
    return options.length === 1 ? options[0] : { type: 'either', options }
  }

  private sequence(): Node {
    const parts: Node[] = []
    while (this.at < this.source.length && this.source[this.at] !== '|' && this.source[this.at] !== ')')
      parts.push(this.repeated(this.atom()))
    return { type: 'sequence', parts }
  }

  private repeated(body: Node): Node {
    const found = this.taken(/([*+?])(\??)|\{(\d+)(,?)(\d*)\}(\??)/y)
    if (!found) return body
    const [, sign, lazySign, low, comma, high, lazyBraces] = found
    if (sign) return { type: 'repeat', body, min: sign === '+' ? 1 : 0, max: sign === '?' ? 1 : Infinity, lazy: lazySign === '?' }
    const min = Number(low)
    return { type: 'repeat', body, min, max: comma ? (high ? Number(high) : Infinity) : min, lazy: lazyBraces === '?' }
  }

  private set(source: string): Node {
    const set = this.sets.get(source) ?? new TestedSet(source, this.ignoreCase)
    this.sets.set(source, set)
    if (this.sets.size > maxSets) throw this.unknown(say`more than ${maxSets} sets of characters`)
    return { type: 'set', set }
  }

  private atom(): Node {
    if (this.take('(')) return this.group()
    if (this.take('^')) return { type: 'look', body: this.set('[^]'), behind: true, negative: true }
    if (this.take('$')) return { type: 'look', body: this.set('[^]'), behind: false, negative: true }
    const escape = this.taken(
      /\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u.{4}|x..|c[A-Za-z]|.)/suy,
    )
    if (!escape) return this.set(this.taken(/\[(?:[^\]\\]|\\.)*\]|[^]/suy)![0])
    if (/^\\[bB]/.test(escape[0])) return this.edge(escape[0] === '\\B')
    if (/^\\[1-9k]/.test(escape[0])) throw this.unknown(say`references to groups`)
    return this.set(escape[0])
  }

  /** The edge of a word, or its opposite. */
  private edge(not: boolean): Node {
    const look = (behind: boolean, negative: boolean): Node => ({ type: 'look', body: this.set('\\w'), behind, negative })
    const sequence = (...parts: Node[]): Node => ({ type: 'sequence', parts })
    return { type: 'either', options: [sequence(look(true, false), look(false, !not)), sequence(look(true, true), look(false, not))] }
  }

  private group(): Node {
    const look = this.taken(/\?(<?)([=!])/y)
    if (look) return { type: 'look', body: this.closed(), behind: look[1] === '<', negative: look[2] === '!' }
    this.taken(/\?:|\?<[^>]*>/y)
    return this.closed()
  }

  private closed(): Node {
    const body = this.either()
    if (!this.take(')')) throw this.unknown(say`${this.source.slice(this.at, this.at + 10) || '('}`)
    return body
  }
}

/** Number of characters that a node matches, if it is always the same. */
function lengthOf(node: Node): number | undefined {
  switch (node.type) {
    case 'set':
      return 1
    case 'look':
      return 0
    case 'sequence':
      return node.parts.map(lengthOf).reduce((sum, n) => (sum === undefined || n === undefined ? undefined : sum + n), 0)
    case 'either': {
      const [first, ...others] = node.options.map(lengthOf)
      return others.every((n) => n === first) ? first : undefined
    }
    case 'repeat': {
      const length = lengthOf(node.body)
      return length === undefined || node.min !== node.max ? undefined : length * node.min
    }
  }
}

/** Writes a tree as instructions. */
class Writer {
  readonly code: Instruction[] = []
  branches = 0

  constructor(private readonly refuse: Refuse) {}

  private add<I extends Instruction>(instruction: I): I {
    if (this.code.length >= maxInstructions) throw this.refuse(say`shorter patterns with smaller counts`, say`others`)
    this.code.push(instruction)
    return instruction
  }

  write(node: Node): void {
    switch (node.type) {
      case 'set':
        this.add({ op: 'one', set: node.set })
        return
      case 'sequence':
        node.parts.forEach((part) => this.write(part))
        return
      case 'either':
        return this.writeEither(node.options)
      case 'repeat':
        return this.writeRepeat(node)
      case 'look':
        return this.writeLook(node)
    }
  }

  /** Writes a choice between what `body` writes and what comes behind it. Returns what to call when the end of the body is written. */
  private optional(lazy: boolean): () => void {
    const split = this.add({ op: 'split', first: this.code.length + 1, second: 0, branch: this.branches++ })
    return () => {
      split.second = this.code.length
      if (lazy) [split.first, split.second] = [split.second, split.first]
    }
  }

  private writeEither(options: readonly Node[]): void {
    const jumps = options.map((option, i) => {
      if (i === options.length - 1) return this.write(option)
      const end = this.optional(false)
      this.write(option)
      const jump = this.add({ op: 'jump', to: 0 })
      end()
      return jump
    })
    for (const jump of jumps) if (jump) jump.to = this.code.length
  }

  private writeRepeat({ body, min, max, lazy }: Node & { type: 'repeat' }): void {
    for (let i = 0; i < min; i++) {
      const before = this.code.length
      this.write(body)
      // What is empty once is empty however often it is repeated.
      if (this.code.length === before) return
    }
    if (max === Infinity) {
      if (body.type === 'set' && !lazy) return void this.add({ op: 'many', set: body.set, branch: this.branches++ })
      const start = this.code.length
      const end = this.optional(lazy)
      this.write(body)
      this.add({ op: 'jump', to: start })
      return end()
    }
    const ends: (() => void)[] = []
    for (let i = min; i < max; i++) {
      ends.push(this.optional(lazy))
      this.write(body)
    }
    for (const end of ends) end()
  }

  private writeLook({ body, behind, negative }: Node & { type: 'look' }): void {
    const back = behind ? lengthOf(body) : 0
    if (back === undefined || back > maxBack)
      throw this.refuse(say`patterns that look behind for one length of at most ${maxBack} characters`, say`others`)
    const look = this.add({ op: 'look', negative, back, next: 0 })
    this.write(body)
    this.add({ op: 'accept' })
    look.next = this.code.length
  }
}

/** `source`, a pattern with the flag u. @throws what `refuse` makes, for what is not supported */
export function patternProgram(source: string, ignoreCase: boolean, refuse: Refuse): PatternProgram {
  const tree = source ? new Reader(source, ignoreCase, refuse).read() : nothing
  const writer = new Writer(refuse)
  writer.write({ type: 'sequence', parts: [tree] })
  writer.code.push({ op: 'accept' })
  return { code: writer.code, branches: writer.branches }
}
