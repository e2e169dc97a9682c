// Checks how much longer the parts of a tokenizer can make a text. Each Replace may put several characters in the place of one, and
// sixty in a row that double a text would make 2⁶⁰ characters of each.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import { BoundedPattern } from '../patterns/bounded-pattern'
import { refusedIn } from './file-patterns'

type Json = Record<string, unknown>

const most = 4096

/** How many times as long `node`, a checked normalizer, pre-tokenizer or decoder, can make a text. @throws FormatError above 4096 */
export function checkGrowth(where: string, node: unknown): number {
  const growth = growthOf(node)
  if (growth > most)
    throw new FormatError(
      say`tokenizer.json: expected ${where} to make a text at most ${most} times as long, got ${growth.toExponential(0)} times. Use the tokenizer.json that belongs to the model.`,
    )
  return growth
}

function growthOf(node: unknown): number {
  if (typeof node !== 'object' || node === null) return 1
  const part = node as Json
  const inside = (part.normalizers ?? part.pretokenizers ?? part.decoders) as unknown[] | undefined
  if (inside) return inside.reduce<number>((growth, each) => growth * growthOf(each), 1)
  if (part.type === 'Metaspace') return Math.max(1, String(part.str_rep || (part.replacement ?? '')).length)
  if (part.type !== 'Replace') return 1
  const { String: text, Regex: regex } = part.pattern as { String?: string; Regex?: string }
  const { length } = part.content as string
  if (regex === undefined && text) return Math.max(1, length / text.length)
  // If a pattern matches the empty text, the content is put between the characters.
  return matchesNothing(regex ?? '') ? 1 + length : Math.max(1, length)
}

/** Whether a pattern can match the empty text somewhere. A pattern that cannot be read is assumed to. */
function matchesNothing(regex: string): boolean {
  try {
    const pattern = new BoundedPattern(new RegExp(regex, 'u').source, refusedIn('a Replace'))
    return ['', 'a', ' ', '1'].some((text) => [...pattern.matches(text)].some((found) => found[0] === ''))
  } catch {
    return true
  }
}
