// Texts as sets of word shingles: all runs of `size` words after each other. Two texts are as alike as their sets overlap.

/** Scripts without spaces have a word for each character. Other words are letters, digits and their accents. */
const alone = String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]`
const word = new RegExp(String.raw`${alone}|(?:(?!${alone})[\p{L}\p{N}\p{M}])+`, 'gu')

/** The words of a text in small letters, without punctuation. */
export const wordsOfText = (text: string): string[] => text.toLowerCase().match(word) ?? []

/** FNV-1a over the units of the text, in 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash
}

/** A text that was read. */
export interface Shingled {
  /** Two UTF-16 units for each word: its number in the list of words. A shingle is a part of this string. */
  readonly units: string
  /** A hash of each shingle; equal shingles have equal hashes. */
  readonly hashes: Int32Array
}

/** Reads texts. Words have numbers, so that shingles are short and are compared exactly. */
export class Shingler {
  private readonly numbers = new Map<string, number>()
  private readonly wordHashes: number[] = []

  constructor(private readonly size: number) {}

  read(text: string): Shingled {
    const numbers = wordsOfText(text).map((each) => this.numberOf(each))
    const count = shingleCount(numbers.length, this.size)
    const hashes = new Int32Array(count)
    for (let at = 0; at < count; at++) hashes[at] = this.hashFrom(numbers, at)
    return { units: numbers.map((n) => String.fromCharCode(n >>> 16, n & 0xffff)).join(''), hashes }
  }

  /** The different shingles of a text. A text with fewer words than a shingle is one shingle. */
  setOf({ units, hashes }: Shingled): Set<string> {
    const set = new Set<string>()
    for (let at = 0; at < hashes.length; at++) set.add(units.slice(2 * at, 2 * (at + this.size)))
    return set
  }

  private hashFrom(numbers: readonly number[], at: number): number {
    const end = Math.min(numbers.length, at + this.size)
    let hash = 0
    for (let i = at; i < end; i++) hash = Math.imul((hash << 5) ^ (hash >>> 27) ^ this.wordHashes[numbers[i]], 0x9e3779b1)
    return hash ^ (hash >>> 15)
  }

  private numberOf(each: string): number {
    const known = this.numbers.get(each)
    if (known !== undefined) return known
    this.numbers.set(each, this.wordHashes.length)
    return this.wordHashes.push(hashOf(each)) - 1
  }
}

const shingleCount = (words: number, size: number): number => (words === 0 ? 0 : Math.max(1, words - size + 1))

/** The share of shingles that two sets have in common (Jaccard). */
export function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let common = 0
  for (const shingle of a) if (b.has(shingle)) common++
  return common / (a.size + b.size - common)
}
