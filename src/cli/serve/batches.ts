// Answers the requests of a server in batches: those that wait are asked together, whatever adapters they are for.
import { messageOf } from '../../config/errors'
import { Answerer, type Question } from '../../decode/answer'
import { questionOf } from '../../decode/asking'
import { stoppingAt } from '../../decode/stop-texts'
import type { Gpu } from '../../gpu/gpu'
import type { LoadedModel } from '../../peft/loaded-model'
import type { Adapter } from '../../peft/method'
import { type AskedFor, Refused } from './request'
import { Room } from './room'

/** Rows of one batch. */
const batchRows = 8
/** How long the first request waits for others. */
const togetherMs = 5
/** Tokens of an answer if the request does not say. */
const usualTokens = 512

export interface Answered {
  text: string
  promptTokens: number
  tokens: number
  /** The model ended the answer, or a stop text did. */
  ended: boolean
}

/** What a server needs of the engine. */
export interface Served {
  /** The names of the base and the adapters. */
  names: readonly string[]
  /**
   * Answers a request. `onText` is called with the whole text so far; `signal` ends the answer.
   * @throws Refused for a prompt that is too long or that the model cannot be asked
   */
  ask(request: AskedFor, onText: (text: string) => void, signal: AbortSignal): Promise<Answered>
}

interface Job {
  adapter: Adapter | undefined
  question: Question
  signal: AbortSignal
  done: (answered: Answered) => void
  failed: (error: unknown) => void
  stopped: () => string | undefined
}

/** The engine behind a server. `adapters` have their names; the base's name maps to undefined. */
export function servedModels(gpu: Gpu, model: LoadedModel, adapters: ReadonlyMap<string, Adapter | undefined>): Served & { close(): void } {
  const room = new Room(model)
  const waiting: Job[] = []
  let running = false
  let held: { adapters: readonly (Adapter | undefined)[]; answerer: Answerer } | undefined

  /** An answerer for exactly these adapters. Its programs are kept while the same ones are asked for. */
  function answererFor(wanted: readonly (Adapter | undefined)[]): Answerer {
    const same = held && held.adapters.length === wanted.length && held.adapters.every((adapter, i) => adapter === wanted[i])
    if (!same) {
      held?.answerer.release()
      held = { adapters: wanted, answerer: new Answerer(gpu, model, wanted) }
    }
    return held!.answerer
  }

  async function run(): Promise<void> {
    running = true
    while (waiting.length) {
      const order = [...adapters.values()]
      const jobs = waiting.splice(0, batchRows).toSorted((a, b) => order.indexOf(a.adapter) - order.indexOf(b.adapter))
      const live = jobs.filter(({ signal }) => !signal.aborted)
      jobs.filter(({ signal }) => signal.aborted).forEach(({ failed }) => failed(new Refused(499, 'The connection was closed.')))
      try {
        const answers = live.length
          ? await answererFor(live.map(({ adapter }) => adapter)).answer(live.map(({ question }) => question))
          : []
        answers.forEach(({ text, tokens, complete }, i) => {
          const { done, question, stopped } = live[i]!
          const cut = stopped()
          done({ text: cut ?? text, promptTokens: question.promptIds.length, tokens, ended: complete || cut !== undefined })
        })
      } catch (error) {
        live.forEach(({ failed }) => failed(error))
      }
    }
    running = false
  }

  return {
    names: [...adapters.keys()],
    async ask({ model: name, prompt, maxTokens, sampling, seed, stops }, onText, signal) {
      const adapter = adapters.get(name)
      room.checkCharacters(adapter, prompt)
      const asked = await questionOf(model, prompt, { adapter, raw: typeof prompt === 'string' }).catch((error: unknown) => {
        throw new Refused(400, messageOf(error))
      })
      const length = asked.promptIds.length
      room.checkTokens(adapter, length, maxTokens)
      const stopping = stoppingAt(stops, onText)
      const question: Question = {
        ...asked,
        options: { ...sampling, maxTokens: maxTokens ?? Math.min(usualTokens, room.tokens(adapter) + 1 - length), seed },
        onText: (text) => !signal.aborted && stopping.onText(text),
      }
      return new Promise((done, failed) => {
        waiting.push({ adapter, question, signal, done, failed, stopped: stopping.cut })
        // Requests that come together are asked together.
        if (!running) setTimeout(() => void (running || run()), togetherMs)
      })
    },
    close: () => held?.answerer.release(),
  }
}
