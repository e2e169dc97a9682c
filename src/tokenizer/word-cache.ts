// Remembers the tokens of words. The library's own cache keeps its words in the order of their use, so that a full one is made again at
// almost every look: 0.1 ms for a word that is known. This one forgets half of its words at once, those that were not used since.

/** Most words of each half, and their characters, since a character may be a token of its own. */
const mostWords = 2 ** 15
const mostCharacters = 2 ** 19

export class WordCache<T = string[]> {
  private recent = new Map<string, T>()
  private before = new Map<string, T>()
  private characters = 0

  get(word: string): T | undefined {
    const found = this.recent.get(word)
    if (found) return found
    const older = this.before.get(word)
    if (older) this.put(word, older)
    return older
  }

  put(word: string, tokens: T): void {
    if (this.recent.size >= mostWords || this.characters >= mostCharacters) {
      this.before = this.recent
      this.recent = new Map()
      this.characters = 0
    }
    this.characters += word.length
    this.recent.set(word, tokens)
  }

  clear(): void {
    this.recent.clear()
    this.before.clear()
    this.characters = 0
  }
}
