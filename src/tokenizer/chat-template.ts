// Chat templates: Jinja that comes with a model and is therefore not to be trusted. Every
// evaluation is counted and timed, so a template that never ends is stopped.
import { Environment, type Interpreter } from '@huggingface/jinja'
import { UnsupportedError } from '../config/errors'
import type { ChatMessage } from './chat-message'
import { jinjaValue } from './jinja-values'
import { PythonInterpreter } from './python-filters'
import { programOf, turnBegins, turnEnds } from './template-program'
import { type TurnOptions, templateTurns, turnAmong } from './template-turns'

export interface RenderOptions extends TurnOptions {
  addGenerationPrompt?: boolean
  bosToken?: string
  eosToken?: string
  /** Function signatures, as the row has them. */
  tools?: unknown
  /** Text to insert where the template begins and ends writing a turn; nothing by default. */
  mark?: (turn: number, at: 'begin' | 'end') => string
}

/** Characters [start, end) of a rendered text. */
export interface Span {
  start: number
  end: number
}

const maxSteps = 5_000_000
const maxTimeMs = 5000
const maxRange = 100_000

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
  return String(new BudgetedInterpreter(environment).run(programOf(template)).value)
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
