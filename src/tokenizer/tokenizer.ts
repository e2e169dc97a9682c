// The interface of a tokenizer, from any kind of file.

export interface EncodeOptions {
  /** Put the tokenizer's own `prefix` (and `suffix`) around the ids. Off by default. */
  addSpecial?: boolean
  /** Read special tokens that are written out in the text (`<|im_end|>`) as special tokens: for rendered chat templates and raw prompts, never for data. */
  parseSpecial?: boolean
  /** The text continues other text, so no space is put before it. SentencePiece would otherwise add one. */
  continues?: boolean
}

export interface Tokenizer {
  /** Name for people: `BPE, tokenizer.json`, `SentencePiece, GGUF`. */
  readonly kind: string
  /** V, rows of the model's embedding; every id is below it. */
  readonly vocabSize: number
  /** Ids that `addSpecial` puts before (usually BOS) and after (usually none). */
  readonly prefix: readonly number[]
  readonly suffix: readonly number[]
  readonly bos?: number
  /** End ids that the model's files name; the first is the one put at the end of training texts. May be empty. */
  readonly eos: readonly number[]
  /** All ids that end an answer: `eos`, and the family's end-of-turn tokens. */
  readonly ends: readonly number[]
  readonly pad?: number
  /** The id for characters that the vocabulary cannot write. */
  readonly unk?: number
  encode(text: string, options?: EncodeOptions): number[]
  /** Text of ids, with all spaces. Ids without a token (padding rows of the embedding) give nothing. */
  decode(ids: readonly number[], options?: { skipSpecial?: boolean }): string
  /** One token for display: spaces as spaces, bytes that are not text on their own as `<0xE2>`. */
  token(id: number): string
  isSpecial(id: number): boolean
  /** Whether a token was added to the vocabulary, so that text which has it written out always becomes it. */
  isAdded(id: number): boolean
  /** The words of a text that are read as `unk`, if the vocabulary has whole words only; absent = it writes letters. */
  lackingWords?(text: string): string[]
  /** Whether a token takes the white space after it (`rstrip` of tokenizer.json); absent = none does. */
  takesSpace?(id: number): boolean
}

/**
 * The text of `ids` after `promptIds`. Decoded alone, a tokenizer that drops a leading space would join
 * words. An unfinished character at the end is left out, and so are special tokens, unless `skipSpecial` is false.
 */
export function decodeContinuation(
  tokenizer: Tokenizer,
  promptIds: readonly number[],
  ids: readonly number[],
  { skipSpecial = true }: { skipSpecial?: boolean } = {},
): string {
  const before = promptIds.slice(-16)
  const prompt = tokenizer.decode(before, { skipSpecial })
  const all = tokenizer.decode([...before, ...ids], { skipSpecial })
  const trimmed = all.replace(/\uFFFD+$/, '')
  return trimmed.slice(commonLength(prompt, trimmed))
}

function commonLength(a: string, b: string): number {
  let n = 0
  while (n < a.length && n < b.length && a[n] === b[n]) n++
  return n
}
