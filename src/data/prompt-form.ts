// How samples become text, and which parts of the text are trained. The chat asks in the same form,
// through `promptSegments`.
//
// With a chat template: prompt and completion are a user turn and an assistant turn of the template.
// Without one:
//   pairs  "{task}\n{prompt}{separator}{completion}<eos>", where the separator is a line break, or
//          nothing if the data has its own space there (see `separatorFor`)
//   chats  "System: …\n", "User: …\n", "Tool: …\n", "Assistant: …<eos>\n"
//   text   "{text}<eos>"
// BOS comes first if the tokenizer adds one; templates write their own.
import type { AskingForm } from '../config/asking'
import { stringifyJson } from '../config/exact-json'
import type { ChatMessage } from '../tokenizer/chat-message'
import type { DataOptions } from '../config/data-options'
import { type ChatJob, type RenderedChat, type TemplateRenderer, type UnreadKey, unreadKeys } from '../tokenizer/template-renderer'
import { parsedArguments, withCalls } from '../tokenizer/tool-calls'
import { RowProblem } from './row-values'
import type { Sample } from './sample'

/**
 * A piece of an example: text, or the end token. Special tokens are read only in text that a template rendered. A piece that is `kept`
 * is context even if everything else is trained.
 */
export type Segment = { trained: boolean; kept?: boolean } & ({ text: string; rendered?: boolean; answer?: boolean } | { end: true })

type TrainOn = DataOptions['trainOn']

export interface Task {
  /** Text before every prompt. */
  taskDescription?: string
}

export interface PromptForm extends Task {
  /** Between prompt and completion, without a chat template. */
  separator: '' | '\n'
}

/**
 * The separator for a dataset's pairs: nothing if most pairs have white space between prompt and completion already (as in data made
 * for completion models), otherwise a line break.
 */
export function separatorFor(samples: readonly Sample[]): PromptForm['separator'] {
  const pairs = samples.flatMap((s) => (s.kind === 'pair' ? [s] : []))
  const spaced = pairs.filter((s) => /\s$/.test(s.prompt) || /^\s/.test(s.completion)).length
  return spaced * 2 > pairs.length ? '' : '\n'
}

/** A sample's turns for the template, and a mark for each turn whose place in the rendered text is needed. */
interface ChatRequest {
  job: ChatJob
  marks: readonly TurnMark[]
}

/** trained = a target; answer = a target, and the answer that the prompt asks for; kept = context even if everything else is trained. */
type TurnMark = 'trained' | 'answer' | 'kept'

export function chatRequest(sample: Sample & { kind: 'pair' | 'chat' }, form: PromptForm, trainOn: TrainOn, template: string): ChatRequest {
  const messages = turnsOf(sample, trainOn)
  const marks = messages.map((_, i) => turnMark(i, messages, contextOf(sample), trainOn))
  const want = marks.flatMap((mark, i) => (mark ? [i] : []))
  return {
    job: {
      messages: forTemplate(described(messages, form), template),
      ...(sample.kind === 'chat' && sample.tools !== undefined ? { tools: sample.tools } : {}),
      want,
    },
    marks: marks.filter((mark) => mark !== undefined),
  }
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
    return [
      ...pairPrompt(sample.prompt, form, sample.system),
      { text: sample.completion, trained: true, answer: true },
      { end: true, trained: true },
    ]
  const messages = described(turnsOf(sample, trainOn), form)
  const tools: Segment[] =
    sample.tools === undefined
      ? []
      : [{ text: `Tools: ${typeof sample.tools === 'string' ? sample.tools : stringifyJson(sample.tools)}\n`, trained: false }]
  const last = messages.length - 1
  return [...tools, ...messages.flatMap((m, i) => turnSegments(m, turnMark(i, messages, contextOf(sample), trainOn), i < last))]
}

/** Keys of a conversation that are not read without a template. */
export const unreadWithoutTemplate = (sample: Sample): UnreadKey[] =>
  sample.kind === 'chat' ? sample.messages.flatMap((message) => unreadKeys(message, plainKeys)) : []

const plainKeys: ReadonlySet<string> = new Set(['role', 'content', 'tool_calls'])

/** The form that rows of `format` are trained in, so that prompts are asked in it; unknown for token ids. */
export function askingForm(format: DataOptions['format'], form: PromptForm, hasTemplate: boolean): AskingForm | undefined {
  if (format === 'tokens') return undefined
  if (format === 'text') return 'text'
  if (hasTemplate) return 'template'
  if (format === 'messages' || format === 'conversations') return 'chat'
  return form.separator === '\n' ? 'line' : 'joined'
}

/** The text before the answer when `prompt` is asked in a form without a template. */
export function promptSegments(prompt: string, asked: Exclude<AskingForm, 'template'>, task: Task): Segment[] {
  if (asked === 'text') return [{ text: prompt, trained: false }]
  if (asked !== 'chat') return pairPrompt(prompt, { ...task, separator: asked === 'line' ? '\n' : '' })
  return [
    ...described([{ role: 'user', content: prompt }], task).flatMap((m) => turnSegments(m, undefined, true)),
    { text: 'Assistant:', trained: false },
  ]
}

/** The same as a job for the template. */
export function promptJob(prompt: string, task: Task): ChatJob {
  return { messages: described([{ role: 'user', content: prompt }], task), want: 'prompt' }
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

function pairPrompt(prompt: string, form: PromptForm, system?: string): Segment[] {
  const lines = [system, form.taskDescription, prompt].filter((part) => part)
  return [{ text: lines.join('\n') + form.separator, trained: false }]
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

function described(messages: ChatMessage[], form: Task): ChatMessage[] {
  const first = messages.findIndex((m) => m.role === 'user')
  if (!form.taskDescription || first < 0) return messages
  return messages.map((m, i) => (i === first ? { ...m, content: `${form.taskDescription}\n${m.content}` } : m))
}

/** Templates that know nothing of tools would leave their results out: there they come as the user's words. */
function forTemplate(messages: ChatMessage[], template: string): ChatMessage[] {
  if (template.includes('tool')) return messages
  return messages.map((m) => (m.role === 'tool' ? { ...m, role: 'user' } : m))
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
