// Finds added tokens in a text like the tokenizers library in Rust (added_vocabulary.rs). It looks first for tokens in the raw text,
// then, in the normalised rest, for tokens whose contents are normalised too. The leftmost match wins, and the longest at that place.
// `single_word` skips matches that touch a word; `lstrip` and `rstrip` include the white space around a token.

export interface AddedToken {
  id: number
  content: string
  special?: boolean
  normalized?: boolean
  single_word?: boolean
  lstrip?: boolean
  rstrip?: boolean
}

/** Text, or the id of a token in its place. */
export type Piece = string | number

/** Whether a token is searched in the normalised text. By default ordinary tokens are, and special tokens are not. */
export const isNormalized = ({ normalized, special }: AddedToken): boolean => normalized ?? !special

interface Node {
  next: Map<string, Node>
  token?: AddedToken
}

/** A character of words, as patterns of the tokenizers library in Rust have it (`\\w`). */
export const wordCharacter = '[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}]'
const beginsWithWord = new RegExp(`^${wordCharacter}`, 'u')
const endsWithWord = new RegExp(`${wordCharacter}$`, 'u')
/** White space as Unicode defines it. JavaScript includes U+FEFF and lacks U+0085. */
const isSpace = (character: string | undefined): boolean =>
  character === '\x85' || (character !== undefined && character !== '\ufeff' && /\s/.test(character))

/** Text without the white space at its beginning. */
export function withoutSpaceBefore(text: string): string {
  let at = 0
  while (isSpace(text[at])) at++
  return text.slice(at)
}

/** Cuts text at `tokens`; `contentOf` gives the text to look for. */
export function splitterAt(tokens: readonly AddedToken[], contentOf = (token: AddedToken) => token.content): (text: string) => Piece[] {
  const root: Node = { next: new Map() }
  // If tokens have equal contents, the special one counts.
  const specialFirst = [...tokens].sort((a, b) => Number(b.special ?? false) - Number(a.special ?? false))
  for (const token of specialFirst) add(root, contentOf(token), token)
  if (!root.next.size) return (text) => (text ? [text] : [])
  return (text) => split(text, root)
}

function add(root: Node, content: string, token: AddedToken): void {
  if (!content) return
  let node = root
  for (let i = 0; i < content.length; i++) {
    const next = node.next.get(content[i]) ?? { next: new Map() }
    node.next.set(content[i], next)
    node = next
  }
  node.token ??= token
}

function split(text: string, root: Node): Piece[] {
  const pieces: Piece[] = []
  let done = 0
  for (let at = 0; at < text.length; at++) {
    const found = longest(text, at, root)
    if (!found) continue
    const { token, end } = found
    // The search continues after the match, even if the match is skipped.
    const start = at
    at = end - 1
    if (token.single_word && touchesWord(text, start, end)) continue
    let [from, to] = [start, end]
    if (token.lstrip) while (from > done && isSpace(text[from - 1])) from--
    if (token.rstrip) while (isSpace(text[to])) to++
    if (from > done) pieces.push(text.slice(done, from))
    pieces.push(token.id)
    done = Math.max(done, to)
  }
  if (done < text.length) pieces.push(text.slice(done))
  return pieces
}

function longest(text: string, at: number, root: Node): { token: AddedToken; end: number } | undefined {
  let found: { token: AddedToken; end: number } | undefined
  let node: Node | undefined = root
  for (let i = at; (node = node.next.get(text[i])); i++) if (node.token) found = { token: node.token, end: i + 1 }
  return found
}

const touchesWord = (text: string, start: number, end: number): boolean =>
  endsWithWord.test(text.slice(Math.max(0, start - 2), start)) || beginsWithWord.test(text.slice(end, end + 2))
