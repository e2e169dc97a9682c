// Checks all ids in a tokenizer.json: each needs a row in the model's embedding.
import { FormatError } from '../config/errors'
import { type Phrase, joined, say } from '../config/phrase'

type Json = Record<string, unknown>
type Named = readonly [token: string, id: unknown]

const objectOf = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {})
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** Throws FormatError, which names tokens and ids, if an id is not a whole number from 0 to V - 1; `vocab` = V. */
export function checkTokenIds(json: Json, vocab: number): void {
  const model = objectOf(json.model)
  const wrong = [
    ...problems('model.vocab', vocabulary(model.vocab), vocab),
    // Unigram's unknown token is a place in its vocabulary.
    ...(Array.isArray(model.vocab) ? problems('model', [['unk_id', model.unk_id ?? 0]], Math.min(vocab, model.vocab.length)) : []),
    ...problems(
      'added_tokens',
      listOf(json.added_tokens).map((token) => [String(objectOf(token).content), objectOf(token).id]),
      vocab,
    ),
    ...problems('post_processor', processed(json.post_processor), vocab),
  ]
  if (!wrong.length) return
  const named = joined(wrong.slice(0, 3))
  const got = wrong.length > 3 ? say`${named} and ${wrong.length - 3} more` : named
  throw new FormatError(
    say`tokenizer.json: expected whole numbers from 0 to ${vocab - 1} as ids, as many as the model's embedding has rows, got ${got}. Use the tokenizer.json that belongs to the model.`,
  )
}

function problems(where: string, tokens: readonly Named[], vocab: number): Phrase[] {
  const fits = (id: unknown): boolean => typeof id === 'number' && Number.isInteger(id) && id >= 0 && id < vocab
  return tokens.flatMap(([token, id]) =>
    fits(id) ? [] : [say`${JSON.stringify(id) ?? say`nothing`} for ${JSON.stringify(token)} in ${where}`],
  )
}

/** A vocabulary by text, or by place (Unigram). */
function vocabulary(vocab: unknown): Named[] {
  if (Array.isArray(vocab)) return vocab.map((piece: unknown, id) => [String(listOf(piece)[0] ?? piece), id])
  return Object.entries(objectOf(vocab))
}

/** Tokens that a post-processor puts around a text: of a template, or `sep` and `cls` as BERT has them. */
function processed(node: unknown): Named[] {
  if (typeof node !== 'object' || node === null) return []
  const { processors, special_tokens, sep, cls } = node as Json
  const pairs = [sep, cls].flatMap((pair): Named[] => (Array.isArray(pair) ? [[String(pair[0]), pair[1]]] : []))
  const template = Object.values(objectOf(special_tokens)).flatMap((token) => {
    const { id, ids } = objectOf(token)
    return listOf(ids).map((each): Named => [String(id), each])
  })
  return [...listOf(processors).flatMap(processed), ...template, ...pairs]
}
