// Makes the patterns of a tokenizer.json end, whatever they are and whatever the text.
import { UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import { BoundedPattern } from '../patterns/bounded-pattern'
import type { Refuse } from '../patterns/pattern-program'
import { byteLevelPattern, safePatterns, spelt } from './safe-patterns'

const safe = new Set(safePatterns.map(spelt))

/** `where`: the place of the pattern in tokenizer.json */
export const refusedIn =
  (where: string): Refuse =>
  (expected, got) =>
    new UnsupportedError(
      say`tokenizer.json: expected ${expected} in ${where}, got ${got}. Use the tokenizer.json that belongs to the model, or a GGUF file of the model.`,
    )

/** Texts of this length are found as fast as text can be read. */
const shortText = 16
/** Longer texts can be more than the stack of a RegExp holds. */
const mostCharacters = 2 ** 20

/** A pattern that RegExp runs on short texts, and a BoundedPattern on long ones. */
class SafePattern implements Pattern {
  readonly flags = 'gu'
  private bounded: BoundedPattern | undefined

  constructor(
    private readonly regex: RegExp,
    private readonly where: string,
  ) {}

  private for(text: string): Pattern {
    return text.length <= mostCharacters ? this.regex : (this.bounded ??= new BoundedPattern(this.regex.source, refusedIn(this.where)))
  }

  [Symbol.match](text: string): RegExpMatchArray | null {
    return this.for(text)[Symbol.match](text)
  }

  [Symbol.matchAll](text: string): ReturnType<Pattern[typeof Symbol.matchAll]> {
    return this.for(text)[Symbol.matchAll](text)
  }

  [Symbol.split](text: string): string[] {
    return this.for(text)[Symbol.split](text)
  }

  [Symbol.replace](text: string, content: string): string {
    return this.for(text)[Symbol.replace](text, content)
  }
}

/** What the methods of strings need of a pattern. */
export interface Pattern {
  readonly flags: string
  [Symbol.match](text: string): RegExpMatchArray | null
  [Symbol.matchAll](text: string): Iterable<{ 0: string; index?: number }>
  [Symbol.split](text: string): string[]
  [Symbol.replace](text: string, content: string): string
}

/** A part of the library's tokenizer: a normalizer, a pre-tokenizer or a decoder. */
interface Part {
  config?: { type?: string; pattern?: { Regex?: string; String?: string } }
  pattern?: Pattern | null
  normalizers?: unknown[]
  tokenizers?: unknown[]
  decoders?: unknown[]
}

const byteLevel = byteLevelPattern.replaceAll('\\S', '\\P{White_Space}').replaceAll('\\s', '\\p{White_Space}')

/**
 * The library's own pattern of a part, as the tokenizers library in Rust has it: white space is that of Unicode. JavaScript's \s lacks
 * U+0085 and includes U+FEFF.
 */
function ownPattern({ config, pattern }: Part): Pattern | null | undefined {
  if (!pattern) return pattern
  if (config?.type === 'ByteLevel') return new RegExp(byteLevel, 'gu')
  return pattern
}

/**
 * Puts a pattern that ends in the place of each of the file's patterns. `where`: the part's place in
 * tokenizer.json. @throws UnsupportedError for a pattern that cannot be read
 */
export function boundPatterns(where: string, node: unknown): void {
  if ((typeof node !== 'object' && typeof node !== 'function') || node === null) return
  const part = node as Part
  const { Regex: regex, String: text } = part.config?.pattern ?? {}
  const isSafe = regex === undefined ? (text ?? '').length <= shortText : safe.has(spelt(regex))
  const pattern = ownPattern(part)
  // Patterns that are not from the file are the library's own.
  if (pattern instanceof RegExp)
    part.pattern = isSafe || !part.config?.pattern ? new SafePattern(pattern, where) : new BoundedPattern(pattern.source, refusedIn(where))
  for (const inside of [part.normalizers, part.tokenizers, part.decoders]) inside?.forEach((each) => boundPatterns(where, each))
}
