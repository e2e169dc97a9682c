// From samples to token ids with a mark on each token: trained or only context.
import type { Asked, AskingForm } from '../config/asking'
import type { DataOptions } from '../config/data-options'
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import { withoutSpaceBefore } from '../tokenizer/added-token-splitter'
import type { TemplateRenderer } from '../tokenizer/template-renderer'
import type { Tokenizer } from '../tokenizer/tokenizer'
import type { UnreadKey } from '../tokenizer/template-renderer'
import {
  type Segment,
  chatRequest,
  namesDeveloper,
  plainSegments,
  promptJob,
  promptSegments,
  renderAll,
  renderedSegments,
  turnsSegments,
  unreadWithoutTemplate,
} from './prompt-form'
import { type PromptForm, writtenForm } from './row-asking'
import { RowProblem } from './row-values'
import type { Sample } from './sample'
import type { ChatMessage } from '../tokenizer/chat-message'

/** Turns text into ids, for training and for asking. */
export interface Encoder {
  tokenizer: Tokenizer
  /** Renders the model's chat template; absent = the model has none. */
  renderer?: TemplateRenderer
  form: PromptForm
  /** The form that the rows are trained in, so that prompts are asked in it; absent for rows of token ids. */
  asked?: AskingForm
  trainOn: DataOptions['trainOn']
}

/** An example before it is cut to length. */
export interface EncodedExample {
  ids: number[]
  /** 1 = this token is a training target. The first token is one only if virtual tokens precede it. */
  trained: Uint8Array
  /** Tokens [start, end) of the last answer, with its end token if a template wrote it; start 0 = the row has no prompt. */
  answerStart: number
  answerEnd: number
  /** The last answer's words in the row; absent for tokenised rows. */
  answer?: string
  /** End tokens after trained answers. */
  ends: readonly number[]
  /** Targets by position, if they differ from the ids: `labels` of tokenised rows. */
  labels?: Int32Array
  /** Keys of turns that were not read; number of turns that are not trained because the template does not show where they are. */
  unread?: readonly UnreadKey[]
  untold?: number
  /** The row's tools were not read. */
  unreadTools?: boolean
  /** Turns of the role developer that were read as system. */
  asSystem?: number
}

/** The samples as examples, in order; a RowProblem for a sample that cannot become one. */
export async function encodeSamples(samples: readonly Sample[], encoder: Encoder): Promise<(EncodedExample | RowProblem)[]> {
  const { renderer, form, trainOn } = encoder
  if (!renderer || encoder.asked !== 'template')
    return samples.map((sample) => {
      if (sample.kind === 'tokens') return tokenised(sample, encoder)
      const unread = unreadWithoutTemplate(sample)
      const asSystem = developersOf(sample)
      return orProblem(() => ({ ...encode(plainSegments(sample, form, trainOn), sample, encoder), unread, asSystem }))
    })
  const asked = samples.map((sample) =>
    sample.kind === 'pair' || sample.kind === 'chat' ? chatRequest(sample, form, trainOn, templateFor(sample, renderer)) : undefined,
  )
  const rendered = await renderAll(
    renderer,
    asked.flatMap((request) => (request ? [request.job] : [])),
  )
  let next = 0
  return samples.map((sample, i) => {
    if (sample.kind === 'tokens') return tokenised(sample, encoder)
    const request = asked[i]
    if (!request) return orProblem(() => encode(plainSegments(sample, form, trainOn), sample, encoder))
    const result = rendered[next++]
    if (result instanceof RowProblem) return result
    const untold = result.spans.filter((span) => !span).length
    if (untold === result.spans.length || result.spans.some((span, j) => !span && request.marks[j] === 'kept'))
      return new RowProblem(say`the chat template does not show where the answer begins and ends`)
    const { unread, unreadTools } = result
    const read = { unread, unreadTools, untold, asSystem: namesDeveloper(renderer.template) ? 0 : developersOf(sample) }
    return orProblem(() => ({ ...encode(renderedSegments(result, request.marks), sample, encoder), ...read }))
  })
}

const developersOf = (sample: Sample): number => (sample.kind === 'chat' ? (sample.developers?.length ?? 0) : 0)

const templateFor = (sample: Sample, { template, toolTemplate }: TemplateRenderer): string =>
  sample.kind === 'chat' && sample.tools !== undefined ? (toolTemplate ?? template) : template

/** A text that the tokenizer cannot take is a problem of its row. */
function orProblem(made: () => EncodedExample): EncodedExample | RowProblem {
  try {
    return made()
  } catch (error) {
    if (error instanceof FormatError) return new RowProblem(error.phrase)
    throw error
  }
}

/** What a prompt is asked with. */
interface Asker extends Pick<Encoder, 'tokenizer' | 'renderer'> {
  asked: Asked
}

/** The ids of a prompt as it is, after BOS if the tokenizer adds one. Special tokens written out in it are read as special tokens. */
function rawIds(prompt: string, tokenizer: Tokenizer): number[] {
  const ids = tokenizer.encode(prompt, { parseSpecial: true })
  const begun = tokenizer.prefix.every((id, i) => ids[i] === id)
  return begun ? ids : [...tokenizer.prefix, ...ids]
}

/** The prompt of a conversation that is asked without a chat template. @throws FormatError if it has other turns */
function onlyPrompt(messages: readonly ChatMessage[]): string {
  const [turn, ...more] = messages
  if (turn?.role === 'user' && !more.length) return turn.content
  throw new FormatError(
    say`messages: expected one user turn, because this model is asked without a chat template, got ${messages.map(({ role }) => role).join(', ') || say`none`}. Send one user turn.`,
  )
}

/**
 * The ids that ask `prompt`, a text or the turns of a conversation: the same as before an answer in training.
 * @throws FormatError if the template is missing or refuses it, or a form without a template is asked for several turns
 */
export async function promptIds(
  prompt: string | readonly ChatMessage[],
  { tokenizer, renderer, asked: { form: asked, ...words } }: Asker,
): Promise<number[]> {
  const messages = typeof prompt === 'string' ? [{ role: 'user', content: prompt }] : prompt
  if (asked === 'raw') return rawIds(onlyPrompt(messages), tokenizer)
  const form = writtenForm(words, tokenizer)
  if (asked === 'chat') return idsOf(turnsSegments(messages, form), tokenizer).ids
  if (asked !== 'template') return idsOf(promptSegments(onlyPrompt(messages), asked, form), tokenizer).ids
  if (!renderer)
    throw new FormatError(
      say`prompt: expected the chat template that the answers were trained with, got a base model without a template. Ask with the prompt as it is, or load the base model with its template.`,
    )
  const [result] = await renderAll(renderer, [promptJob(messages, form)])
  if (result instanceof RowProblem)
    throw new FormatError(
      say`The chat template does not accept this prompt: ${result.phrase}. Change the prompt, or ask with the prompt as it is.`,
    )
  return idsOf([{ text: result.text, rendered: true, trained: false }], tokenizer).ids
}

const [context, learnt, kept] = [0, 1, 2]

function encode(segments: readonly Segment[], sample: Sample, encoder: Encoder): EncodedExample {
  const { tokenizer, trainOn } = encoder
  const made = idsOf(segments, tokenizer)
  const { ids, trained } = made
  // Without a special token at the end of an answer, the model would learn never to stop.
  const [eos] = tokenizer.eos
  if (made.rendered && eos !== undefined && trained[ids.length - 1] === learnt && !tokenizer.isSpecial(ids[ids.length - 1])) {
    ids.push(eos)
    trained.push(learnt)
    made.ends.add(eos)
  }
  // All of a text is trained, including the tokens that the tokenizer puts before it.
  const everything = trainOn === 'everything' || sample.kind === 'text'
  const marks = Uint8Array.from(trained, (mark) => (mark === learnt || (everything && mark !== kept) ? 1 : 0))
  const { answerStart, answerEnd } = made
  return { ids, trained: marks, answerStart, answerEnd, answer: answerOf(sample), ends: [...made.ends] }
}

function answerOf(sample: Sample): string | undefined {
  if (sample.kind === 'pair') return sample.completion
  if (sample.kind !== 'chat') return undefined
  return sample.messages.findLast((m, i) => m.role === 'assistant' && !sample.context?.includes(i))?.content
}

/** Segments are encoded one by one, so that a prompt's ids are the same with and without its answer. */
function idsOf(
  segments: readonly Segment[],
  tokenizer: Tokenizer,
): { ids: number[]; trained: number[]; answerStart: number; answerEnd: number; ends: Set<number>; rendered: boolean } {
  const rendered = segments.some((s) => 'text' in s && s.rendered === true)
  const ids: number[] = rendered ? [] : [...tokenizer.prefix]
  const trained: number[] = ids.map(() => context)
  const ends = new Set<number>()
  let [answerStart, answerEnd] = [0, 0]
  let continues = false
  let closed = false
  for (const segment of segments) {
    const piece: readonly number[] =
      'end' in segment
        ? tokenizer.eos.slice(0, closed ? 0 : 1)
        : tokenizer.encode(textBehind(ids, segment, tokenizer), { parseSpecial: segment.rendered || segment.special, continues })
    if ('text' in segment) continues ||= segment.text !== ''
    if ('answer' in segment && segment.answer) answerStart = ids.length
    for (const id of piece) {
      ids.push(id)
      trained.push(segment.kept ? kept : segment.trained ? learnt : context)
    }
    if ('answer' in segment && segment.answer) answerEnd = ids.length
    const last = piece.at(-1)
    closed = 'closes' in segment && segment.closes === true && last !== undefined && endsAnswers(last, tokenizer)
    const mayEnd = segment.trained && ('end' in segment || segment.rendered) && last !== undefined && tokenizer.isSpecial(last)
    if (last !== undefined && (closed || mayEnd)) ends.add(last)
  }
  return { ids, trained, answerStart, answerEnd, ends, rendered }
}

/** Whether a token at the end of a template can end answers: no text of a row becomes it by chance. */
const endsAnswers = (id: number, tokenizer: Tokenizer): boolean =>
  tokenizer.isSpecial(id) || (tokenizer.isAdded(id) && tokenizer.token(id).trim() !== '')

/** A segment's text. In rendered text, some tokens take the white space after them, which is then left out. */
const textBehind = (ids: readonly number[], { text, rendered }: { text: string; rendered?: boolean }, tokenizer: Tokenizer): string =>
  rendered && ids.length && tokenizer.takesSpace?.(ids[ids.length - 1]) ? withoutSpaceBefore(text) : text

/** Tokenised rows, read exactly as transformers does: each label is at the position of its token, and -100 is not trained. */
function tokenised(sample: Sample & { kind: 'tokens' }, { tokenizer, trainOn }: Encoder): EncodedExample {
  const { ids, labels } = sample
  const masked = labels && trainOn !== 'everything' ? labels : undefined
  const trained = Uint8Array.from(ids, (_, i) => (masked?.[i] === -100 ? 0 : 1))
  // The last stretch of trained tokens is the last answer. Its prompt has at least the first token.
  const answerEnd = trained.lastIndexOf(1) + 1
  const answerStart = masked ? Math.max(1, trained.lastIndexOf(0, answerEnd - 1) + 1) : 0
  const last = (masked ?? ids)[answerEnd - 1]
  const ends = last !== undefined && tokenizer.isSpecial(last) ? [last] : []
  const differs = masked?.some((label, i) => label !== -100 && label !== ids[i])
  return { ids, trained, answerStart, answerEnd, ends, ...(masked && differs && { labels: Int32Array.from(masked) }) }
}
