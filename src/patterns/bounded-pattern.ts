// Matches patterns from files in time that grows with the length of the text, whatever the pattern. JavaScript's own RegExp may backtrack
// for ever on a text of thirty letters, and cannot be stopped. The matches are the same, except if an optional group may match nothing:
// then its first way counts, as in the tokenizers library in Rust.
// A place that an instruction has failed at is remembered and not tried again (Davis, Servant, Lee: Using selective memoization to defeat
// regular expression denial of service, 2021). Ordinary patterns need few steps, so this begins only after some.
import { say } from '../config/phrase'
import { type PatternProgram, type Refuse, patternProgram } from './pattern-program'

interface Match {
  0: string
  index: number
}

/** Steps that a text may take: this number, which takes less than half a second, and some for each character. Real patterns take up to 40. */
const [mostSteps, mostPerCharacter] = [5e6, 60]
/** Steps of a text before failures are remembered. */
const free = { steps: 1000, perCharacter: 64 }

/** The character at a place; a half of a surrogate pair that is alone counts as one. */
const characterAt = (text: string, at: number): number => {
  const unit = text.charCodeAt(at)
  return unit >= 0xd800 && unit < 0xdc00 ? text.codePointAt(at)! : unit
}
const widthOf = (character: number): number => (character > 0xffff ? 2 : 1)

/** Matches one program in one text. */
class Search {
  private steps = 0
  private readonly most: number
  private readonly free: number
  /** A bit for each branch and place where it was tried. */
  private tried: Uint32Array | undefined
  /** Bits that were set while looking ahead. */
  private trail: number[] | undefined
  /** Ways that are left to try: an instruction, and the first and the last place that it can continue at. */
  private readonly ways: number[] = []

  constructor(
    private readonly program: PatternProgram,
    private readonly text: string,
    private readonly refuse: Refuse,
    { steps, perCharacter }: typeof free,
  ) {
    this.most = mostSteps + mostPerCharacter * text.length
    this.free = steps + perCharacter * text.length
  }

  /** The end of the match that begins at `start`; -1 for none. */
  endFrom(start: number): number {
    const end = this.run(0, start)
    if (end >= 0) this.forgetAt(end)
    return end
  }

  /** The branches at the end of a match led to it. They have not failed, and the next match may begin there. */
  private forgetAt(place: number): void {
    if (this.tried) for (let branch = 0; branch < this.program.branches; branch++) this.clear(branch * (this.text.length + 1) + place)
  }

  private clear(bit: number): void {
    this.tried![bit >>> 5]! &= ~(1 << (bit & 31))
  }

  private step(count: number): void {
    this.steps += count
    if (this.steps <= this.free) return
    this.tried ??= new Uint32Array(Math.ceil((this.program.branches * (this.text.length + 1)) / 32))
    if (this.steps > this.most) throw this.refuse(say`patterns that match quickly`, say`some that take too many steps`)
  }

  /** Notes that a branch is tried at a place. False if it was tried there before. */
  private first(branch: number, place: number): boolean {
    if (!this.tried) return true
    const bit = branch * (this.text.length + 1) + place
    const mask = 1 << (bit & 31)
    if (this.tried[bit >>> 5]! & mask) return false
    this.tried[bit >>> 5]! |= mask
    this.trail?.push(bit)
    return true
  }

  /** Runs from an instruction and a place up to `accept`; gives the place there, or -1. */
  private run(from: number, start: number): number {
    const { text, ways } = this
    const { code } = this.program
    const base = ways.length
    let [at, place] = [from, start]
    for (;;) {
      this.step(1)
      const now = code[at]!
      let holds = true
      switch (now.op) {
        case 'accept':
          ways.length = base
          return place
        case 'jump':
          at = now.to
          continue
        case 'one': {
          const character = place < text.length ? characterAt(text, place) : -1
          holds = character >= 0 && now.set.has(character)
          if (holds) place += widthOf(character)
          at++
          break
        }
        case 'split':
          holds = this.first(now.branch, place)
          if (holds) ways.push(now.second, place, place)
          at = now.first
          break
        case 'look':
          holds = this.looks(at + 1, place, now.back) !== now.negative
          at = now.next
          break
        case 'many':
          holds = this.first(now.branch, place)
          if (holds) place = this.many(at, now.set, now.branch, place)
          at++
          break
      }
      if (holds) continue
      if (ways.length === base) return -1
      const top = ways.length - 1
      place = ways[top]!
      at = ways[top - 2]!
      if (place > ways[top - 1]!) ways[top] = this.before(place)
      else ways.length -= 3
    }
  }

  /** The place one character before. */
  private before(place: number): number {
    return place > 1 && characterAt(this.text, place - 2) > 0xffff ? place - 2 : place - 1
  }

  /** Goes over all characters of a set and leaves the shorter ways for later. Gives the place to continue at. */
  private many(at: number, set: { has(character: number): boolean }, branch: number, start: number): number {
    const { text, ways } = this
    let place = start
    while (place < text.length) {
      const character = characterAt(text, place)
      if (!set.has(character)) break
      const next = place + widthOf(character)
      // If the branch was tried from there, the rest of this way has failed already.
      if (!this.first(branch, next)) break
      place = next
    }
    if (place > start) ways.push(at + 1, start, this.before(place))
    this.step(place - start)
    return place
  }

  /** Whether the instructions from `from` match, `back` characters before the place. */
  private looks(from: number, place: number, back: number): boolean {
    let start = place
    for (let i = 0; i < back; i++) {
      if (start === 0) return false
      start = this.before(start)
    }
    const outer = this.trail
    this.trail = []
    const found = this.run(from, start) >= 0
    // What led to success has not failed.
    if (found && this.tried) for (const bit of this.trail) this.clear(bit)
    else if (!found) for (const bit of this.trail) outer?.push(bit)
    this.trail = outer
    return found
  }
}

/**
 * A pattern for the methods of strings that take one (`match`, `matchAll`, `split`, `replaceAll`), as `new RegExp(source, 'gu')`. What
 * replaces a match is taken as it is written, and `split` leaves groups out, both as the tokenizers library in Rust does.
 */
export class BoundedPattern {
  readonly flags = 'gu'
  private readonly program: PatternProgram
  private readonly before: typeof free

  /**
   * @throws what `refuse` makes, for syntax that is not supported; its methods throw it for a text that takes too many steps. `before`:
   * steps before failures are remembered
   */
  constructor(
    source: string,
    private readonly refuse: Refuse,
    { ignoreCase = false, before = free } = {},
  ) {
    this.before = before
    this.program = patternProgram(source, ignoreCase, refuse)
  }

  /** Whether the text has a match. */
  test(text: string): boolean {
    return this.matches(text).next().done !== true
  }

  /** All matches in a text, one after the other. */
  *matches(text: string): Generator<Match> {
    const search = new Search(this.program, text, this.refuse, this.before)
    for (let at = 0; at <= text.length;) {
      const end = search.endFrom(at)
      if (end >= 0) yield { 0: text.slice(at, end), index: at }
      at = end > at ? end : at + (at < text.length ? widthOf(characterAt(text, at)) : 1)
    }
  }

  [Symbol.matchAll](text: string): Generator<Match> {
    return this.matches(text)
  }

  [Symbol.match](text: string): RegExpMatchArray | null {
    const found = Array.from(this.matches(text), (match) => match[0])
    return found.length ? (found as RegExpMatchArray) : null
  }

  [Symbol.split](text: string): string[] {
    return this.pieces(text)
  }

  [Symbol.replace](text: string, content: string): string {
    return this.pieces(text, true).join(content)
  }

  /** The text between the matches. An empty match cuts nothing off, unless `empty`. */
  private pieces(text: string, empty = false): string[] {
    const pieces: string[] = []
    let done = 0
    for (const { 0: found, index } of this.matches(text)) {
      if (!empty && !found && (index === done || index === text.length)) continue
      pieces.push(text.slice(done, index))
      done = index + found.length
    }
    pieces.push(text.slice(done))
    return pieces
  }
}
