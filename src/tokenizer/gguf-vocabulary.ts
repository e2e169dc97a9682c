// Reads and checks the `tokenizer.ggml.*` metadata of a GGUF file.
import { FormatError } from '../config/errors'
import { type Phrase, type PhraseValue, joined, say } from '../config/phrase'
import { ggufEndKeys } from '../formats/gguf-metadata'
import { ggufKinds } from './gguf-kinds'

/** tokenizer.ggml.token_type (llama.h, enum llama_token_type). */
const tokenType = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const

/** Ids of a file that names none (llama.cpp, src/llama-vocab.cpp, default special tokens). */
const usualIds: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  [ggufKinds.sentencePiece]: { bos_token_id: 1, eos_token_id: 2, unknown_token_id: 0 },
  [ggufKinds.byteLevel]: { bos_token_id: 11, eos_token_id: 11 },
}

export interface GgufVocabulary {
  model: string
  pre?: string
  tokens: readonly string[]
  scores?: ArrayLike<number>
  merges?: readonly string[]
  bos?: number
  eos: readonly number[]
  pad?: number
  unk?: number
  addBos?: boolean
  addEos?: boolean
  addSpacePrefix?: boolean
  isControl(id: number): boolean
  isUserDefined(id: number): boolean
  isByte(id: number): boolean
  isUnknown(id: number): boolean
  /** A placeholder for an id without a token. */
  isUnused(id: number): boolean
}

/** The vocabulary in GGUF metadata. @throws FormatError naming all that is wrong */
export function ggufVocabulary(metadata: Readonly<Record<string, unknown>>, vocab: number): GgufVocabulary {
  const problems: Phrase[] = []
  const get = (key: string): unknown => metadata[`tokenizer.ggml.${key}`]
  const tokens = get('tokens')
  const hasTokens = isTexts(tokens)
  if (!hasTokens) problems.push(say`tokenizer.ggml.tokens: expected a list of texts, got ${describe(tokens)}`)
  const count = hasTokens ? tokens.length : 0
  if (hasTokens && count > vocab)
    problems.push(
      say`tokenizer.ggml.tokens: expected at most ${vocab} tokens, as many as the model's embedding has rows, got ${count}: ${JSON.stringify(tokens[vocab])} has the id ${vocab}`,
    )
  const numbers = (key: string): ArrayLike<number> | undefined => {
    const value = get(key)
    if (value === undefined) return undefined
    const list = value as ArrayLike<unknown>
    const isList = ArrayBuffer.isView(value) || (Array.isArray(value) && value.every((item) => typeof item === 'number'))
    if (isList && list.length === count) return list as ArrayLike<number>
    problems.push(say`tokenizer.ggml.${key}: expected ${count} numbers, got ${describe(value)}`)
    return undefined
  }
  const id = (key: string): number | undefined => {
    const value = get(key)
    if (value === undefined) return undefined
    const number = typeof value === 'number' || typeof value === 'bigint' ? Number(value) : NaN
    // 0xFFFFFFFF (-1) means "none".
    if (number === 0xffffffff || number === -1) return undefined
    if (Number.isInteger(number) && number >= 0 && number < count) return number
    problems.push(say`tokenizer.ggml.${key}: expected an id below ${count}, got ${describe(value)}`)
    return undefined
  }
  const of = <T>(key: string, expected: Phrase, is: (value: unknown) => value is T): T | undefined => {
    const value = get(key)
    if (value === undefined || is(value)) return value
    problems.push(say`tokenizer.ggml.${key}: expected ${expected}, got ${describe(value)}`)
    return undefined
  }
  const flag = (key: string) => of(key, say`true or false`, (value) => typeof value === 'boolean')
  const text = (key: string) => of(key, say`text`, (value) => typeof value === 'string')
  const types = numbers('token_type')
  const merges = of('merges', say`a list of texts`, isTexts)
  const wrongMerge = merges?.find((merge) => merge.split(' ', 3).length < 2)
  if (wrongMerge !== undefined)
    problems.push(say`tokenizer.ggml.merges: expected two texts with a space between them in each, got ${describe(wrongMerge)}`)
  const is = (type: number) => (i: number) => types?.[i] === type
  const model = text('model') ?? ''
  const usual = (key: string): number | undefined => {
    const value = usualIds[model]?.[key]
    if (value === undefined || value >= count) return undefined
    // The usual id of byte-level vocabularies is a control token in Falcon's only, and any token may come first.
    const isSure = model === ggufKinds.sentencePiece && key !== 'unknown_token_id'
    return isSure || is(tokenType.control)(value) || is(tokenType.unknown)(value) ? value : undefined
  }
  const ends = ggufEndKeys.map((key) => id(key) ?? usual(key)).filter((x) => x !== undefined)
  const made: GgufVocabulary = {
    model,
    pre: text('pre'),
    tokens: hasTokens ? tokens : [],
    scores: numbers('scores'),
    merges,
    bos: id('bos_token_id') ?? usual('bos_token_id'),
    eos: [...new Set(ends)],
    pad: id('padding_token_id'),
    unk: id('unknown_token_id') ?? usual('unknown_token_id'),
    addBos: flag('add_bos_token'),
    addEos: flag('add_eos_token'),
    addSpacePrefix: flag('add_space_prefix'),
    isControl: is(tokenType.control),
    isUserDefined: is(tokenType.userDefined),
    isByte: is(tokenType.byte),
    isUnknown: is(tokenType.unknown),
    isUnused: is(tokenType.unused),
  }
  if (problems.length) throw new FormatError(say`${joined(problems, '; ')}. Use a complete GGUF file.`)
  return made
}

const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every((item) => typeof item === 'string')

function describe(value: unknown): PhraseValue {
  if (value === undefined) return say`nothing`
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    const { length } = value as ArrayLike<unknown>
    return length === 1 ? say`1 value` : say`${length} values`
  }
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value).slice(0, 60)
}
