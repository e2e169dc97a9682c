// Finds the text of an assistant's turn in a rendered conversation: everything from the end of its header, which is
// what the template writes when it asks for an answer at that place, to its end token.
//
// The template's loops show where it writes a turn (turn-regions.ts). A template without such a loop is rendered with
// the conversation up to that turn, and the result is used if the whole text agrees with it.
import { UnsupportedError } from '../config/errors'
import { entriesOf } from '../config/exact-json'
import { type Phrase, say, sentence } from '../config/phrase'
import type { ChatMessage } from './chat-message'
import { type RenderOptions, type Span, renderChat } from './chat-template'
import { otherArgument, otherContent, otherName, otherWords, withOtherWords } from './other-words'
import { callsOf, calledFunction } from './tool-calls'
import { type Rendered, renderRegions, unusedCharacter } from './turn-regions'

/** The template leaves out text that should be learnt. */
export class LostInTemplate extends Error {
  readonly phrase: Phrase
  constructor(phrase: Phrase) {
    super(sentence(phrase))
    this.phrase = phrase
  }
}

interface RenderedTurns {
  text: string
  /** The place of each wanted turn; undefined = not known. */
  spans: (Span | undefined)[]
}

/**
 * Renders a conversation and finds the text of the `wanted` turns, with their end tokens, without white space after these.
 * Throws LostInTemplate if a call or a wanted answer is missing in the text, and the errors of `renderChat`.
 */
export function renderTurns(
  template: string,
  messages: readonly ChatMessage[],
  wanted: readonly number[],
  options: RenderOptions = {},
): RenderedTurns {
  const talk = new Talk(template, messages, options)
  const lost = talk.lostCall()
  if (lost === undefined) return talk.turns(wanted)
  // Some templates write calls only in turns without words, which they recognise by a content of none.
  const without = unlessRefused(() => new Talk(template, messages, { ...options, callsWithoutContent: true }))
  if (!without || without.lostCall() !== undefined) throw new LostInTemplate(say`the chat template leaves out a call of ${lost}`)
  return without.turns(wanted)
}

/** A conversation with the text after it that asks for an answer. */
interface Asked extends Rendered {
  header: string
}

/** One conversation in one template. */
class Talk {
  private readonly template: string
  private readonly messages: readonly ChatMessage[]
  private readonly options: RenderOptions
  private readonly text: string
  private readonly mark: string
  private readonly regions: Rendered['regions']
  private others?: (Rendered | undefined)[]
  private userAsks?: { asked?: Asked }

  constructor(template: string, messages: readonly ChatMessage[], options: RenderOptions) {
    this.template = template
    this.messages = messages
    this.options = { ...options, addGenerationPrompt: false }
    this.text = renderChat(template, messages, this.options)
    this.mark = unusedCharacter(this.text, JSON.stringify(messages), template)
    const marked = this.rendered(messages)
    // A template that reads its own output may see the marks.
    this.regions = marked?.text === this.text ? marked.regions : new Map()
  }

  turns(wanted: readonly number[]): RenderedTurns {
    let from = 0
    const spans = wanted.map((i) => {
      const span = this.span(i)
      if (!span || span.start < from) return undefined
      from = span.end
      return span
    })
    return { text: this.text, spans }
  }

  /** The name of a call that is missing in the text or whose arguments are missing. */
  lostCall(): string | undefined {
    for (const [i, message] of this.messages.entries())
      for (const [j, call] of callsOf(message).entries()) {
        const { name, arguments: given } = calledFunction(call)
        const [text] = this.othersOf(i)
        if (text === undefined) continue
        const empty = given === undefined || entriesOf(given)?.length === 0
        if (text.includes(otherName(otherWords[0], i, j)) && (empty || text.includes(otherArgument(otherWords[0], i, j)))) continue
        return typeof name === 'string' ? name : 'a function without a name'
      }
    return undefined
  }

  private span(i: number): Span | undefined {
    const region = this.regions.get(i)
    if (this.messages[i].role !== 'assistant') return region
    if (!region) return this.spanElsewhere(i)
    const written = this.text.slice(region.start, region.end)
    const around = fixedAround(written, this.othersOf(i))
    if (around) this.refuseEmpty(i, written, around)
    const header = this.header(i, region)
    // If the text that asks differs from the beginning of the turn, the turn may begin like an answer to a user.
    const start = headerEnd(written, header, around) || headerEnd(written, this.askedByUser()?.header ?? header, around)
    const length = this.endOf(written, region, header, around)
    return start === undefined || length === undefined ? undefined : { start: region.start + start, end: region.start + length }
  }

  /** Where a turn ends, from the beginning of its region. */
  private endOf(written: string, region: Span, header: string | undefined, around: Around | undefined): number | undefined {
    const lastEnd = Math.max(...[...this.regions.values()].map(({ end }) => end))
    const behindAll = this.text.slice(lastEnd).trimEnd()
    const trimmed = written.trimEnd().length
    if (!around) return trimmed === written.length && !behindAll ? trimmed : undefined
    // Line breaks after an end token belong to the template, not to the answer.
    if (written.slice(written.length - around.after).trim()) return trimmed
    // No end token in the turn: the text after the last turn ends every turn that it follows.
    const ends = behindAll !== '' && !(header && behindAll.startsWith(header)) && this.text.startsWith(behindAll, region.end)
    return written.length + (ends ? behindAll.length : 0)
  }

  /** The text between the turn before and the words of turn `i` when the template asks for an answer there. */
  private header(i: number, region: Span): string | undefined {
    const before = this.messages.slice(0, i)
    const asked = this.asked(before)
    if (!asked) return this.askedByUser()?.header
    let last = i - 1
    while (last >= 0 && !(this.regions.has(last) && asked.regions.has(last))) last--
    const here = this.text.slice(this.regions.get(last)?.start ?? 0, region.start)
    const there = asked.text.slice(asked.regions.get(last)?.start ?? 0)
    // The template may write a turn differently if it is the last.
    return there.startsWith(here) ? there.slice(here.length) : asked.header
  }

  private asked(messages: readonly ChatMessage[]): Asked | undefined {
    const asked = this.rendered(messages, { ...this.options, addGenerationPrompt: true })
    if (!asked) return undefined
    const behindAll = asked.text.slice(Math.max(0, ...[...asked.regions.values()].map(({ end }) => end)))
    if (behindAll && asked.regions.size) return { ...asked, header: behindAll }
    const plain = this.rendered(messages)
    return { ...asked, header: plain ? asked.text.slice(commonPrefix(asked.text, plain.text)) : '' }
  }

  private askedByUser(): Asked | undefined {
    this.userAsks ??= { asked: this.asked([{ role: 'user', content: otherWords[0] }]) }
    return this.userAsks.asked
  }

  /** The place of a turn if the template's loops do not show it. */
  private spanElsewhere(i: number): Span | undefined {
    const span = this.spanOfPrefix(i)
    const { content } = this.messages[i]
    if (span || !content.trim() || !this.regions.size) return span
    const [other] = this.withOtherWords()
    const written = this.text.includes(content.trim()) && (!other || other.text.includes(otherContent(otherWords[0], i)))
    if (!written) throw new LostInTemplate(say`the chat template leaves out the answer ${shortened(content)}`)
    return undefined
  }

  private spanOfPrefix(i: number): Span | undefined {
    const before = this.messages.slice(0, i)
    const asked = this.unmarked(before, { ...this.options, addGenerationPrompt: true })
    const upTo = (message: ChatMessage): string | undefined => this.unmarked([...before, message])
    const text = upTo(this.messages[i])
    if (asked === undefined || !text?.startsWith(asked) || !this.text.startsWith(text.trimEnd())) return undefined
    const others = otherWords.map((words) => upTo(withOtherWords(this.messages[i], i, words)))
    const around = fixedAround(text, others)
    if (!around) return undefined
    this.refuseEmpty(i, text, around)
    const ended = text.slice(text.length - around.after).trim() !== ''
    if (!ended && !this.text.startsWith(text)) return undefined
    return { start: asked.length, end: ended ? text.trimEnd().length : text.length }
  }

  private refuseEmpty(i: number, written: string, { before, after }: Around): void {
    const { content } = this.messages[i]
    if (content.trim() && before + after >= written.length)
      throw new LostInTemplate(say`the chat template writes nothing for the answer ${shortened(content)}`)
  }

  private rendered(messages: readonly ChatMessage[], options: RenderOptions = this.options): Rendered | undefined {
    return unlessRefused(() => renderRegions(this.template, messages, this.mark, { ...options, onRead: undefined }))
  }

  private unmarked(messages: readonly ChatMessage[], options: RenderOptions = this.options): string | undefined {
    return unlessRefused(() => renderChat(this.template, messages, { ...options, onRead: undefined }))
  }

  private withOtherWords(): (Rendered | undefined)[] {
    this.others ??= otherWords.map((words) => this.rendered(this.messages.map((message, i) => withOtherWords(message, i, words))))
    return this.others
  }

  /** The text of turn `i` with other words. */
  private othersOf(i: number): (string | undefined)[] {
    return this.withOtherWords().map((other) => {
      const region = other?.regions.get(i)
      return region ? other?.text.slice(region.start, region.end) : this.regions.has(i) ? undefined : other?.text
    })
  }
}

/** The result of `render`; undefined if the template refuses the turns. A template that does not end still throws. */
function unlessRefused<T>(render: () => T): T | undefined {
  try {
    return render()
  } catch (error) {
    if (error instanceof UnsupportedError) throw error
    return undefined
  }
}

/** Number of characters at the beginning and at the end of a text that do not depend on the turn's words. */
interface Around {
  before: number
  after: number
}

function fixedAround(written: string, others: readonly (string | undefined)[]): Around | undefined {
  const [a, b] = others
  if (a === undefined || b === undefined) return undefined
  return {
    before: Math.min(commonPrefix(written, a), commonPrefix(a, b)),
    after: Math.min(commonSuffix(written, a), commonSuffix(a, b)),
  }
}

/** The place where a turn's own text begins, after its header. */
function headerEnd(written: string, header: string | undefined, around: Around | undefined): number | undefined {
  if (header === undefined) return undefined
  if (written.startsWith(header)) return header.length
  if (!around) return undefined
  const fixed = written.slice(0, around.before)
  // The template may write something before the first turn, such as its own system message, or other white space around the header
  // than when it asks.
  const words = header.trim()
  const inside = words ? fixed.lastIndexOf(words) : fixed.lastIndexOf(header)
  if (inside >= 0) {
    const at = inside + (words || header).length
    return at + (words ? commonPrefix(fixed.slice(at), header.slice(header.trimEnd().length)) : 0)
  }
  // The text that asks may have more than the header, such as the beginning of a thought, which this turn does not have.
  for (let n = header.length - 1; n > 0; n--) if (closes.test(header[n - 1]) && fixed.endsWith(header.slice(0, n))) return fixed.length
  let shared = commonPrefix(header, fixed)
  while (shared > 0 && !closes.test(header[shared - 1])) shared--
  return shared
}

/** The last characters of the marks and words of headers. */
const closes = /[>\])\s:]/

const shortened = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)

function commonPrefix(a: string, b: string): number {
  const most = Math.min(a.length, b.length)
  let n = 0
  while (n < most && a[n] === b[n]) n++
  return n
}

function commonSuffix(a: string, b: string): number {
  const most = Math.min(a.length, b.length)
  let n = 0
  while (n < most && a[a.length - 1 - n] === b[b.length - 1 - n]) n++
  return n
}
