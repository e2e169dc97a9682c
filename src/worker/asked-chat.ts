// The chat: one prompt to several models, each of which continues its own conversation.
import { phraseOf } from '../config/errors'
import { say } from '../config/phrase'
import { samplingWith } from '../config/sampling-fields'
import type { Dataset } from '../data/dataset'
import type { Answer, Answerer } from '../decode/answer'
import { promptRoom, questionOf } from '../decode/asking'
import { stoppingAt } from '../decode/stop-texts'
import { cutPieces } from '../decode/token-pieces'
import type { LoadedModel } from '../peft/loaded-model'
import type { Adapter } from '../peft/method'
import type { ChatMessage } from '../tokenizer/chat-message'
import type { AnsweredTurn, GenerateReport, GenerateRequest, PromptLength, PromptRequest } from './api'
import { seldom } from './guarded'

interface Chatting {
  model: LoadedModel
  /** The loaded data, if any. */
  data?: Dataset
  /** undefined = the base. */
  adapters: readonly (Adapter | undefined)[]
}

/** How many of the most likely tokens the page shows in the place of each. */
const alternatives = 5

const messagesOf = (earlier: readonly AnsweredTurn[], prompt: string): ChatMessage[] => [
  ...earlier.flatMap(({ prompt: asked, answer }) => [
    { role: 'user', content: asked },
    { role: 'assistant', content: answer },
  ]),
  { role: 'user', content: prompt },
]

/** What the model at place `at` is asked. @throws the errors of `questionOf` */
function question({ model, data, adapters }: Chatting, { prompt, earlier = [], systemWords, asPrompt }: PromptRequest, at: number) {
  const options = systemWords && asPrompt ? { systemWords } : undefined
  const given = { adapter: adapters[at], data, raw: !asPrompt, joins: true, options }
  return questionOf(model, messagesOf(earlier[at] ?? [], prompt), given)
}

async function lengthAt(chatting: Chatting, request: PromptRequest, at: number): Promise<PromptLength> {
  try {
    const { promptIds, asked } = await question(chatting, request, at)
    const [tokens, most] = [promptIds.length, promptRoom(chatting.model, chatting.adapters[at])]
    const problem = say`The conversation has ${tokens} tokens; this model takes at most ${most}. Begin a new one, or shorten the prompt.`
    return { tokens, most, asked, ...(tokens > most && { problem }) }
  } catch (error) {
    return { problem: phraseOf(error) }
  }
}

/** How long each model's prompt is. */
export const promptLengths = (chatting: Chatting, request: PromptRequest): Promise<PromptLength[]> =>
  Promise.all(chatting.adapters.map((_, at) => lengthAt(chatting, request, at)))

/** The answer up to a stop text, if one ended it. */
function cutAt(stop: string | undefined, { text, complete, pieces }: Answer) {
  if (stop === undefined) return { text, complete, pieces }
  return { text: stop, complete: true, pieces: pieces && cutPieces(pieces, stop.length) }
}

/** The answers, in the order of the models. @throws ShapeError for a prompt that is longer than the model's context; Cancelled */
export async function answerChat(
  chatting: Chatting,
  answerer: Answerer,
  request: GenerateRequest,
  { signal, onText }: { signal: AbortSignal; onText: (text: string, at: number) => void },
): Promise<GenerateReport[]> {
  const asked = await Promise.all(chatting.adapters.map((_, at) => question(chatting, request, at)))
  const { maxTokens, seed, stops = [] } = request
  const stopping = asked.map((_, at) => stoppingAt(stops, seldom(at, onText)))
  const options = { ...samplingWith(request), maxTokens, seed, signal, probabilities: true, alternatives, continues: true }
  const answers = await answerer.answer(asked.map((one, at) => ({ ...one, options, onText: stopping[at].onText })))
  return answers.map((answer, at) => {
    const { tokens, cached, timeMs } = answer
    const said = cutAt(stopping[at].cut(), answer)
    onText(said.text, at)
    const { asked: form, promptIds } = asked[at]
    const speed = (tokens / Math.max(1, timeMs)) * 1000
    return { ...said, tokens, asked: form, tokensPerSecond: speed, promptTokens: promptIds.length, cachedTokens: cached }
  })
}
