// End-of-turn tokens that are known by their text. They belong to styles of chats, which models of any family use. A base often has them
// in its vocabulary although its files name another end token, and a chat template puts them after every answer.
import type { TokenizerSource } from '../formats/model-file'

/** Texts of tokens that end an answer (llama.cpp, src/llama-vocab.cpp, end-of-generation tokens; model cards). */
const known: ReadonlySet<string> = new Set([
  '<|im_end|>', // ChatML: Qwen, SmolLM, Yi, …
  '<|eot_id|>', // Llama 3
  '<|eom_id|>',
  '<|eot|>', // Llama 4
  '<|eom|>',
  '<|end_of_text|>', // Llama 3, Granite
  '<end_of_turn>', // Gemma
  '<turn|>',
  '<eos>',
  '<|end|>', // Phi
  '<|endoftext|>', // GPT-2, GPT-NeoX, OLMo, Qwen, Phi
  '<|return|>', // gpt-oss
  '<|call|>',
  '<|end_of_turn|>', // OpenChat
  '<|END_OF_TURN_TOKEN|>', // Command R
  '<|EOT|>', // DeepSeek Coder
  '<EOT>', // CodeLlama
  '<｜end▁of▁sentence｜>', // DeepSeek
  '<end_of_utterance>', // SmolVLM
  '[|endofturn|]', // EXAONE
  '</s>', // Llama 2, Mistral
])

interface Special {
  id: number
  content: string
  /** false = an added token that counts as text. */
  special: boolean
}

/** tokenizer.ggml.token_type: control, added by a user (llama.h, enum llama_token_type). */
const [control, userDefined] = [3, 4]

function specialTokens(source: TokenizerSource): Special[] {
  if (source.kind === 'hf') {
    const added = (source.tokenizerJson.added_tokens ?? []) as { id: number; content: string; special?: boolean }[]
    return added.map(({ id, content, special }) => ({ id, content, special: special ?? false }))
  }
  const tokens = (source.metadata['tokenizer.ggml.tokens'] ?? []) as readonly string[]
  const types = source.metadata['tokenizer.ggml.token_type'] as ArrayLike<number> | undefined
  return tokens.flatMap((content, id) =>
    types?.[id] === control || types?.[id] === userDefined ? [{ id, content, special: types[id] === control }] : [],
  )
}

/** Ids of the known end-of-turn tokens that are tokens in the vocabulary. */
export function endOfTurnIds(source: TokenizerSource): number[] {
  // Gemma's added tokens include HTML tags. </s> is one of them, so it is text there.
  const ends = specialTokens(source).filter(({ content, special }) => known.has(content) && (special || content !== '</s>'))
  // With gpt-oss, <|end|> separates messages of the same answer.
  const messages = ['<|return|>', '<|call|>'].every((text) => ends.some(({ content }) => content === text))
  return ends.filter(({ content }) => !(messages && content === '<|end|>')).map(({ id }) => id)
}
