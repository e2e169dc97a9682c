// Asking a model: text in, text out, with the base or with an adapter on it; and how often it answers rows exactly.
import { Cancelled } from '../config/errors'
import type { SampleText } from '../config/run-reports'
import type { Dataset } from '../data/dataset'
import type { Gpu } from '../gpu/gpu'
import { decodeContinuation, type Tokenizer } from '../tokenizer/tokenizer'
import type { Adapter } from './adapter'
import { Generator, type GenerateOptions } from './generate'
import { type LoadedModel, setUpMethod } from './run'

/** Cache sizes are rounded up, so that one answerer serves many prompts. */
const roundTo = 256

/** Talks with one base and one adapter (or none); keeps its cache between prompts. */
export class Answerer {
  private generator: Generator | undefined

  constructor(
    private readonly gpu: Gpu,
    private readonly model: LoadedModel,
    private readonly adapter: Adapter | undefined,
  ) {}

  private async generatorFor(tokens: number): Promise<Generator> {
    const context = Math.min(this.model.file.config.context, Math.ceil(tokens / roundTo) * roundTo)
    if (this.generator && this.generator.context >= context) return this.generator
    this.release()
    const method =
      this.adapter &&
      (await setUpMethod(this.gpu.profile, this.model, this.adapter.method, this.adapter.settings, { initial: this.adapter.tensors }))
    const generator = new Generator(this.gpu, this.model.plan, method?.hooks ?? {}, method?.parameters, context)
    await generator.prepare()
    return (this.generator = generator)
  }

  /** Text after `promptIds`; `onText` gets all of it so far as it grows, and ends it by false. */
  async answer(
    promptIds: readonly number[],
    tokenizer: Tokenizer,
    options: Omit<GenerateOptions, 'onToken' | 'stop'>,
    onText?: (text: string) => boolean | void,
  ): Promise<{ text: string; tokens: number; complete: boolean }> {
    const virtual = this.adapter ? (this.adapter.method.virtualTokens?.(this.adapter.settings) ?? 0) : 0
    const generator = await this.generatorFor(promptIds.length + virtual + options.maxTokens + 1)
    const soFar: number[] = []
    const { ids, complete } = await generator.generate(promptIds, {
      ...options,
      stop: tokenizer.eos,
      onToken: (id) => {
        soFar.push(id)
        return onText?.(decodeContinuation(tokenizer, promptIds, soFar))
      },
    })
    return { text: decodeContinuation(tokenizer, promptIds, ids), tokens: ids.length, complete }
  }

  release(): void {
    this.generator?.release()
    this.generator = undefined
  }
}

export interface ExactMatch {
  matched: number
  rows: number
  /** The first few answers, for people. */
  samples: SampleText[]
}

const shownSamples = 8
/** Tokens beyond the expected answer's, so that a longer answer shows as one. */
const slack = 12

/** Whether `text` may still become `expected`. */
function mayBecome(text: string, expected: string): boolean {
  const [got, want] = [text.trim(), expected.trim()]
  return got.length <= want.length ? want.startsWith(got) : false
}

/** Answers rows greedily and counts those that equal their completion, spaces at the ends aside. */
export async function exactMatch(
  answerer: Answerer,
  dataset: Dataset,
  rows: ArrayLike<number>,
  tokenizer: Tokenizer,
  onProgress?: (fraction: number) => void,
  signal?: AbortSignal,
): Promise<ExactMatch> {
  const out: ExactMatch = { matched: 0, rows: 0, samples: [] }
  for (let i = 0; i < rows.length; i++) {
    if (signal?.aborted) throw new Cancelled()
    const question = dataset.question(rows[i])
    if (!question) continue
    const maxTokens = tokenizer.encode(question.expected, { addSpecial: false }).length + slack
    // Beyond the answers that are shown, one that has gone another way need not be finished.
    const goOn = out.samples.length < shownSamples ? undefined : (text: string) => mayBecome(text, question.expected)
    const { text } = await answerer.answer(question.promptIds, tokenizer, { maxTokens, temperature: 0, seed: 0, signal }, goOn)
    out.rows++
    if (text.trim() === question.expected.trim()) out.matched++
    if (out.samples.length < shownSamples)
      out.samples.push({ step: 0, prompt: tokenizer.decode(question.promptIds, { skipSpecial: true }), expected: question.expected, text })
    onProgress?.((i + 1) / rows.length)
  }
  return out
}
