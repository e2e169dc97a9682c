// Converts a GGUF file's vocabulary to the files of a Hugging Face tokenizer.
import { UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import { ggufBpeJson } from './gguf-bpe'
import { ggufKinds, knownGgufKinds } from './gguf-kinds'
import { type GgufVocabulary, ggufVocabulary } from './gguf-vocabulary'

type Json = Record<string, unknown>

interface Content {
  json: Json
  prefix: readonly number[]
}

/** Merges from a vocabulary with scores, as transformers makes them from SentencePiece models: every pair of pieces whose joined text is a piece, best score first. */
function mergesOf({ tokens, scores, ...of }: GgufVocabulary): [string, string][] {
  const ids = new Map(tokens.map((token, id) => [token, id]))
  const merges: { left: string; right: string; score: number; order: [number, number] }[] = []
  tokens.forEach((token, id) => {
    if (of.isControl(id) || of.isUnknown(id) || of.isByte(id) || of.isUserDefined(id) || of.isUnused(id)) return
    const letters = Array.from(token)
    for (let at = 1; at < letters.length; at++) {
      const [left, right] = [letters.slice(0, at).join(''), letters.slice(at).join('')]
      const [l, r] = [ids.get(left), ids.get(right)]
      if (l !== undefined && r !== undefined) merges.push({ left, right, score: scores?.[id] ?? 0, order: [l, r] })
    }
  })
  // The sort is stable: with equal scores, the piece that is first in the vocabulary comes first.
  return merges.sort((a, b) => b.score - a.score).map(({ left, right }) => [left, right])
}

/** SentencePiece BPE as a tokenizer.json, in the form that transformers writes for Llama. */
function spmJson(vocabulary: GgufVocabulary): Content {
  const { tokens, bos, unk } = vocabulary
  const spacePrefix = vocabulary.addSpacePrefix ?? true
  const vocab: Record<string, number> = Object.create(null) as Record<string, number>
  tokens.forEach((token, id) => {
    if (!vocabulary.isUnused(id)) vocab[token] = id
  })
  const replace = (from: string, content: string) => ({ type: 'Replace', pattern: { String: from }, content })
  const added = tokens.flatMap((content, id) => {
    const special = vocabulary.isControl(id) || vocabulary.isUnknown(id)
    const how = { single_word: false, lstrip: false, rstrip: false, normalized: false, special }
    return special || vocabulary.isUserDefined(id) ? [{ id, content, ...how }] : []
  })
  const json = {
    added_tokens: added,
    normalizer: {
      type: 'Sequence',
      normalizers: [...(spacePrefix ? [{ type: 'Prepend', prepend: '▁' }] : []), replace(' ', '▁')],
    },
    pre_tokenizer: null,
    decoder: {
      type: 'Sequence',
      decoders: [
        replace('▁', ' '),
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        ...(spacePrefix ? [{ type: 'Strip', content: ' ', start: 1, stop: 0 }] : []),
      ],
    },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: unk === undefined ? null : tokens[unk],
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: true,
      byte_fallback: tokens.some((_, id) => vocabulary.isByte(id)),
      ignore_merges: false,
      vocab,
      merges: mergesOf(vocabulary),
    },
  }
  return { json, prefix: (vocabulary.addBos ?? true) && bos !== undefined ? [bos] : [] }
}

/** The tokens before and after a text. */
function postProcessor(tokens: readonly string[], prefix: readonly number[], suffix: readonly number[]): Json | null {
  const ids = [...prefix, ...suffix]
  if (!ids.length) return null
  const special = (list: readonly number[], type_id: number) => list.map((id) => ({ SpecialToken: { id: tokens[id], type_id } }))
  const around = (name: string, type: number) => [
    ...special(prefix, type),
    { Sequence: { id: name, type_id: type } },
    ...special(suffix, type),
  ]
  return {
    type: 'TemplateProcessing',
    single: around('A', 0),
    pair: [...around('A', 0), ...around('B', 1)],
    special_tokens: Object.fromEntries(ids.map((id) => [tokens[id], { id: tokens[id], ids: [id], tokens: [tokens[id]] }])),
  }
}

/** tokenizer.json and tokenizer_config.json for `vocab` = V rows of the embedding. @throws FormatError, UnsupportedError like `createTokenizer` */
export function hfTokenizerFiles(metadata: Readonly<Record<string, unknown>>, vocab: number): { tokenizer: Json; config: Json } {
  const whole = ggufVocabulary(metadata, vocab)
  const { byteLevel, sentencePiece } = ggufKinds
  if (whole.model !== byteLevel && whole.model !== sentencePiece)
    throw new UnsupportedError(
      say`tokenizer.ggml.model: expected ${knownGgufKinds}, got ${whole.model || say`none`}. Start from the model's Hugging Face folder instead.`,
    )
  const { json, prefix } = whole.model === byteLevel ? ggufBpeJson(whole) : spmJson(whole)
  const { tokens, bos, eos, pad, unk } = whole
  const suffix = whole.addEos && eos.length ? [eos[0]!] : []
  const text = (id: number | undefined) => (id === undefined ? undefined : tokens[id])
  const template = metadata['tokenizer.chat_template']
  return {
    tokenizer: { version: '1.0', truncation: null, padding: null, ...json, post_processor: postProcessor(tokens, prefix, suffix) },
    config: {
      tokenizer_class: 'PreTrainedTokenizerFast',
      bos_token: text(bos),
      eos_token: text(eos[0]),
      pad_token: text(pad),
      unk_token: text(unk),
      clean_up_tokenization_spaces: false,
      ...(typeof template === 'string' && { chat_template: template }),
    },
  }
}
