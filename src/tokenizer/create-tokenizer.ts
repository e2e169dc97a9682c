// Makes a Tokenizer from a model's files.
import { UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import type { ModelFile, TokenizerSource } from '../formats/model-file'
import { nextTokenId, withTokens } from './added-tokens'
import { endOfTurnIds } from './end-tokens'
import { ggufBpe } from './gguf-bpe'
import { ggufKinds, knownGgufKinds } from './gguf-kinds'
import { ggufVocabulary } from './gguf-vocabulary'
import { hfTokenizer } from './hf-tokenizer'
import { spmTokenizer } from './spm'
import type { Tokenizer } from './tokenizer'

/**
 * The tokenizer that a model's files describe; `vocab` = V, rows of its embedding. `special` are the ids that the model's other
 * files name (ModelFile.special). They are used if the tokenizer names none, and they end answers too.
 * Throws FormatError if the files are broken or do not belong to the model, UnsupportedError for kinds that are not supported.
 */
export function createTokenizer(source: TokenizerSource, vocab: number, special: Partial<ModelFile['special']> = {}): Tokenizer {
  const made =
    source.kind === 'hf' ? hfTokenizer(source.tokenizerJson, source.tokenizerConfig, vocab) : ggufTokenizer(source.metadata, vocab)
  // Small models keep the ids of large ones in config.json, beyond their own vocabulary.
  const within = (id: number | undefined): id is number => id !== undefined && id >= 0 && id < vocab
  const eos = [...new Set([...made.eos, ...(special.eos ?? [])])].filter(within)
  const ends = [...new Set([...eos, ...endOfTurnIds(source)])].filter(within)
  return {
    ...made,
    bos: made.bos ?? (within(special.bos) ? special.bos : undefined),
    eos,
    ends,
    pad: made.pad ?? (within(special.pad) ? special.pad : undefined),
    isSpecial: (id) => made.isSpecial(id) || ends.includes(id),
  }
}

type TokenizerFacts = Pick<ModelFile, 'tokenizer' | 'special'> & { config: Pick<ModelFile['config'], 'vocab'> }

/** A model's own tokenizer, with further `tokens`; undefined if it has none. Throws the errors of `createTokenizer`. */
export function modelTokenizer({ tokenizer, config, special }: TokenizerFacts, tokens: readonly string[] = []): Tokenizer | undefined {
  if (!tokenizer || !tokens.length) return tokenizer && createTokenizer(tokenizer, config.vocab, special)
  return createTokenizer(withTokens(tokenizer, tokens), Math.max(config.vocab, nextTokenId(tokenizer) + tokens.length), special)
}

function ggufTokenizer(metadata: Readonly<Record<string, unknown>>, vocab: number): Tokenizer {
  const vocabulary = ggufVocabulary(metadata, vocab)
  if (vocabulary.model === ggufKinds.byteLevel) return ggufBpe(vocabulary, vocab)
  if (vocabulary.model === ggufKinds.sentencePiece) return spmTokenizer(vocabulary, vocab)
  throw new UnsupportedError(
    say`tokenizer.ggml.model: expected ${knownGgufKinds}, got ${vocabulary.model || say`none`}. Use the model's Hugging Face folder with its tokenizer.json instead.`,
  )
}
