// Schemas of tokenizer.json and tokenizer_config.json, for the parts that are read here (huggingface/tokenizers, the serde forms of
// its parts). Files come from anywhere, so types and lengths are checked before use.
import * as v from 'valibot'
import { say } from '../config/phrase'
import { check, checkDepth, expecting, isObject, text, unexpected } from '../formats/json-check'
import { specialTokens } from '../formats/special-tokens'
import { checkMerges } from './merge-list'
import { checkGrowth } from './text-growth'

type Json = Record<string, unknown>

const flag = v.boolean('true or false')
const whole = (least: number, most: number) => {
  const said = expecting(say`a whole number from ${least} to ${most}`)
  return v.pipe(v.number(said), v.integer(said), v.minValue(least, said), v.maxValue(most, said))
}
/** Text that is longer than in any real file is refused. */
const shortText = v.pipe(text, v.maxLength(1024, 'text of at most 1024 characters'))
const absent = <const S extends v.GenericSchema>(schema: S) => v.nullish(schema)
const object = v.custom<Json>(isObject, 'an object')
const few = <const S extends v.GenericSchema>(schema: S, most: number) =>
  v.pipe(v.array(schema, 'a list'), v.maxLength(most, expecting(say`a list of at most ${most}`)))

/** An object with a `type`: the types that exist, and the other keys that each of them needs. */
type Parts = Readonly<Record<string, v.ObjectEntries>>
function part(parts: Parts): v.GenericSchema<unknown, Json> {
  const schemas = Object.entries(parts).map(([type, entries]) => v.looseObject({ type: v.literal(type), ...entries }, 'an object'))
  return v.variant('type', schemas as never, expecting(say`an object of a type among ${Object.keys(parts).join(', ')}`)) as v.GenericSchema<
    unknown,
    Json
  >
}

/** Most parts of a tokenizer in a row. Files have up to about ten. */
const maxParts = 64
/** Reading a pattern takes time that grows with the square of its length. */
const regex = v.pipe(text, v.maxLength(4096))
const pattern = v.union(
  [v.looseObject({ Regex: regex }), v.looseObject({ String: shortText })],
  'an object with a Regex of at most 4096 characters or a String of at most 1024',
)
const replaced = { pattern, content: shortText }

const normalizer: v.GenericSchema<unknown, Json> = part({
  Sequence: {
    normalizers: few(
      v.lazy(() => normalizer),
      maxParts,
    ),
  },
  BertNormalizer: { clean_text: absent(flag), handle_chinese_chars: absent(flag), strip_accents: absent(flag), lowercase: absent(flag) },
  Precompiled: { precompiled_charsmap: absent(text) },
  Replace: replaced,
  Prepend: { prepend: shortText },
  Strip: { strip_left: absent(flag), strip_right: absent(flag) },
  NFC: {},
  NFD: {},
  NFKC: {},
  NFKD: {},
  StripAccents: {},
  Lowercase: {},
})

const behaviours = ['Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous'] as const
const behavior = v.picklist(behaviours, expecting(say`one of ${behaviours.join(', ')}`))
const schemes = ['always', 'first', 'never'] as const
const metaspace = {
  replacement: absent(shortText),
  str_rep: absent(shortText),
  prepend_scheme: absent(v.picklist(schemes, expecting(say`one of ${schemes.join(', ')}`))),
  add_prefix_space: absent(flag),
}
const byteLevel = { add_prefix_space: absent(flag), trim_offsets: absent(flag), use_regex: absent(flag) }

const preTokenizer: v.GenericSchema<unknown, Json> = part({
  Sequence: {
    pretokenizers: few(
      v.lazy(() => preTokenizer),
      maxParts,
    ),
  },
  ByteLevel: byteLevel,
  Metaspace: metaspace,
  Split: { pattern, behavior: absent(behavior), invert: absent(flag) },
  Punctuation: { behavior: absent(behavior) },
  Digits: { individual_digits: absent(flag) },
  Replace: replaced,
  FixedLength: { length: whole(1, 2 ** 31) },
  Whitespace: {},
  WhitespaceSplit: {},
  BertPreTokenizer: {},
})

const decoder: v.GenericSchema<unknown, Json> = part({
  Sequence: {
    decoders: few(
      v.lazy(() => decoder),
      maxParts,
    ),
  },
  ByteLevel: byteLevel,
  Metaspace: metaspace,
  WordPiece: { prefix: absent(shortText), cleanup: absent(flag) },
  BPEDecoder: { suffix: absent(shortText) },
  CTC: { pad_token: absent(shortText), word_delimiter_token: absent(shortText), cleanup: absent(flag) },
  Replace: replaced,
  Strip: { content: absent(shortText), start: absent(whole(0, 1024)), stop: absent(whole(0, 1024)) },
  Fuse: {},
  ByteFallback: {},
})

const piece = v.union(
  [
    v.looseObject({ SpecialToken: v.looseObject({ id: text }) }),
    v.looseObject({ Sequence: v.looseObject({ id: v.picklist(['A', 'B']) }) }),
  ],
  'a SpecialToken with an id, or the Sequence A or B',
)
const isText = (item: unknown): boolean => isObject(item) && isObject(item.Sequence)
/** The tokens around one text. */
const around = v.pipe(
  few(piece, 256),
  v.check((pieces) => pieces.filter(isText).length === 1, 'a list with one Sequence'),
)
const pair = v.tuple([text, v.number('an id')], 'a pair of a token and its id')

const postProcessor: v.GenericSchema<unknown, Json> = part({
  Sequence: {
    processors: few(
      v.lazy(() => postProcessor),
      maxParts,
    ),
  },
  ByteLevel: byteLevel,
  TemplateProcessing: { single: around, pair: absent(few(piece, 256)), special_tokens: absent(object) },
  BertProcessing: { sep: pair, cls: pair },
  RobertaProcessing: { sep: pair, cls: pair, trim_offsets: absent(flag), add_prefix_space: absent(flag) },
})

const flags = {
  single_word: v.optional(flag),
  lstrip: v.optional(flag),
  rstrip: v.optional(flag),
  normalized: v.optional(flag),
  special: v.optional(flag),
}
const addedToken = v.looseObject({ content: shortText, ...flags }, 'an object')

const common = { unk_token: absent(text), fuse_unk: absent(flag) }
const vocab = v.pipe(
  object,
  v.check((input) => Object.keys(input).length > 0, 'an object with at least one token'),
)
const isScored = (item: unknown): boolean => Array.isArray(item) && typeof item[0] === 'string' && typeof item[1] === 'number'
const scored = v.pipe(
  v.custom<unknown[]>(Array.isArray, 'a list of pieces with their scores'),
  v.minLength(1, 'a list of at least one piece'),
  v.rawCheck(({ dataset, addIssue }) => {
    const list = dataset.value as unknown[]
    const at = list.findIndex((item) => !isScored(item))
    if (at >= 0)
      addIssue({
        message: 'a piece with its score',
        input: list[at],
        path: [{ type: 'array', origin: 'value', input: list, key: at, value: list[at] }],
      })
  }),
)

const models = {
  BPE: v.looseObject({
    vocab,
    merges: v.custom<unknown[]>(Array.isArray, 'a list of merges'),
    ...common,
    byte_fallback: absent(flag),
    ignore_merges: absent(flag),
    continuing_subword_prefix: absent(shortText),
    end_of_word_suffix: absent(shortText),
  }),
  // Cutting one word takes time that grows with the cube of its length.
  WordPiece: v.looseObject({
    vocab,
    unk_token: text,
    continuing_subword_prefix: shortText,
    max_input_chars_per_word: absent(whole(0, 512)),
  }),
  WordLevel: v.looseObject({ vocab, ...common }),
  Unigram: v.looseObject({ vocab: scored, unk_id: absent(v.number('an id')), byte_fallback: absent(flag) }),
}
type ModelType = keyof typeof models

const tokenizer = v.looseObject({
  model: object,
  added_tokens: absent(few(addedToken, 1 << 20)),
  normalizer: absent(normalizer),
  pre_tokenizer: absent(preTokenizer),
  post_processor: absent(postProcessor),
  decoder: absent(decoder),
})

const settings = v.looseObject({
  ...specialTokens,
  add_bos_token: absent(flag),
  tokenizer_class: absent(text),
  added_tokens_decoder: absent(
    v.pipe(
      object,
      v.transform((tokens) => Object.values(tokens)),
      few(v.looseObject({ content: v.optional(text), ...flags }, 'an object'), 1 << 20),
    ),
  ),
  chat_template: absent(
    v.union([text, v.array(v.looseObject({ name: text, template: text }))], 'text, or a list of templates with their names'),
  ),
})

const maxAddedLetters = 1 << 22

/** How a model of no `type` is read (tokenizers, models/mod.rs). */
function modelType(model: Json): ModelType {
  const { type } = model
  if (type === undefined || type === null)
    return Array.isArray(model.vocab)
      ? 'Unigram'
      : 'merges' in model
        ? 'BPE'
        : 'continuing_subword_prefix' in model
          ? 'WordPiece'
          : 'WordLevel'
  if (typeof type === 'string' && Object.hasOwn(models, type)) return type as ModelType
  throw unexpected('tokenizer.json', say`model.type to be one of ${Object.keys(models).join(', ')}`, type)
}

/** @throws FormatError for merges that are none, and for pieces with a mark before them, which are not read */
function checkBytePairs(model: Json): void {
  checkMerges(model)
  const { continuing_subword_prefix: prefix } = model
  if (prefix) throw unexpected('tokenizer.json', say`BPE without model.continuing_subword_prefix`, prefix)
}

/** @throws FormatError for the first value in a tokenizer.json that the schema does not allow; `checkTokenIds` checks ids */
export function checkTokenizerJson(json: Json): void {
  const where = 'tokenizer.json'
  checkDepth(where, json)
  check(where, tokenizer, json)
  const model = json.model as Json
  const type = modelType(model)
  check(where, models[type], model, 'model')
  if (type === 'BPE') checkBytePairs(model)
  checkGrowth('pre_tokenizer', json.pre_tokenizer)
  checkGrowth('decoder', json.decoder)
  // Added tokens are looked for as the normalizer writes them, in a tree of their characters.
  const growth = checkGrowth('normalizer', json.normalizer)
  const letters = ((json.added_tokens ?? []) as { content: string }[]).reduce((sum, { content }) => sum + content.length, 0)
  if (letters * growth > maxAddedLetters)
    throw unexpected(where, say`at most ${maxAddedLetters} characters in all added_tokens`, letters * growth)
}

/** @throws FormatError for the first setting in `where`, tokenizer_config.json or special_tokens_map.json, that the schema does not allow */
export function checkTokenizerConfig(where: string, json: Json): void {
  checkDepth(where, json)
  check(where, settings, json)
}
