// From samples to token ids with a mark on each token: trained or only context.
import type { DataOptions } from '../config/data-options'
import type { TemplateRenderer } from '../tokenizer/template-renderer'
import type { Tokenizer } from '../tokenizer/tokenizer'
import {
  type PromptForm,
  type Segment,
  chatJob,
  plainSegments,
  promptJob,
  promptSegments,
  renderAll,
  renderedSegments,
} from './prompt-form'
import { RowProblem } from './row-values'
import type { Sample } from './sample'

/** What turns text into ids, the same for training and for asking. */
export interface Encoder {
  tokenizer: Tokenizer
  /** Renders the model's chat template; absent = the model has none, or it shall not be used. */
  renderer?: TemplateRenderer
  form: PromptForm
  trainOn: DataOptions['trainOn']
}

/** An example before it is cut to length. */
export interface EncodedExample {
  ids: number[]
  /** 1 = this token is a training target. The first token never is: nothing stands before it. */
  trained: Uint8Array
  /** Tokens [start, end) of the last answer; start 0 = there is no prompt to ask with. */
  answerStart: number
  answerEnd: number
  /** The last answer's words, to compare with; absent for tokenised rows. */
  answer?: string
  /** Targets by position where they are other tokens than the ids: `labels` of tokenised rows. */
  labels?: Int32Array
}

/** Examples of samples, in order; a sample that cannot become one gives a RowProblem. */
export async function encodeSamples(samples: readonly Sample[], encoder: Encoder): Promise<(EncodedExample | RowProblem)[]> {
  const { renderer, form, trainOn } = encoder
  const turns = trainOn === 'all-assistant' ? 'all' : 'last'
  if (!renderer)
    return samples.map((sample) =>
      sample.kind === 'tokens' ? tokenised(sample, trainOn) : encode(plainSegments(sample, form, turns), sample, encoder),
    )
  const asked = samples.map((sample) =>
    sample.kind === 'pair' || sample.kind === 'chat' ? chatJob(sample, form, turns, renderer.template) : undefined,
  )
  const rendered = await renderAll(
    renderer,
    asked.filter((job) => job !== undefined),
  )
  let next = 0
  return samples.map((sample, i) => {
    if (sample.kind === 'tokens') return tokenised(sample, trainOn)
    if (!asked[i]) return encode(plainSegments(sample, form, turns), sample, encoder)
    const result = rendered[next++]
    return result instanceof RowProblem ? result : encode(renderedSegments(result.text, result.spans), sample, encoder)
  })
}

/** The ids to ask `prompt` with, in the form that the dataset's rows have: what stands before an answer in training. */
export async function promptIds(prompt: string, encoder: Encoder): Promise<number[]> {
  const { tokenizer, renderer, form } = encoder
  if (!renderer) return idsOf(promptSegments(prompt, form, false), tokenizer).ids
  const [result] = await renderAll(renderer, [promptJob(prompt, form)])
  if (result instanceof RowProblem) throw result
  return idsOf([{ text: result.text, rendered: true, trained: false }], tokenizer).ids
}

function encode(segments: readonly Segment[], sample: Sample, encoder: Encoder): EncodedExample {
  const { tokenizer, trainOn } = encoder
  const made = idsOf(segments, tokenizer)
  const { ids, trained } = made
  // A template that ends an answer without a special token would train a model that never stops.
  const [eos] = tokenizer.eos
  if (made.rendered && eos !== undefined && !tokenizer.isSpecial(ids[ids.length - 1])) {
    ids.push(eos)
    trained.push(1)
  }
  const marks = trainOn === 'everything' ? new Uint8Array(ids.length).fill(1) : Uint8Array.from(trained)
  marks[0] = 0
  return { ids, trained: marks, answerStart: made.answerStart, answerEnd: made.answerEnd, answer: answerOf(sample) }
}

function answerOf(sample: Sample): string | undefined {
  if (sample.kind === 'pair') return sample.completion
  return sample.kind === 'chat' ? sample.messages.findLast((m) => m.role === 'assistant')?.content : undefined
}

/** Segments are encoded one by one, so that a prompt's ids are the same with and without its answer. */
function idsOf(
  segments: readonly Segment[],
  tokenizer: Tokenizer,
): { ids: number[]; trained: number[]; answerStart: number; answerEnd: number; rendered: boolean } {
  const rendered = segments.some((s) => 'text' in s && s.rendered === true)
  const ids: number[] = rendered ? [] : [...tokenizer.prefix]
  const trained: number[] = ids.map(() => 0)
  let [answerStart, answerEnd] = [0, 0]
  let continues = false
  for (const segment of segments) {
    const piece =
      'end' in segment ? tokenizer.eos.slice(0, 1) : tokenizer.encode(segment.text, { parseSpecial: segment.rendered, continues })
    if ('text' in segment) continues ||= segment.text !== ''
    if ('answer' in segment && segment.answer) answerStart = ids.length
    for (const id of piece) {
      ids.push(id)
      trained.push(segment.trained ? 1 : 0)
    }
    if ('answer' in segment && segment.answer) answerEnd = ids.length
  }
  return { ids, trained, answerStart, answerEnd, rendered }
}

/** Tokenised rows, exactly as transformers reads them: labels stand at the position of their token, -100 is not trained. */
function tokenised(sample: Sample & { kind: 'tokens' }, trainOn: DataOptions['trainOn']): EncodedExample {
  const { ids, labels } = sample
  const trained = Uint8Array.from(ids, (_, i) => (i > 0 && (!labels || trainOn === 'everything' || labels[i] !== -100) ? 1 : 0))
  const answerStart = labels && trainOn !== 'everything' ? Math.max(0, trained.indexOf(1)) : 0
  const differs = labels && trainOn !== 'everything' && labels.some((label, i) => label !== -100 && label !== ids[i])
  return { ids, trained, answerStart, answerEnd: answerStart ? ids.length : 0, ...(differs ? { labels: Int32Array.from(labels) } : {}) }
}
