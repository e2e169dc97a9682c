// How long a prompt may be. Cutting a text into tokens holds up all other requests, so one that cannot fit is refused before.
import { promptRoom } from '../../decode/asking'
import { type LoadedModel, needTokenizer } from '../../peft/loaded-model'
import type { Adapter } from '../../peft/method'
import { tokensOf, withNewTokens } from '../../peft/new-tokens'
import { type AskedFor, Refused } from './request'

const tooLong = (message: string) => new Refused(400, message, 'context_length_exceeded')

export class Room {
  /** Characters of the longest token of the vocabulary, with the tokens that the adapter adds. */
  private readonly longest = new Map<Adapter | undefined, number>()

  constructor(private readonly model: LoadedModel) {}

  /** Tokens that a prompt may have. */
  tokens(adapter: Adapter | undefined): number {
    return promptRoom(this.model, adapter)
  }

  /** @throws Refused for a prompt that has more characters than the longest tokens could write */
  checkCharacters(adapter: Adapter | undefined, prompt: AskedFor['prompt']): void {
    const characters = typeof prompt === 'string' ? prompt.length : prompt.reduce((sum, { content }) => sum + content.length, 0)
    const room = this.tokens(adapter)
    const most = room * this.longestToken(adapter)
    if (characters <= most) return
    throw tooLong(
      `The prompt has ${characters} characters; this model takes at most ${room} tokens, which are at most ${most} characters. Shorten it.`,
    )
  }

  /** @throws Refused for a prompt that is too long, alone or with the answer that is wanted */
  checkTokens(adapter: Adapter | undefined, length: number, maxTokens: number | undefined): void {
    const room = this.tokens(adapter)
    if (length > room) throw tooLong(`The prompt has ${length} tokens; this model takes at most ${room}. Shorten it.`)
    if (maxTokens !== undefined && length + maxTokens > room + 1)
      throw tooLong(
        `The prompt has ${length} tokens and the answer may have ${maxTokens}; together this model takes at most ${room + 1}. Ask for fewer.`,
      )
  }

  private longestToken(adapter: Adapter | undefined): number {
    const known = this.longest.get(adapter)
    if (known !== undefined) return known
    const tokenizer = needTokenizer(withNewTokens(this.model, tokensOf(adapter)))
    let most = 1
    for (let id = 0; id < tokenizer.vocabSize; id++) most = Math.max(most, tokenizer.token(id).length)
    this.longest.set(adapter, most)
    return most
  }
}
