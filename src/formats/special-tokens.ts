// Special tokens that a model's files name: as texts in tokenizer_config.json and special_tokens_map.json, as ids in config.json and
// generation_config.json.
import * as v from 'valibot'
import { check, text } from './json-check'
import type { ModelFile } from './model-file'

type Json = Readonly<Record<string, unknown>>

const token = v.nullish(v.union([text, v.looseObject({ content: text })], 'a token as text, or an object with its content'))
export const specialTokens = { bos_token: token, eos_token: token, unk_token: token, pad_token: token }

/** Ids outside the vocabulary are ignored: -1 means none, and small models keep the ids of large ones. */
const ids = v.nullish(
  v.custom<number | number[]>(
    (input) => (Array.isArray(input) ? input : [input]).every((id) => Number.isSafeInteger(id)),
    'an id, or a list of ids',
  ),
)
const specialIds = v.looseObject({ bos_token_id: ids, eos_token_id: ids, pad_token_id: ids })

/** @throws FormatError if special_tokens_map.json names a token neither as text nor as an object with its content */
export const checkSpecialTokens = (json: Json): void => check('special_tokens_map.json', v.looseObject(specialTokens), json)

/** The special ids of a model. @throws FormatError if one of them is not an id */
export function specialOf(config: Json, generation: Json): ModelFile['special'] {
  check('config.json', specialIds, config)
  check('generation_config.json', specialIds, generation)
  const list = (value: unknown): number[] =>
    (Array.isArray(value) ? value : [value]).filter((id): id is number => Number.isInteger(id) && (id as number) >= 0)
  const eos = list(generation.eos_token_id ?? config.eos_token_id)
  return {
    bos: list(config.bos_token_id ?? generation.bos_token_id)[0],
    eos: eos.length ? eos : undefined,
    pad: list(config.pad_token_id ?? generation.pad_token_id)[0],
  }
}
