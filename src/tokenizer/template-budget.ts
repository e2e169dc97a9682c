// The budget of one rendering of a chat template: half a second, and 256 MB for the values that it makes. Each operation is charged
// before it runs, by the sizes of its operands and result, because one large operation may take longer than a million small ones.
import { UnsupportedError } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import type { JinjaValue } from './jinja-values'

const maxTimeMs = 500
const maxBytes = 2 ** 28
/** Characters of one text. */
const maxLength = 2 ** 25
/** Items of one list. */
const maxItems = 2 ** 20
/** About nanoseconds. A rendering with less work than `fewWork` is never stopped, however busy the machine is. */
const [fewWork, maxWork, maxWorkAtOnce] = [2e8, 5e9, 5e8]
const workBetweenLooks = 250_000

export class TemplateBudget {
  private work = 0
  private bytes = 0
  private nextLook = workBetweenLooks
  private readonly start = performance.now()

  /** Subtracts `work`, about nanoseconds, and `bytes` from the budget. @throws UnsupportedError if it is used up */
  charge(work: number, bytes = 0): void {
    this.work += work
    this.bytes += bytes
    if (!(this.bytes <= maxBytes)) throw tooLarge(say`at most ${maxBytes / 2 ** 20} MB of values`)
    if (!(work <= maxWorkAtOnce && this.work <= maxWork)) throw tooSlow()
    if (this.work < this.nextLook) return
    this.nextLook = this.work + workBetweenLooks
    if (this.work > fewWork && performance.now() - this.start > maxTimeMs) throw tooSlow()
  }

  /** Charges for a text of `length` characters that is about to be made; `made` of them are new. */
  text(length: number, made = length): void {
    if (!(length <= maxLength)) throw tooLarge(say`texts of at most ${maxLength} characters`)
    this.charge(made, made)
  }

  /** Charges for a list of `length` items that is about to be made. */
  list(length: number, workEach: number, bytesEach: number): void {
    if (!(length <= maxItems)) throw tooLarge(say`lists of at most ${maxItems} items`)
    this.charge(workEach * length, bytesEach * length)
  }

  /** Charges for a search of `part` in `text`, which may compare each character of one with each of the other. */
  search(text: string, part: string): void {
    if (text.length * part.length > 4 * maxWorkAtOnce) throw tooSlow()
    this.charge(text.length, text.length)
  }

  /** Charges for going through everything in a value, which may contain the same list many times. Returns the number of characters needed to write it. */
  whole(value: JinjaValue): number {
    let size = 0
    const open = [value]
    for (let next = open.pop(); next; next = open.pop()) {
      const { value: content } = next as { value: unknown }
      const length = typeof content === 'string' ? content.length : 8
      this.charge(length + 20, length)
      size += length
      if (Array.isArray(content)) for (const item of content as JinjaValue[]) open.push(item)
      else if (content instanceof Map)
        for (const [key, item] of content as Map<string, JinjaValue>) {
          size += key.length
          open.push(item)
        }
    }
    return size
  }
}

const advice = say`Use another model or a dataset without chat turns.`
const tooSlow = () =>
  new UnsupportedError(say`chat template: expected it to end within ${maxTimeMs / 1000} seconds, got one that takes longer. ${advice}`)
const tooLarge = (most: Phrase) => new UnsupportedError(say`chat template: expected ${most}, got one that makes more. ${advice}`)
