// How samples become text, and which parts of the text are trained. The chat asks in the same form,
// through `promptSegments` and `turnsSegments`.
//
// With a chat template: prompt and completion are a user turn and an assistant turn of the template.
// Without one:
//   pairs  the prompt template, with "{system}\n{task}\n{prompt}" and the completion in their places
//   chats  "System: …\n", "User: …\n", "Tool: …\n", "Assistant: …<eos>\n"
//   text   "{text}<eos>"
// <eos> follows an answer that does not end with a token of the prompt template. BOS comes first if the tokenizer adds one; templates
// write their own.
import { stringifyJson } from '../config/exact-json'
import type { ChatMessage } from '../tokenizer/chat-message'
import type { DataOptions } from '../config/data-options'
import { checkTemplate } from '../config/prompt-template'
import { type ChatJob, type RenderedChat, type TemplateRenderer, type UnreadKey, unreadKeys } from '../tokenizer/template-renderer'
import { parsedArguments, withCalls } from '../tokenizer/tool-calls'
import type { PromptForm } from './row-asking'
import { RowProblem } from './row-values'
import type { Sample } from './sample'

interface TextSegment {
  text: string
  /** A chat template rendered it. */
  rendered?: boolean
  /** Special tokens in it are read as tokens. */
  special?: boolean
  answer?: boolean
  /** If its last token is special or was added to the vocabulary, that token ends the answer. */
  closes?: boolean
}

/** A piece of an example: text, or the end token. A piece that is `kept` is context even if everything else is trained. */
export type Segment = { trained: boolean; kept?: boolean } & (TextSegment | { end: true })

type TrainOn = DataOptions['trainOn']

/** A sample's turns for the template, and a mark for each turn whose place in the rendered text is needed. */
interface ChatRequest {
  job: ChatJob
  marks: readonly TurnMark[]
}

/** trained = a target; answer = a target, and the answer that the prompt asks for; kept = context even if everything else is trained. */
type TurnMark = 'trained' | 'answer' | 'kept'

export function chatRequest(sample: Sample & { kind: 'pair' | 'chat' }, form: PromptForm, trainOn: TrainOn, template: string): ChatRequest {
  const { messages, marks } = markedTurns(sample, form, trainOn)
  return {
    job: {
      messages: forTemplate(messages, template, sample),
      ...(sample.kind === 'chat' && sample.tools !== undefined ? { tools: sample.tools } : {}),
      want: marks.flatMap((mark, i) => (mark ? [i] : [])),
    },
    marks: marks.filter((mark) => mark !== undefined),
  }
}

interface MarkedTurns {
  messages: ChatMessage[]
  marks: (TurnMark | undefined)[]
}

/** The turns of a row with the words around them, and what each turn is for. */
function markedTurns(sample: Sample & { kind: 'pair' | 'chat' }, form: PromptForm, trainOn: TrainOn): MarkedTurns {
  const turns = turnsOf(sample, trainOn)
  const messages = described(turns, form)
  const marks = turns.map((_, i) => turnMark(i, turns, contextOf(sample), trainOn))
  return { messages, marks: messages.length > turns.length ? [undefined, ...marks] : marks }
}

const contextOf = (sample: Sample): readonly number[] => (sample.kind === 'chat' ? (sample.context ?? []) : [])

function turnMark(i: number, messages: readonly ChatMessage[], context: readonly number[], trainOn: TrainOn): TurnMark | undefined {
  const mayLearn = (m: ChatMessage, at: number): boolean => m.role === 'assistant' && !context.includes(at)
  if (i === messages.findLastIndex(mayLearn)) return 'answer'
  if (trainOn === 'everything') return context.includes(i) ? 'kept' : undefined
  return trainOn === 'all-assistant' && mayLearn(messages[i], i) ? 'trained' : undefined
}

/** Segments of a sample that needs no template. */
export function plainSegments(sample: Sample & { kind: 'text' | 'pair' | 'chat' }, form: PromptForm, trainOn: TrainOn): Segment[] {
  if (sample.kind === 'text')
    return [
      { text: sample.text, trained: true },
      { end: true, trained: true },
    ]
  if (sample.kind === 'pair')
    return [pairPrompt(sample.prompt, form, sample.system), pairAnswer(sample.completion, form), { end: true, trained: true }]
  const { messages, marks } = markedTurns(sample, form, trainOn)
  const tools: Segment[] =
    sample.tools === undefined
      ? []
      : [{ text: `Tools: ${typeof sample.tools === 'string' ? sample.tools : stringifyJson(sample.tools)}\n`, trained: false }]
  const last = messages.length - 1
  return [...tools, ...messages.flatMap((m, i) => turnSegments(m, marks[i], i < last))]
}

/** Keys of a conversation that are not read without a template. */
export const unreadWithoutTemplate = (sample: Sample): UnreadKey[] =>
  sample.kind === 'chat' ? sample.messages.flatMap((message) => unreadKeys(message, plainKeys)) : []

const plainKeys: ReadonlySet<string> = new Set(['role', 'content', 'tool_calls'])

/** The text before the answer when `prompt` is asked in a form that has no place for earlier turns. */
export function promptSegments(prompt: string, asked: 'text' | 'pair', form: PromptForm): Segment[] {
  return asked === 'text' ? [{ text: prompt, trained: false }] : [pairPrompt(prompt, form)]
}

/** The text before the answer of a conversation without a template. */
export function turnsSegments(messages: readonly ChatMessage[], form: PromptForm): Segment[] {
  return [...described(messages, form).flatMap((m) => turnSegments(m, undefined, true)), { text: 'Assistant:', trained: false }]
}

/** The same as a job for the template. */
export function promptJob(messages: readonly ChatMessage[], form: PromptForm): ChatJob {
  return { messages: described(messages, form), want: 'prompt' }
}

/** Segments of a rendered conversation up to the last turn whose place is needed; turns without a place are context. */
export function renderedSegments({ text, spans }: RenderedChat, marks: readonly TurnMark[]): Segment[] {
  const segments: Segment[] = []
  let at = 0
  spans.forEach((span, i) => {
    if (!span) return
    const { start, end } = span
    if (start > at) segments.push({ text: text.slice(at, start), rendered: true, trained: false })
    const mark = marks[i]
    segments.push({
      text: text.slice(start, end),
      rendered: true,
      trained: mark !== 'kept',
      kept: mark === 'kept',
      answer: mark === 'answer',
    })
    at = end
  })
  return segments
}

/** Renders all jobs. A conversation that the template refuses becomes a RowProblem. */
export async function renderAll(renderer: TemplateRenderer, jobs: ChatJob[]): Promise<(RenderedChat | RowProblem)[]> {
  const results = jobs.length ? await renderer.render(jobs) : []
  return results.map((result) => ('problem' in result ? new RowProblem(result.problem) : result))
}

function pairPrompt(prompt: string, { promptTemplate, special, taskDescription, systemWords }: PromptForm, system = systemWords): Segment {
  const { before, between } = checkTemplate(promptTemplate)
  const lines = [system, taskDescription, prompt].filter((part) => part)
  return { text: before + lines.join('\n') + between, trained: false, special }
}

function pairAnswer(completion: string, { promptTemplate, special }: PromptForm): Segment {
  const { after } = checkTemplate(promptTemplate)
  return { text: completion + after, trained: true, special, answer: true, closes: after !== '' }
}

/** The turns up to the last answer: nothing behind it is trained. */
function turnsOf(sample: Sample & { kind: 'pair' | 'chat' }, trainOn: TrainOn): ChatMessage[] {
  if (sample.kind === 'chat') {
    const { messages } = sample
    const context = trainOn === 'completion' ? contextOf(sample) : []
    return messages.slice(0, messages.findLastIndex((m, i) => m.role === 'assistant' && !context.includes(i)) + 1)
  }
  const system = sample.system ? [{ role: 'system', content: sample.system }] : []
  return [...system, { role: 'user', content: sample.prompt }, { role: 'assistant', content: sample.completion }]
}

/** The turns with the system words, if they have none of their own, and with the task description before the first question. */
function described(turns: readonly ChatMessage[], { taskDescription, systemWords }: PromptForm): ChatMessage[] {
  const first = turns.findIndex((m) => m.role === 'user')
  const messages =
    taskDescription && first >= 0 ? turns.map((m, i) => (i === first ? { ...m, content: `${taskDescription}\n${m.content}` } : m)) : turns
  return systemWords && !turns.some((m) => m.role === 'system') ? [{ role: 'system', content: systemWords }, ...messages] : [...messages]
}

/** Whether the template knows the role developer. */
export const namesDeveloper = (template: string): boolean => /\bdeveloper\b/.test(template)

/**
 * Templates that know nothing of tools would leave their results out: there they come as the user's words. Those that know the role
 * developer get it. No words were put before a conversation with such a turn, so its place is still the same.
 */
function forTemplate(messages: ChatMessage[], template: string, sample: Sample): ChatMessage[] {
  const developers = sample.kind === 'chat' && namesDeveloper(template) ? (sample.developers ?? []) : []
  const hasTools = template.includes('tool')
  return messages.map((m, i) => {
    if (developers.includes(i)) return { ...m, role: 'developer' }
    return m.role === 'tool' && !hasTools ? { ...m, role: 'user' } : m
  })
}

const labels: Readonly<Record<string, string>> = { system: 'System', user: 'User', tool: 'Tool', assistant: 'Assistant' }

/** The space before the words belongs to the words, so a prompt ends with `Assistant:`. */
function turnSegments(message: ChatMessage, mark: TurnMark | undefined, more: boolean): Segment[] {
  const { tool_calls } = withCalls(message, parsedArguments)
  const calls = tool_calls === undefined ? '' : typeof tool_calls === 'string' ? tool_calls : stringifyJson(tool_calls)
  const words = [message.content, calls].filter((part) => part).join('\n')
  const label = `${labels[message.role] ?? message.role}:`
  const kept = mark === 'kept'
  if (message.role !== 'assistant') return [{ text: `${label} ${words}\n`, trained: false, kept }]
  const trained = mark !== undefined && !kept
  const after: Segment[] = more ? [{ text: '\n', trained: false }] : []
  const answer = mark === 'answer'
  return [{ text: label, trained: false }, { text: ` ${words}`, trained, kept, answer }, { end: true, trained, kept }, ...after]
}
