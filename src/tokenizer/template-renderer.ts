// Runs chat templates, in the caller's thread (Node, tests) or in a worker that can be ended.
import { UnsupportedError, messageOf } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import { parseJson, stringifyJson } from '../config/exact-json'
import type { ChatMessage } from './chat-message'
import { type RenderOptions, type Span, renderChat } from './chat-template'
import { leftOut } from './left-out'
import { LostInTemplate, renderTurns } from './turn-spans'

export interface ChatJob {
  messages: ChatMessage[]
  tools?: unknown
  /** Turns whose places in the text are needed; `prompt` renders with the generation prompt and gives no places. */
  want: readonly number[] | 'prompt'
}

/** A key of a turn that was not read. */
export interface UnreadKey {
  role: string
  key: string
}

export interface RenderedChat {
  text: string
  /** The places of the wanted turns; undefined = not known. */
  spans: (Span | undefined)[]
  /** Keys with a value that the template did not read, one entry for each turn that has the key. */
  unread: UnreadKey[]
  /** There are tools, but the template does not mention them. */
  unreadTools?: boolean
}

type ChatResult = RenderedChat | { problem: Phrase }

export interface TemplateRenderer {
  /** The template's own text, to see what it mentions, for example tools. */
  readonly template: string
  /** The same of the template for conversations with tools, if it is another one. */
  readonly toolTemplate?: string
  /** One result for each job. Throws UnsupportedError if the template does not end. */
  render(jobs: ChatJob[]): Promise<ChatResult[]>
  close(): void
}

export interface TemplateTokens {
  bosToken?: string
  eosToken?: string
  /** Other special tokens by their variables: `pad_token`, `unk_token`. */
  others?: Readonly<Record<string, string>>
}

/** A conversation up to the answer. Every turn is asked, or it is a problem: a model that never sees a turn would seem to ignore it. */
function renderPrompt(template: string, messages: readonly ChatMessage[], options: RenderOptions): ChatResult {
  const text = renderChat(template, messages, options)
  const [absent] = leftOut(template, messages, text, options)
  return absent === undefined
    ? { text, spans: [], unread: [] }
    : { problem: say`the chat template has no place for the words of the ${messages[absent].role} turn` }
}

/** Renders jobs. A template that refuses a conversation gives a `problem`; one that does not end throws. */
export function renderJobs(template: string, tokens: TemplateTokens, jobs: readonly ChatJob[]): ChatResult[] {
  return jobs.map((job) => {
    const options = { ...tokens, tools: job.tools }
    try {
      if (job.want === 'prompt') return renderPrompt(template, job.messages, { ...options, addGenerationPrompt: true })
      const read = job.messages.map(() => new Set(['role']))
      const rendered = renderTurns(template, job.messages, job.want, { ...options, onRead: (turn, key) => void read[turn].add(key) })
      for (const i of leftOut(template, job.messages, rendered.text, options)) read[i].delete('content')
      const unread = job.messages.flatMap((message, i) => unreadKeys(message, read[i]))
      return { ...rendered, unread, unreadTools: job.tools !== undefined && !/\btools\b/.test(template) }
    } catch (error) {
      if (error instanceof UnsupportedError) throw error
      if (error instanceof LostInTemplate) return { problem: error.phrase }
      return { problem: say`the chat template refuses it (${messageOf(error)})` }
    }
  })
}

/** The keys of a turn that have a value but were not read. */
export function unreadKeys(message: ChatMessage, read: ReadonlySet<string>): UnreadKey[] {
  const unread = Object.entries(message).filter(([key, value]) => !read.has(key) && value !== '' && value !== undefined)
  return unread.map(([key]) => ({ role: message.role, key }))
}

/** Renders in the caller's thread; the template's steps and time are bounded. For Node and tests. */
export function directRenderer(template: string, tokens: TemplateTokens = {}): TemplateRenderer {
  return { template, render: async (jobs) => renderJobs(template, tokens, jobs), close: () => {} }
}

/** Messages to and from template.worker.ts. */
export interface TemplateRequest {
  template: string
  tokens: TemplateTokens
  /** The jobs as JSON, because a copy in a message to a worker would lose the form of numbers. */
  jobs: string
}
export type TemplateReply = { results: ChatResult[] } | { stopped: Phrase }

/** The jobs of a request. */
export const jobsOf = ({ jobs }: Pick<TemplateRequest, 'jobs'>): ChatJob[] => parseJson(jobs) as ChatJob[]

const limitMs = 20_000
/** Number of turns that are rendered within one time limit. Long conversations take longer, even if the template does not hang. */
const turnsTogether = 200

/** The jobs in order, in groups of at most `turnsTogether` turns, or of one longer job. */
function groupsOf(jobs: readonly ChatJob[]): ChatJob[][] {
  const groups: ChatJob[][] = []
  let turns = Infinity
  for (const job of jobs) {
    turns += job.messages.length
    if (turns > turnsTogether) {
      groups.push([])
      turns = job.messages.length
    }
    groups[groups.length - 1].push(job)
  }
  return groups
}

/** The part of a Worker that is used here. */
export type TemplateWorker = Pick<Worker, 'postMessage' | 'terminate' | 'addEventListener' | 'removeEventListener'>

/**
 * Renders in its own worker, made by `createWorker`. If an answer takes longer than `timeMs`, the worker is ended, and a new one is made
 * for the next call. Long conversations are rendered a few at a time.
 */
export function workerRenderer(
  createWorker: () => TemplateWorker,
  template: string,
  tokens: TemplateTokens = {},
  timeMs = limitMs,
): TemplateRenderer {
  let worker: TemplateWorker | undefined
  const close = (): void => {
    worker?.terminate()
    worker = undefined
  }
  const ask = async (request: TemplateRequest): Promise<ChatResult[]> => {
    const at = (worker ??= createWorker())
    const reply = await answer(at, request, timeMs).catch((error: unknown) => {
      close()
      throw error
    })
    if ('stopped' in reply) throw new UnsupportedError(reply.stopped)
    return reply.results
  }
  return {
    template,
    async render(jobs) {
      const results: ChatResult[] = []
      for (const group of groupsOf(jobs)) results.push(...(await ask({ template, tokens, jobs: stringifyJson(group) })))
      return results
    },
    close,
  }
}

function answer(worker: TemplateWorker, request: TemplateRequest, timeMs: number): Promise<TemplateReply> {
  return new Promise((resolve, reject) => {
    const finish = (act: () => void): void => {
      clearTimeout(timer)
      worker.removeEventListener('message', onMessage)
      worker.removeEventListener('error', onError)
      act()
    }
    const onMessage = (event: Event): void => finish(() => resolve((event as MessageEvent<TemplateReply>).data))
    const refuse = (got: Phrase): void =>
      finish(() =>
        reject(
          new UnsupportedError(
            say`chat template: expected an answer within ${timeMs / 1000} seconds, got ${got}. Use another model or a dataset without chat turns.`,
          ),
        ),
      )
    const onError = (event: Event): void => refuse(say`an error (${(event as ErrorEvent).message || say`the worker did not start`})`)
    const timer = setTimeout(() => refuse(say`none`), timeMs)
    worker.addEventListener('message', onMessage)
    worker.addEventListener('error', onError)
    worker.postMessage(request)
  })
}
