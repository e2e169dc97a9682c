// Chat templates: Jinja that comes with a model and is therefore not to be trusted. Every
// evaluation is counted and timed, so a template that never ends is stopped.
import { Environment, type Interpreter, parse, tokenize } from '@huggingface/jinja'
import { UnsupportedError } from '../config/errors'
import { jinjaValue } from './jinja-values'
import { PythonInterpreter } from './python-filters'

export interface ChatMessage {
  role: string
  content: string
  /** What else templates may read: name, tool_calls, tool_call_id. */
  [key: string]: unknown
}

export interface RenderOptions {
  addGenerationPrompt?: boolean
  bosToken?: string
  eosToken?: string
  /** Function signatures, as the row has them. */
  tools?: unknown
}

/** Characters [start, end) of a rendered text. */
export interface Span {
  start: number
  end: number
}

const maxSteps = 5_000_000
const maxTimeMs = 5000
const maxRange = 100_000

type Program = ReturnType<typeof parse>
type Statement = Parameters<Interpreter['evaluate']>[0]

class BudgetedInterpreter extends PythonInterpreter {
  #steps = 0
  readonly #deadline = performance.now() + maxTimeMs

  override evaluate(statement: Statement, environment: Environment): ReturnType<Interpreter['evaluate']> {
    this.#steps++
    if (this.#steps > maxSteps || (this.#steps % 256 === 0 && performance.now() > this.#deadline))
      throw new UnsupportedError(
        'chat template: expected it to end within 5 seconds, got one that goes on. Use another model or a dataset without chat turns.',
      )
    return super.evaluate(statement, environment)
  }
}

const parsed = new Map<string, Program>()

function programOf(template: string): Program {
  const known = parsed.get(template)
  if (known) return known
  const program = parse(tokenize(template, { lstrip_blocks: true, trim_blocks: true }))
  parsed.clear()
  parsed.set(template, program)
  return program
}

/**
 * The text that `template` makes of `messages`, with the variables that transformers' apply_chat_template gives.
 * Throws where the template refuses the messages (its own words), is broken, or does not end in time.
 */
export function renderChat(template: string, messages: readonly ChatMessage[], options: RenderOptions = {}): string {
  const environment = new Environment()
  const variables: Record<string, unknown> = {
    true: true,
    false: false,
    none: null,
    True: true,
    False: false,
    None: null,
    raise_exception: (message: unknown) => {
      throw new Error(String(message))
    },
    range: boundedRange,
    strftime_now: (format: string) => strftime(new Date(), format),
    documents: null,
    add_generation_prompt: options.addGenerationPrompt ?? false,
    bos_token: options.bosToken ?? '',
    eos_token: options.eosToken ?? '',
  }
  for (const [name, value] of Object.entries(variables)) environment.set(name, value)
  environment.setVariable('messages', jinjaValue(messages))
  environment.setVariable('tools', jinjaValue(options.tools ?? null))
  return String(new BudgetedInterpreter(environment).run(programOf(template)).value)
}

/**
 * The rendered conversation and which characters of it each wanted assistant turn wrote (its end-of-turn mark included),
 * found by rendering the conversation up to the turn, with and without it.
 */
export function renderWithSpans(
  template: string,
  messages: readonly ChatMessage[],
  turns: 'last' | 'all',
  options: RenderOptions = {},
): { text: string; spans: Span[] } {
  const text = renderChat(template, messages, { ...options, addGenerationPrompt: false })
  const assistant = messages.flatMap((message, i) => (message.role === 'assistant' ? [i] : []))
  const spans: Span[] = []
  let from = 0
  for (const i of turns === 'last' ? assistant.slice(-1) : assistant) {
    const before = renderChat(template, messages.slice(0, i), { ...options, addGenerationPrompt: true })
    const after =
      i === messages.length - 1 ? text : renderChat(template, messages.slice(0, i + 1), { ...options, addGenerationPrompt: false })
    const span = turnSpan(text, before, after, String(messages[i].content), from)
    spans.push(span)
    from = span.end
  }
  return { text, spans }
}

/** `from` is where the last turn ended: templates may render earlier turns otherwise once later ones follow. */
function turnSpan(text: string, before: string, after: string, content: string, from: number): Span {
  const trimmed = content.trim()
  const agreed = commonPrefix(text, before)
  const searchFrom = Math.max(agreed, from)
  const at = trimmed ? text.indexOf(trimmed, searchFrom) : searchFrom
  // The prefix is of no use where it parts from the text before this turn: then the words themselves are the turn.
  const useful = agreed > from || (from === 0 && agreed === before.length)
  const start = useful || at < 0 ? searchFrom : at
  const contentEnd = at < 0 ? start : at + trimmed.length
  const shared = commonPrefix(text, after)
  const end = shared >= after.trimEnd().length ? Math.max(shared, contentEnd) : markEnd(text, after, trimmed, contentEnd)
  // Line breaks behind an end-of-turn mark belong to the template, not to the answer.
  const withoutSpace = start + text.slice(start, end).trimEnd().length
  return { start, end: withoutSpace > contentEnd ? withoutSpace : end }
}

/** Where a turn ends that `after` wrote in other words: behind the mark that `after` puts behind its content. */
function markEnd(text: string, after: string, content: string, contentEnd: number): number {
  const at = after.lastIndexOf(content)
  const mark = at < 0 ? '' : after.slice(at + content.length).trim()
  const found = mark ? text.indexOf(mark, contentEnd) : -1
  return found < 0 ? contentEnd : found + mark.length
}

function commonPrefix(a: string, b: string): number {
  const most = Math.min(a.length, b.length)
  let n = 0
  while (n < most && a[n] === b[n]) n++
  return n
}

function boundedRange(start: number, stop?: number, step = 1): number[] {
  const [first, last] = stop === undefined ? [0, start] : [start, stop]
  const count = Math.max(0, Math.ceil((last - first) / step))
  if (!(count <= maxRange))
    throw new UnsupportedError(`chat template: expected range() of at most ${maxRange}, got ${count}. Use another model.`)
  return Array.from({ length: count }, (_, i) => first + i * step)
}

/** The parts of C's strftime that chat templates use. */
function strftime(date: Date, format: string): string {
  const two = (n: number): string => String(n).padStart(2, '0')
  const words = (options: Intl.DateTimeFormatOptions): string => new Intl.DateTimeFormat('en-US', options).format(date)
  const parts: Record<string, () => string> = {
    d: () => two(date.getDate()),
    m: () => two(date.getMonth() + 1),
    Y: () => String(date.getFullYear()),
    y: () => two(date.getFullYear() % 100),
    H: () => two(date.getHours()),
    M: () => two(date.getMinutes()),
    S: () => two(date.getSeconds()),
    b: () => words({ month: 'short' }),
    B: () => words({ month: 'long' }),
    a: () => words({ weekday: 'short' }),
    A: () => words({ weekday: 'long' }),
    '%': () => '%',
  }
  return format.replace(/%-?([a-zA-Z%])/g, (whole, letter: string) => parts[letter]?.() ?? whole)
}
