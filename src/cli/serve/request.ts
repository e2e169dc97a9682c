// Parses the requests of OpenAI's API (platform.openai.com/docs/api-reference: chat, completions). What this server does not do is refused
// by name instead of being ignored.
import { type Sampling, samplingWith, undrawn } from '../../config/sampling-fields'
import type { ChatMessage } from '../../tokenizer/chat-message'

/** A refusal, with its HTTP status. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly code: string | null = null,
  ) {
    super(message)
  }
}

export interface AskedFor {
  model: string
  prompt: string | readonly ChatMessage[]
  /** undefined = as many as there is room for, up to a usual number. */
  maxTokens?: number
  sampling: Sampling
  seed: number
  /** Texts that end the answer and are not part of it. */
  stops: readonly string[]
  stream: boolean
  /** Whether the last event of a stream has the numbers of tokens. */
  usage: boolean
}

type Body = Readonly<Record<string, unknown>>

const bad = (message: string) => new Refused(400, message)
const shown = (value: unknown) => JSON.stringify(value)?.slice(0, 80) ?? 'nothing'

/** Parameters that change an answer in a way that the engine does not have, and their values that change nothing. */
const unchanged: Readonly<Record<string, readonly unknown[]>> = {
  n: [1],
  best_of: [1],
  frequency_penalty: [0],
  presence_penalty: [0],
  logprobs: [false, 0],
  top_logprobs: [0],
  echo: [false],
  suffix: [''],
  tools: [],
  functions: [],
  tool_choice: ['none', 'auto'],
  logit_bias: [],
  audio: [],
}

/** Parameters that are read below. */
const read = [
  'model',
  'temperature',
  'top_p',
  'top_k',
  'min_p',
  'repetition_penalty',
  'seed',
  'stop',
  'max_tokens',
  'stream',
  'stream_options',
  'response_format',
]
const readOnlyBy = { chat: ['messages', 'max_completion_tokens'], text: ['prompt'] }

/** Parameters that name a request or its sender, or say how it is to be carried out. They change no answer. */
const ignored = ['user', 'metadata', 'store', 'service_tier', 'safety_identifier', 'prompt_cache_key', 'parallel_tool_calls']

function refuseUnknown(body: Body, kind: 'chat' | 'text'): void {
  const known = [...read, ...readOnlyBy[kind], ...ignored, ...Object.keys(unchanged)]
  const unknown = Object.keys(body).find((key) => body[key] !== null && !known.includes(key))
  if (unknown !== undefined) throw bad(`${unknown.slice(0, 80)}: this server does not have this parameter. Leave it out.`)
  for (const [key, values] of Object.entries(unchanged)) {
    const value = body[key]
    const empty = value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0)
    if (!empty && !values.includes(value))
      throw bad(
        `${key}: expected ${values.length ? values.map((v) => JSON.stringify(v)).join(' or ') : 'nothing'}, got ${shown(value)}. This server does not have it; leave it out.`,
      )
  }
  const format = objectIn(body, 'response_format')
  if (format && format.type !== 'text') throw bad(`response_format: expected the type text, got ${shown(format)}. Leave it out.`)
}

function objectIn(body: Body, key: string): Body | undefined {
  const value = body[key] ?? undefined
  if (value === undefined || (typeof value === 'object' && !Array.isArray(value))) return value as Body | undefined
  throw bad(`${key}: expected an object, got ${shown(value)}.`)
}

function flagIn(body: Body, key: string): boolean {
  const value = body[key] ?? false
  if (typeof value !== 'boolean') throw bad(`${key}: expected true or false, got ${shown(value)}.`)
  return value
}

function numberIn(body: Body, key: string, low: number, high: number, whole: boolean): number | undefined {
  const value = body[key] ?? undefined
  if (value === undefined) return undefined
  if (typeof value !== 'number' || !(value >= low && value <= high) || (whole && !Number.isInteger(value)))
    throw bad(`${key}: expected a ${whole ? 'whole number' : 'number'} from ${low} to ${high}, got ${shown(value)}.`)
  return value
}

function textOf(where: string, content: unknown): string {
  if (typeof content === 'string') return content
  const parts: unknown[] | undefined = Array.isArray(content) ? content : undefined
  const texts = parts?.map((part) => ((part as Body | null)?.type === 'text' ? (part as Body).text : undefined))
  if (texts?.length && texts.every((text) => typeof text === 'string')) return texts.join('')
  throw bad(`${where}: expected text, got ${shown(content)}.`)
}

function messagesOf(value: unknown): ChatMessage[] {
  if (!Array.isArray(value) || !value.length) throw bad(`messages: expected a list of turns, got ${shown(value)}.`)
  return value.map((turn: Body | null, i) => {
    const role = turn?.role === 'developer' ? 'system' : turn?.role
    if (typeof role !== 'string') throw bad(`messages[${i}]: expected a role and content, got ${shown(turn)}.`)
    return { role, content: textOf(`messages[${i}].content`, turn!.content) }
  })
}

function promptOf(value: unknown): string {
  const only: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value
  if (typeof only !== 'string' || only === '') throw bad(`prompt: expected one text, got ${shown(value)}.`)
  return only
}

function stopsOf(value: unknown): string[] {
  const list: unknown[] = value === undefined || value === null ? [] : [value].flat()
  if (list.length > 4 || !list.every((text) => typeof text === 'string' && text !== ''))
    throw bad(`stop: expected a text or a list of up to 4 texts, got ${shown(value)}.`)
  return list as string[]
}

/** OpenAI's `temperature` and `top_p`, and vLLM's names for the others, where -1 also means all tokens. */
function samplingOf(body: Body): Sampling {
  const given = {
    temperature: numberIn(body, 'temperature', 0, 2, false),
    topK: body.top_k === -1 ? 0 : numberIn(body, 'top_k', 0, 1000, true),
    topP: numberIn(body, 'top_p', 0, 1, false),
    minP: numberIn(body, 'min_p', 0, 1, false),
    repetitionPenalty: numberIn(body, 'repetition_penalty', 0.1, 10, false),
  }
  const idle = undrawn(given)
  if (idle)
    throw bad(
      `temperature: expected a number beside ${idle.replace('K', '_k').replace('P', '_p')}, got nothing. The default is 0, where only the most likely token is taken; send a temperature.`,
    )
  return samplingWith(given)
}

/** @throws Refused with status 400 */
export function parseRequest(text: string, kind: 'chat' | 'text'): AskedFor {
  let body: Body
  try {
    body = JSON.parse(text) as Body
  } catch {
    throw bad(`body: expected JSON, got ${shown(text)}.`)
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw bad(`body: expected a JSON object, got ${shown(body)}.`)
  if (typeof body.model !== 'string') throw bad(`model: expected a name, got ${shown(body.model)}.`)
  refuseUnknown(body, kind)
  const max = kind === 'chat' ? numberIn(body, 'max_completion_tokens', 1, 1e6, true) : undefined
  return {
    model: body.model,
    prompt: kind === 'chat' ? messagesOf(body.messages) : promptOf(body.prompt),
    maxTokens: max ?? numberIn(body, 'max_tokens', 1, 1e6, true),
    sampling: samplingOf(body),
    seed: numberIn(body, 'seed', 0, 2 ** 32 - 1, true) ?? 0,
    stops: stopsOf(body.stop),
    stream: flagIn(body, 'stream'),
    usage: flagIn(objectIn(body, 'stream_options') ?? {}, 'include_usage'),
  }
}
