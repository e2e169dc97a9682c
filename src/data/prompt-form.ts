// How samples become text, and which parts of it are trained. The box that generates text asks in
// the same form, through `promptSegments`.
//
// With a chat template: prompt and completion are a user turn and an assistant turn of the template.
// Without one:
//   pairs  "{task}\n{prompt}{separator}{completion}<eos>", where the separator is a line break, or
//          nothing where the data brings its own space (see `separatorFor`)
//   chats  "System: …\n", "User: …\n", "Tool: …\n", "Assistant: …<eos>\n"
//   text   "{text}<eos>"
// BOS stands in front where the tokenizer wants it; templates write their own.
import type { AskingForm } from '../config/asking'
import type { DataOptions } from '../config/data-options'
import { stringifyJson } from '../config/exact-json'
import type { ChatMessage } from '../tokenizer/chat-template'
import type { ChatJob, TemplateRenderer } from '../tokenizer/template-renderer'
import { RowProblem } from './row-values'
import type { Sample } from './sample'

/** A piece of an example: text (special tokens are read only in what a template rendered), or the end token. */
export type Segment = { text: string; rendered?: boolean; trained: boolean; answer?: boolean } | { end: true; trained: boolean }

export interface Task {
  /** Words in front of every prompt. */
  taskDescription?: string
}

export interface PromptForm extends Task {
  /** Between prompt and completion where there is no chat template. */
  separator: '' | '\n'
}

/**
 * The separator for a dataset's pairs: none where most prompts end, or most completions begin, with white space
 * (as in data made for completion models), else a line break.
 */
export function separatorFor(samples: readonly Sample[]): PromptForm['separator'] {
  const pairs = samples.flatMap((s) => (s.kind === 'pair' ? [s] : []))
  const spaced = pairs.filter((s) => /\s$/.test(s.prompt) || /^\s/.test(s.completion)).length
  return spaced * 2 > pairs.length ? '' : '\n'
}

/** A sample's turns for the template. */
export function chatJob(sample: Sample & { kind: 'pair' | 'chat' }, form: PromptForm, trainOn: 'last' | 'all', template: string): ChatJob {
  return {
    messages: forTemplate(described(turnsOf(sample), form), template),
    ...(sample.kind === 'chat' && sample.tools !== undefined ? { tools: sample.tools } : {}),
    want: trainOn,
  }
}

/** Segments of a sample that needs no template; `all` trains every assistant turn, `last` the last one. */
export function plainSegments(sample: Sample & { kind: 'text' | 'pair' | 'chat' }, form: PromptForm, trainOn: 'last' | 'all'): Segment[] {
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
  const messages = described(turnsOf(sample), form)
  const last = messages.findLastIndex((m) => m.role === 'assistant')
  const tools: Segment[] =
    sample.tools === undefined
      ? []
      : [{ text: `Tools: ${typeof sample.tools === 'string' ? sample.tools : stringifyJson(sample.tools)}\n`, trained: false }]
  return [
    ...tools,
    ...messages
      .slice(0, last + 1)
      .flatMap((m, i) => turnSegments(m, i === last || (trainOn === 'all' && m.role === 'assistant'), i < last)),
  ]
}

/** The form that rows of `format` are trained in, so that prompts are asked in it; token ids say nothing of theirs. */
export function askingForm(format: DataOptions['format'], form: PromptForm, hasTemplate: boolean): AskingForm | undefined {
  if (format === 'tokens') return undefined
  if (format === 'text') return 'text'
  if (hasTemplate) return 'template'
  if (format === 'messages' || format === 'conversations') return 'chat'
  return form.separator === '\n' ? 'line' : 'joined'
}

/** What stands before the answer when `prompt` is asked in a form without a template. */
export function promptSegments(prompt: string, asked: Exclude<AskingForm, 'template'>, task: Task): Segment[] {
  if (asked === 'text') return [{ text: prompt, trained: false }]
  if (asked !== 'chat') return pairPrompt(prompt, { ...task, separator: asked === 'line' ? '\n' : '' })
  return [
    ...described([{ role: 'user', content: prompt }], task).flatMap((m) => turnSegments(m, false, true)),
    { text: 'Assistant:', trained: false },
  ]
}

/** The same as a job for the template. */
export function promptJob(prompt: string, task: Task): ChatJob {
  return { messages: described([{ role: 'user', content: prompt }], task), want: 'prompt' }
}

/** Segments of a rendered conversation: what the wanted turns wrote is trained. */
export function renderedSegments(text: string, spans: readonly { start: number; end: number }[]): Segment[] {
  const segments: Segment[] = []
  let at = 0
  spans.forEach(({ start, end }, i) => {
    if (start > at) segments.push({ text: text.slice(at, start), rendered: true, trained: false })
    segments.push({ text: text.slice(start, end), rendered: true, trained: true, answer: i === spans.length - 1 })
    at = end
  })
  return segments
}

/** Renders jobs in one go; a conversation that the template refuses is a RowProblem in its place. */
export async function renderAll(
  renderer: TemplateRenderer,
  jobs: ChatJob[],
): Promise<({ text: string; spans: { start: number; end: number }[] } | RowProblem)[]> {
  const results = jobs.length ? await renderer.render(jobs) : []
  return results.map((result) => ('problem' in result ? new RowProblem(result.problem) : result))
}

function pairPrompt(prompt: string, form: PromptForm, system?: string): Segment[] {
  const lines = [system, form.taskDescription, prompt].filter((part) => part)
  return [{ text: lines.join('\n') + form.separator, trained: false }]
}

function turnsOf(sample: Sample & { kind: 'pair' | 'chat' }): ChatMessage[] {
  if (sample.kind === 'chat') return sample.messages.slice(0, sample.messages.findLastIndex((m) => m.role === 'assistant') + 1)
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

/** The space before the words belongs to them: so `Assistant:` is what a prompt ends with. */
function turnSegments(message: ChatMessage, trained: boolean, more: boolean): Segment[] {
  const calls = message.tool_calls === undefined ? '' : stringifyJson(message.tool_calls)
  const words = [message.content, calls].filter((part) => part).join('\n')
  const label = `${labels[message.role] ?? message.role}:`
  if (message.role !== 'assistant') return [{ text: `${label} ${words}\n`, trained: false }]
  const after: Segment[] = more ? [{ text: '\n', trained: false }] : []
  return [{ text: label, trained: false }, { text: ` ${words}`, trained, answer: !more }, { end: true, trained }, ...after]
}
