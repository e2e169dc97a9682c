// GGUF `tokenizer.ggml.model = gpt2`: byte-level BPE, written as a tokenizer.json.
import { FormatError, UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import type { GgufVocabulary } from './gguf-vocabulary'
import { libraryTokenizer } from './library-tokenizer'
import {
  byteLevelPattern,
  casedPattern,
  deepSeekCoderPatterns,
  deepSeekPatterns,
  markedPattern,
  newerPattern,
  seedPattern,
  spelt,
  tekkenPattern,
  vikingPattern,
} from './safe-patterns'
import type { Tokenizer } from './tokenizer'

interface PreTokenizer {
  /** Patterns, applied one after another. Text that a pattern does not match stays a piece. */
  patterns: readonly string[]
  /** Whether a piece that is a token as a whole stays that token, without merges (Llama 3). */
  ignoreMerges?: boolean
  /** Whether letters and marks are composed before (Unicode's NFC). */
  composes?: boolean
  addBos?: boolean
}

const llama3: PreTokenizer = { patterns: [newerPattern('\\p{N}{1,3}')], ignoreMerges: true, addBos: true }
const digitApart: PreTokenizer = { patterns: [newerPattern('\\p{N}')] }
const cased: PreTokenizer = { patterns: [casedPattern] }
const plain: PreTokenizer = { patterns: [byteLevelPattern] }
const digitsApart: PreTokenizer = { patterns: ['\\p{N}', byteLevelPattern] }

/** Families whose way to cut text has a name in GGUF, for sentences. */
export const writtenPreTokenizers = 'GPT-2, Llama 3, Qwen 2, SmolLM, DeepSeek, GPT-4o, Tekken or Seed'

/**
 * The plainest name for these patterns, for writing GGUF. Composing has no key in GGUF and llama.cpp does not compose, so it only decides
 * between names that are alike otherwise.
 */
export function preTokenizerNamed(patterns: readonly string[], ignoreMerges: boolean, composes: boolean): string | undefined {
  const all = (list: readonly string[]) => list.map(spelt).join('\n')
  const named = Object.entries(preTokenizers).filter(
    ([, how]) => all(how.patterns) === all(patterns) && (how.ignoreMerges ?? false) === ignoreMerges,
  )
  return (named.find(([, how]) => (how.composes ?? false) === composes) ?? named[0])?.[0]
}

/**
 * How `tokenizer.ggml.pre` cuts text before merging (llama.cpp, src/llama-vocab.cpp). Qwen's own names also say that text is composed, as in
 * Qwen's tokenizer.json: its models were trained so. llama.cpp does not compose.
 */
const preTokenizers: Readonly<Record<string, PreTokenizer>> = {
  'gpt-2': plain,
  'phi-2': plain,
  mellum: plain,
  'a.x-4.0': plain,
  'granite-docling': plain,
  gigachat: plain,
  'llama-bpe': llama3,
  llama3,
  'llama-v3': llama3,
  falcon3: llama3,
  'falcon-h1': llama3,
  lfm2: llama3,
  pixtral: llama3,
  'midm-2.0': llama3,
  'smaug-bpe': { ...llama3, ignoreMerges: false, addBos: false },
  dbrx: { ...llama3, ignoreMerges: false, addBos: false },
  qwen2: { ...digitApart, composes: true },
  qwen35: { patterns: [markedPattern], composes: true },
  'deepseek-r1-qwen': digitApart,
  megrez: digitApart,
  kormo: digitApart,
  stablelm2: digitApart,
  'grok-2': digitApart,
  'solar-open': digitApart,
  smollm: digitsApart,
  starcoder: digitsApart,
  refact: digitsApart,
  'command-r': digitsApart,
  exaone: digitsApart,
  'minerva-7b': digitsApart,
  olmo: plain,
  mpt: plain,
  exaone4: plain,
  trillion: plain,
  hunyuan: digitApart,
  'deepseek-v3': { patterns: deepSeekPatterns },
  'hunyuan-dense': { patterns: deepSeekPatterns },
  'deepseek-coder': { patterns: deepSeekCoderPatterns },
  'chatglm-bpe': { patterns: llama3.patterns },
  glm4: { patterns: llama3.patterns, ignoreMerges: true },
  minicpm5: { patterns: ['\\p{N}{1,3}', newerPattern('\\p{N}+')], ignoreMerges: true },
  'gpt-4o': cased,
  llama4: cased,
  kanana2: cased,
  'minimax-m2': cased,
  'seed-coder': { patterns: [seedPattern] },
  viking: { patterns: [vikingPattern, '\\p{N}'] },
  tekken: { patterns: [tekkenPattern], ignoreMerges: true, addBos: true },
  default: { patterns: ['[\\p{P}\\$\\+<=>\\^~\\|]+', byteLevelPattern, '\\p{N}+', '[0-9][0-9][0-9]'] },
}

interface BpeJson {
  /** The contents of a tokenizer.json, except the tokens around a text. */
  json: Record<string, unknown>
  pre: string
  prefix: readonly number[]
}

/** GGUF metadata of a byte-level BPE as a tokenizer.json. Files without `tokenizer.ggml.pre` are read as `default`, as llama.cpp does. */
export function ggufBpeJson(vocabulary: GgufVocabulary): BpeJson {
  const pre = vocabulary.pre ?? 'default'
  const how = Object.hasOwn(preTokenizers, pre) ? preTokenizers[pre]! : undefined
  if (!how)
    throw new UnsupportedError(
      say`tokenizer.ggml.pre: expected one of ${Object.keys(preTokenizers).join(', ')}, got ${pre}. Use the model's Hugging Face folder with its tokenizer.json instead.`,
    )
  if (!vocabulary.merges)
    throw new FormatError(say`tokenizer.ggml.merges: expected a list of merges, got none. Convert the model to GGUF again.`)
  const table: Record<string, number> = Object.create(null) as Record<string, number>
  vocabulary.tokens.forEach((token, id) => {
    if (!vocabulary.isUnused(id)) table[token] = id
  })
  const added = vocabulary.tokens.flatMap((content, id) =>
    vocabulary.isControl(id) || vocabulary.isUserDefined(id)
      ? [{ id, content, special: vocabulary.isControl(id), normalized: false, single_word: false, lstrip: false, rstrip: false }]
      : [],
  )
  const json = {
    added_tokens: added,
    normalizer: how.composes ? { type: 'NFC' } : null,
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        ...how.patterns.map((Regex) => ({ type: 'Split', pattern: { Regex }, behavior: 'Isolated', invert: false })),
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
      ],
    },
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    post_processor: null,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: how.ignoreMerges ?? false,
      vocab: table,
      merges: vocabulary.merges,
    },
  }
  const { bos } = vocabulary
  return { json, pre, prefix: (vocabulary.addBos ?? how.addBos ?? false) && bos !== undefined ? [bos] : [] }
}

/** A byte-level BPE tokenizer from GGUF metadata. */
export function ggufBpe(vocabulary: GgufVocabulary, vocab: number): Tokenizer {
  const { json, pre, prefix } = ggufBpeJson(vocabulary)
  const { bos, eos } = vocabulary
  return libraryTokenizer(json, {
    kind: `BPE (${pre}), GGUF`,
    vocabSize: vocab,
    bos,
    eos,
    pad: vocabulary.pad,
    prefix,
    suffix: vocabulary.addEos && eos.length ? [eos[0]!] : [],
  })
}
