// Renders chat templates. A template is Jinja code from a model's files, so it is not trusted: each rendering has a budget of time and
// memory (template-budget.ts), and one that never ends is stopped.
import { Environment } from '@huggingface/jinja'
import { UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import type { ChatMessage } from './chat-message'
import { jinjaValue } from './jinja-values'
import { TemplateBudget } from './template-budget'
import { BudgetedInterpreter } from './template-interpreter'
import { programOf, turnBegins, turnEnds } from './template-program'
import { type TurnOptions, templateTurns, turnAmong } from './template-turns'

export interface RenderOptions extends TurnOptions {
  addGenerationPrompt?: boolean
  bosToken?: string
  eosToken?: string
  /** Other special tokens by their variables: `pad_token`, `unk_token`. */
  others?: Readonly<Record<string, string>>
  /** Function signatures, as the row has them. */
  tools?: unknown
  /** Text to insert where the template begins and ends to write a turn; nothing by default. */
  mark?: (turn: number, at: 'begin' | 'end') => string
}

/** Characters [start, end) of a rendered text. */
export interface Span {
  start: number
  end: number
}

const maxRange = 100_000

/**
 * The text that `template` makes of `messages`, with the variables that transformers' apply_chat_template gives.
 * Throws if the template refuses the messages (with its own words), is broken, or does not end in time.
 */
export function renderChat(template: string, messages: readonly ChatMessage[], options: RenderOptions = {}): string {
  const environment = new Environment()
  const budget = new TemplateBudget()
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
    range: (start: number, stop?: number, step?: number) => boundedRange(budget, start, stop, step),
    strftime_now: (format: string) => {
      budget.charge(50_000 * String(format).length)
      return strftime(new Date(), format)
    },
    documents: null,
    add_generation_prompt: options.addGenerationPrompt ?? false,
    ...options.others,
    bos_token: options.bosToken ?? '',
    eos_token: options.eosToken ?? '',
  }
  for (const [name, value] of Object.entries(variables)) environment.set(name, value)
  environment.setVariable('tools', jinjaValue(options.tools ?? null))
  const turns = templateTurns(messages, options)
  environment.setVariable('messages', turns.messages)
  const { mark } = options
  const marking =
    (at: 'begin' | 'end') =>
    (...given: unknown[]): string => {
      const turn = mark && turnAmong(given, turns.places)
      return turn === undefined ? '' : mark!(turn, at)
    }
  environment.set(turnBegins, marking('begin'))
  environment.set(turnEnds, marking('end'))
  try {
    return String(new BudgetedInterpreter(environment, budget).run(programOf(template)).value)
  } catch (error) {
    throw endless(error) ?? error
  }
}

/** Recognises JavaScript's errors for a template that recurses without end, or makes too long a text. */
function endless(error: unknown): UnsupportedError | undefined {
  const message = error instanceof Error ? error.message : ''
  const got = /call stack|too much recursion/.test(message)
    ? say`one that is nested too deep or calls itself without end`
    : /string length|allocation size/.test(message)
      ? say`one that makes too long a text`
      : undefined
  return (
    got && new UnsupportedError(say`chat template: expected one that ends, got ${got}. Use another model or a dataset without chat turns.`)
  )
}

function boundedRange(budget: TemplateBudget, start: number, stop?: number, step = 1): number[] {
  const [first, last] = stop === undefined ? [0, start] : [start, stop]
  const count = Math.max(0, Math.ceil((last - first) / step))
  if (!(count <= maxRange))
    throw new UnsupportedError(say`chat template: expected range() of at most ${maxRange}, got ${count}. Use another model.`)
  budget.charge(50 * count, 50 * count)
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
