// Finds each turn in a rendered conversation: the text that the template writes while its loop is at that turn.
import type { ChatMessage } from './chat-message'
import { type RenderOptions, type Span, renderChat } from './chat-template'

/** A rendered conversation with the turns' places. They are absent if the template writes a turn in several places or in none. */
export interface Rendered {
  text: string
  regions: ReadonlyMap<number, Span>
}

/** A character that is in none of `texts`. */
export function unusedCharacter(...texts: string[]): string {
  for (let code = 0xe000; code < 0xf8ff; code++) {
    const character = String.fromCharCode(code)
    if (!texts.some((text) => text.includes(character))) return character
  }
  return '\u{10fffd}'
}

/** Renders with marks, made of the character `mark`, around every turn, and removes them again. Throws like `renderChat`. */
export function renderRegions(template: string, messages: readonly ChatMessage[], mark: string, options: RenderOptions): Rendered {
  const marked = renderChat(template, messages, { ...options, mark: (turn, at) => `${mark}${turn}${at === 'begin' ? '[' : ']'}` })
  const pieces: Piece[] = []
  const open: Piece[] = []
  let text = ''
  marked.split(new RegExp(`${mark}(\\d+)([[\\]])`, 'u')).forEach((part, i, parts) => {
    if (i % 3 === 0) text += part
    else if (i % 3 === 2) {
      const turn = Number(parts[i - 1])
      if (part === '[') open.push({ turn, start: text.length, end: text.length, inside: [] })
      else close(turn, text.length, open, pieces)
    }
  })
  return { text, regions: regionsOf(pieces, text) }
}

interface Piece extends Span {
  turn: number
  /** Other turns that are written in the middle of this one. */
  inside: Span[]
}

function close(turn: number, end: number, open: Piece[], pieces: Piece[]): void {
  const at = open.findLastIndex((piece) => piece.turn === turn)
  if (at < 0) return
  const [piece] = open.splice(at)
  const outer = open.at(-1)
  if (outer?.turn === turn) return
  piece.end = end
  outer?.inside.push(piece)
  pieces.push(piece)
}

function regionsOf(pieces: readonly Piece[], text: string): Map<number, Span> {
  const blank = (start: number, end: number): boolean => text.slice(start, end).trim() === ''
  const regions = new Map<number, Span>()
  const several = new Set<number>()
  for (const piece of pieces) {
    const { turn, start } = piece
    const others = piece.inside.filter((inner) => !blank(inner.start, inner.end))
    const end = others.length ? others[0].start : piece.end
    if (blank(start, piece.end)) continue
    if (regions.has(turn) || (others.length && !blank(others[others.length - 1].end, piece.end))) several.add(turn)
    else regions.set(turn, { start, end })
  }
  for (const turn of several) regions.delete(turn)
  return regions
}
