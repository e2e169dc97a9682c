// Asks a model: takes a prompt and returns text, from the base model or from adapters.
import type { TokenPieces } from '../config/answered-rows'
import type { Gpu } from '../gpu/gpu'
import { type Tokenizer, decodeContinuation } from '../tokenizer/tokenizer'
import { standsBeside } from './side-by-side'
import { tokenPieces } from './token-pieces'
import type { Adapter } from '../peft/method'
import { type Ask, type DecodingLane, type GenerateOptions, Generator } from './generate'
import type { LoadedModel } from '../peft/loaded-model'
import { setUpMethod } from '../train/run'

/** Cache sizes are rounded up, so that one answerer serves many prompts. */
const roundTo = 256

export interface Question {
  promptIds: readonly number[]
  tokenizer: Tokenizer
  options: Omit<GenerateOptions, 'onToken' | 'stop'>
  /** Ids that end the answer, in addition to the tokenizer's and the adapter's own. */
  ends?: readonly number[]
  /** false = special tokens are part of the text. */
  skipSpecial?: boolean
  /** Called with the whole text so far as it grows; returns false to end the answer. */
  onText?: (text: string) => boolean | void
}

export interface Answer {
  text: string
  tokens: number
  complete: boolean
  /** If `probabilities` were asked for, and the text can be cut into tokens. */
  pieces?: TokenPieces
  /** Tokens of the prompt that were in the cache (see `continues`). */
  cached: number
  /** From the first token of the prompt to the last of the answer. */
  timeMs: number
}

/** A generator, and the indices of the questions that it answers. */
interface Group {
  generator: Generator
  places: readonly number[]
}

/** Answers questions with one base model and one or several adapters (or none) at once. Keeps its caches between prompts. */
export class Answerer {
  private groups: Group[] = []
  private context = 0

  /** Each of `adapters` answers up to `rows` questions. */
  constructor(
    private readonly gpu: Gpu,
    private readonly model: LoadedModel,
    private readonly adapters: readonly (Adapter | undefined)[],
    readonly rows = 1,
  ) {}

  private async lane(adapter: Adapter | undefined): Promise<DecodingLane> {
    if (!adapter) return { hooks: {}, rows: this.rows }
    const { gpu, model } = this
    const { hooks, parameters } = await setUpMethod(gpu.profile, model, adapter.method, adapter.settings, { initial: adapter.tensors })
    return { hooks, parameters, rows: this.rows }
  }

  /** The adapters that can share a batch are one group; each of the others is a group of its own. */
  private async groupsFor(tokens: number): Promise<Group[]> {
    if (this.groups.length && this.context >= tokens) return this.groups
    this.release()
    const { gpu, model, adapters } = this
    this.context = Math.min(model.file.config.context, Math.ceil(tokens / roundTo) * roundTo)
    const lanes = await Promise.all(adapters.map((adapter) => this.lane(adapter)))
    const places = lanes.map((_, i) => i)
    const beside = places.filter((i) => standsBeside({ hooks: lanes[i].hooks, base: model.plan }))
    const apart = places.filter((i) => !beside.includes(i)).map((i) => [i])
    for (const group of [beside, ...apart].filter(({ length }) => length)) {
      const generator = new Generator(
        gpu,
        model.plan,
        group.map((i) => lanes[i]),
        this.context,
      )
      await generator.prepare()
      this.groups.push({ generator, places: group.flatMap((i) => Array.from({ length: this.rows }, (_, row) => i * this.rows + row)) })
    }
    return this.groups
  }

  /** The adapter that answers question `i`. */
  private adapterOf(i: number): Adapter | undefined {
    return this.adapters[Math.floor(i / this.rows)]
  }

  private textOf({ tokenizer, promptIds, skipSpecial }: Question, ids: readonly number[]): string {
    return decodeContinuation(tokenizer, promptIds, ids, { skipSpecial })
  }

  private needs({ promptIds, options }: Question, i: number): number {
    const adapter = this.adapterOf(i)
    return promptIds.length + (adapter?.method.virtualTokens?.(adapter.settings) ?? 0) + options.maxTokens + 1
  }

  /** An answer to each question, in the order of the adapters. */
  async answer(questions: readonly Question[]): Promise<Answer[]> {
    const answers: Answer[] = []
    for (const { generator, places } of await this.groupsFor(Math.max(...questions.map((q, i) => this.needs(q, i))))) {
      const started = performance.now()
      const asked = places.filter((i) => i < questions.length)
      const ends: number[] = []
      const asks = asked.map((i, b): Ask => {
        const { promptIds, tokenizer, options, onText, ends: more = [] } = questions[i]
        const soFar: number[] = []
        const onToken = (id: number) => {
          soFar.push(id)
          ends[b] = performance.now()
          return onText?.(this.textOf(questions[i], soFar))
        }
        const stop = [...tokenizer.ends, ...(this.adapterOf(i)?.asking?.ends ?? []), ...more]
        return { ...options, prompt: promptIds, stop, onToken }
      })
      const said = await generator.generate(asks)
      said.forEach((one, b) => {
        const { ids, complete, cached } = one
        const timeMs = (ends[b] ?? performance.now()) - started
        const question = questions[asked[b]]
        const text = this.textOf(question, ids)
        const pieces = question.options.probabilities ? tokenPieces(question, one, text) : undefined
        answers[asked[b]] = { text, tokens: ids.length, complete, pieces, cached, timeMs }
      })
    }
    return answers
  }

  release(): void {
    for (const { generator } of this.groups) generator.release()
    this.groups = []
  }
}
